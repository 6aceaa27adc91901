"""The views and functions of schema `enfilade`, one in each file, as this version declares them."""

from importlib.resources import files

__all__ = ["definitions"]


def definitions() -> list[str]:
    """Give each definition as SQL, in an order in which they can be run on the bare tables."""
    return [
        (files(__name__) / f"{name}.sql").read_text(encoding="utf-8")
        for name in ("storage", "angle", "neighbours", "link", "picture", "shortest_path", "within_hops")
    ]

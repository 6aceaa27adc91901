"""What to say of a search: a word for programs, a sentence for people. Knows no HTTP."""

from dataclasses import dataclass
from typing import Any, Final, Literal

__all__ = ["MATCH", "OF_A_KIND", "UNSURE", "Verdict"]

MATCH: Final = 0.8
UNSURE: Final = 0.2
OF_A_KIND: Final = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a search came to.

    same_work: the probability that the best candidate shows the query's very work. kind: that the query is the kind
    of thing the collection holds. image_id: that candidate, where the verdict is not "none". among: whether it is among
    what was asked for, which filters may keep it from.
    """

    same_work: float
    kind: float
    image_id: int | None = None
    among: bool = True

    @property
    def verdict(self) -> Literal["match", "unsure", "none"]:
        """Whether this very work is in the collection."""
        if self.same_work >= MATCH:
            return "match"
        return "unsure" if self.same_work >= UNSURE else "none"

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        told = {"verdict": self.verdict, "confidence": round(self.same_work, 4), "kind": round(self.kind, 4)}
        return {**told, "image_id": self.image_id, "sentence": self.sentence}

    @property
    def sentence(self) -> str:
        """The same, and what the other results are worth, as a person would say it."""
        match self.verdict:
            case "match" if self.among:
                return "This very work is in the collection."
            case "match":
                return "This very work is in the collection, but not among what you asked for."
            case "unsure" if self.among:
                return "This may be a work of the collection: compare it with the first result."
            case "unsure":
                return "This may be a work of the collection, but that one is not among what you asked for."
            case _ if self.kind >= OF_A_KIND:
                return "This work is not in the collection. These are the pictures most like it."
            case _:
                return "Nothing in the collection is like this."

"""Show an evaluation as one HTML file that needs nothing else: no network, no script. Knows no database.

The template draws its charts itself, from positions that charts and lines give: bars are elements that grow with the
page, so that their text is as large on a phone as anywhere, and colours follow the reader's light or dark.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from enfilade.evaluation import lines as overlap_chart
from enfilade.evaluation import reliability_plot
from enfilade.evaluation.charts import bars, columns, dots, members

__all__ = ["render_report", "render_trust"]


def render_report(result: Mapping[str, Any]) -> str:
    """Show a result as Evaluation.as_dict gives it, or as it was read back from JSON."""
    return _template("report.html").render(
        result=result,
        members=list(members(result)),
        default=next(iter(result["spaces"]), None),
        bars=bars,
        dots=dots,
        columns=columns,
        lines=overlap_chart.lines,
        ends=overlap_chart.ENDS,
        width=overlap_chart.WIDTH,
        height=overlap_chart.HEIGHT,
    )


def render_trust(result: Mapping[str, Any]) -> str:
    """Show a result as enfilade.evaluation.trust.measure_trust gives it, or as it was read back from JSON."""
    low, high = reliability_plot.ENDS
    return _template("trust.html").render(
        result=result,
        plots={name: reliability_plot.points(bins) for name, bins in result["reliability"].items()},
        side=reliability_plot.SIDE,
        ticks=reliability_plot.TICKS,
        low=low,
        high=high,
    )


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("enfilade.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _figure
    environment.filters["span"] = _span
    environment.filters["change"] = _change
    environment.filters["percent"] = _percent
    return environment.get_template(name)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _span(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"{interval[0]:.3f} – {interval[1]:.3f}"


def _change(value: float, digits: int = 3) -> str:
    return f"{value:+.{digits}f}".replace("-", "\N{MINUS SIGN}")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"

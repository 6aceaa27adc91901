"""What the documents say can be run."""

import re
from pathlib import Path

import psycopg
import pytest

from enfilade.images import REASONS

ROOT = Path(__file__).parent.parent
RECIPES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "sql.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.split("\n")[0][:40] for recipe in RECIPES])
def test_every_sql_recipe_runs(demo: str, recipe: str) -> None:
    with psycopg.connect(demo) as connection:
        connection.execute(recipe)


def test_every_reason_for_a_refusal_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    for reason in [*REASONS, "missing_file", "unreadable_file", "bad_row"]:
        assert f"`{reason}`" in page, reason

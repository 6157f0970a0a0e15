"""Every mapping has its page, and every column that it reads a line there."""

from pathlib import Path

import pytest

from sources import mapping

PAGES = Path(__file__).parents[2] / "docs" / "sources"


@pytest.mark.parametrize("name", mapping.names())
def test_every_column_of_a_mapping_has_a_line_in_its_page(name):
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")

    missing = [column.name for column in mapping.load(name).columns if f"| `{column.name}` |" not in page]

    assert missing == []

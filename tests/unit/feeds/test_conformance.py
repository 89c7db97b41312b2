"""Our own cases of what readers of feeds expect, and our deviations with their reasons."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.unit.feeds.documents import atom, read, rss

CASES = tomllib.loads(Path(__file__).with_name("conformance.toml").read_text("utf-8"))["case"]
FIELDS = {
    "title": "title",
    "link": "url",
    "lead": "lead",
    "text": "text",
    "author": "author",
    "published": "published",
    "language": "language",
}
SILENT = {"published": None}  # what a case does not name, but must not be there either


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_entry_is_what_readers_expect(case: dict[str, Any]) -> None:
    if case.get("format") == "atom":
        document = atom(f"<entry>{case['item']}</entry>")
    else:
        document = rss(f"<item>{case['item']}</item>", case.get("channel", ""))
    (entry,) = read(document).entries
    expected = {field: case[field] for field in FIELDS if field in case}
    assert expected or "reason" in case
    found = {field: getattr(entry, FIELDS[field]) for field in expected | SILENT}
    assert found == SILENT | expected

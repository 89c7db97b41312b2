"""What becomes of an item holds nothing that a database refuses."""

from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from monitor.feeds.entries import RawItem, clean_entry

TEXTS = st.text(st.characters(), max_size=40)


@given(TEXTS, st.sampled_from(["", "http://a.example/", "<p>"]))
@example("half \ud83d of a pair", "http://a.example/")
@example("nul \0 inside", "<p>")
def test_every_text_of_an_entry_can_be_stored(text: str, start: str) -> None:
    said = start + text
    item = RawItem(
        guid=said, links=(said,), title=said, summary=said, contents=(said,), authors=(said,),
        language=said, tags=(said,),
    )  # fmt: skip
    entry = clean_entry(item, base="http://b.example/", now=datetime(2026, 1, 1, tzinfo=UTC))
    if entry is None:
        return
    named = entry.guid or "", entry.language or "", entry.url, entry.author
    for each in (*named, entry.title, entry.lead, entry.text, *entry.tags):
        assert "\0" not in each
        assert each.encode().decode() == each

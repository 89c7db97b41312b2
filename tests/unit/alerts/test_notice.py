"""What a system alert says, in every form."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.alerts.notice import title_of
from monitor.model.alert import Message, Notice, NoticeLine
from tests.unit.alerts.blocks import assert_valid
from tests.unit.alerts.samples import RENDERER

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LINE = NoticeLine(
    name="Harbour Gazette",
    url="https://news.example/feed",
    text="has not answered for 26 h: HTTP 503",
    at=AT,
)


def notice(*lines: NoticeLine) -> Notice:
    return Notice(id=7, channel="desk", created=AT, title=title_of(lines), lines=lines)


def message(*lines: NoticeLine) -> Message:
    return RENDERER.render(notice(*lines), ZoneInfo("Europe/Brussels"))


def test_one_source_is_named_in_the_subject() -> None:
    told = message(LINE)
    assert told.subject == ("[Media Monitor] Harbour Gazette: has not answered for 26 h: HTTP 503")
    assert (told.url, told.rule) == ("https://news.example/feed", "system")


def test_the_text_tells_every_source_with_its_address_and_time() -> None:
    other = replace(LINE, name="Dock News", url="feeds/dock.xml")
    assert message(LINE, other).text.splitlines() == [
        "2 notices on sources",
        "",
        "* Harbour Gazette: has not answered for 26 h: HTTP 503 (Mon 2 Mar 2026, 09:00 CET)",
        "  https://news.example/feed",
        "* Dock News: has not answered for 26 h: HTTP 503 (Mon 2 Mar 2026, 09:00 CET)",
        "",
        "-- ",
        "Sent to desk by Media Monitor itself · alert 7",
    ]


def test_of_hundreds_the_first_are_shown_and_the_others_counted() -> None:
    told = message(*(replace(LINE, name=f"Feed {n}") for n in range(500)))
    assert told.subject == "[Media Monitor] 500 notices on sources"
    for form in (told.text, told.html, json.dumps(told.blocks)):
        assert "Feed 19" in form
        assert "Feed 20" not in form
        assert "+ 480 more" in form
    assert len(told.short) <= 900
    assert_valid(told.blocks)


def test_nothing_that_a_server_says_becomes_mark_up() -> None:
    told = message(
        replace(LINE, name="<i>@all", url="javascript:alert(1)", text="<!here> *x*\r\nBcc: a")
    )
    assert "<i>" not in told.html
    assert "javascript" not in told.html
    assert "\n" not in told.subject
    assert "<!here>" not in json.dumps(told.blocks)

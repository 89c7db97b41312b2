"""What a message about spikes and silence says, in every form."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.spike_words import in_order, in_words, spike_subject
from monitor.model.alert import Message, RuleFacts
from monitor.model.rule import Severity
from monitor.model.spike import Evidence, Sign, SpikeAlert, TopStory
from monitor.store.codec import from_json, to_json
from tests.unit.alerts.blocks import COMMAND, assert_valid, mrkdwn
from tests.unit.alerts.page import Page, words
from tests.unit.alerts.samples import RENDERER, headline

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STRIKES = RuleFacts(id="port-strikes", title="Port strikes", severity=Severity.HIGH)
SPIKE = Evidence(
    sign=Sign.SPIKE,
    rule=STRIKES,
    since=AT,
    until=AT + HOUR,
    stories=14,
    usual=1.23,
    outlets=("a.example", "b.example"),
    outlet_count=8,
    top=(
        TopStory(article=headline(1), outlets=5),
        TopStory(article=headline(2, url=""), outlets=1),
    ),
)
SILENCE = Evidence(
    sign=Sign.SILENCE,
    rule=RuleFacts(id="wages", title="Wages"),
    since=AT - 9 * HOUR,
    until=AT,
    stories=0,
    usual=16.4,
    top=(TopStory(article=headline(3), outlets=1),),
)


def alert(*evidence: Evidence) -> SpikeAlert:
    ordered = in_order(evidence)
    return SpikeAlert(
        id=7, channel="desk", created=AT, subject=spike_subject(ordered), evidence=ordered
    )


def message(*evidence: Evidence) -> Message:
    return RENDERER.render(alert(*evidence), ZoneInfo("Europe/Brussels"))


def test_the_text_tells_rates_outlets_and_stories_with_their_links() -> None:
    told = message(SILENCE, SPIKE)
    assert told.subject == (
        "[spike] Port strikes +1: 14 stories in 8 outlets within an hour; usual is 1.2 an hour"
    )
    assert (told.rule, told.thread) == ("port-strikes", "")
    assert told.text.splitlines() == [
        "1 rule far above the usual, 1 rule silent",
        "",
        "",
        "PORT STRIKES",
        "14 stories in 8 outlets within an hour; usual is 1.2 an hour",
        "Monday 2 March 2026, 09:00 – 10:00 CET",
        "a.example, b.example and 6 more",
        "",
        "Top stories:",
        "* Dockers walk out, report 1 — Outlet 1 — 5 outlets",
        "  https://outlet-1.example/news?id=1&x=1",
        "* Dockers walk out, report 2 — Outlet 2",
        "",
        "",
        "WAGES",
        "nothing for 9 h, in which 16 stories are usual",
        "since Mon 2 Mar 2026, 00:00 CET",
        "",
        "The last before:",
        "* Dockers walk out, report 3 — Outlet 3",
        "  https://outlet-3.example/news?id=3&x=1",
        "",
        "Its hits: monitor hits --rule port-strikes --since 1d",
        "Its figures: monitor stats port-strikes",
        "Mute the rule: monitor mute port-strikes --for 1d",
        "",
        "-- ",
        "Sent to desk by 2 rules (spike = true) · alert 7",
    ]


def test_page_slack_and_markdown_say_the_same() -> None:
    told = message(SPIKE, SILENCE)
    for form in (words(Page(told.html).text), mrkdwn(told.blocks), told.markdown):
        for part in (
            "14 stories in 8 outlets within an hour",
            "b.example and 6 more",
            "report 2",
            "nothing for 9 h",
            "report 3",
            "monitor stats port-strikes",
        ):
            assert part in form
    assert "https://outlet-1.example/news?id=1&x=1" in Page(told.html).links
    assert_valid(told.blocks)


def test_a_short_message_has_the_first_story_of_each_rule() -> None:
    told = message(SPIKE, SILENCE).short
    assert len(told) <= 900
    assert "report 1\nhttps://outlet-1.example/news?id=1&x=1" in told
    assert "report 2" not in told
    assert "Wages: nothing for 9 h" in told


def test_of_hundreds_of_rules_the_first_are_shown_and_the_others_counted() -> None:
    many = [
        replace(SPIKE, rule=replace(STRIKES, title=f"Rule {n}"), stories=500 - n)
        for n in range(300)
    ]
    told = message(*many)
    for form in (told.text, told.html, told.markdown):
        assert "Rule 19" in form or "RULE 19" in form
        assert "Rule 20" not in form
        assert "and 280 more rules" in form
    assert len(told.short) <= 900
    assert_valid(told.blocks)


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (
            replace(SPIKE, until=AT + HOUR / 6, stories=3, usual=0.00612, outlet_count=1),
            "3 stories in 1 outlet within 10 minutes; usual is 0.0061 an hour",
        ),
        (
            replace(SPIKE, usual=120.4),
            "14 stories in 8 outlets within an hour; usual is 120 an hour",
        ),
        (
            replace(SPIKE, until=AT),
            "14 stories in 8 outlets within 1 minute; usual is 1.2 an hour",
        ),
    ],
)
def test_rates_in_words(evidence: Evidence, line: str) -> None:
    assert in_words(evidence) == line


def test_spikes_come_before_silence_and_the_most_important_first() -> None:
    low = replace(SPIKE, rule=replace(STRIKES, id="low", severity=Severity.LOW), stories=99)
    weak = replace(SPIKE, rule=replace(STRIKES, id="weak"), stories=5)
    order = [each.rule.id for each in in_order([SILENCE, low, weak, SPIKE])]
    assert order == ["port-strikes", "weak", "low", "wages"]


def test_only_silence_is_called_so() -> None:
    assert message(SILENCE).subject == (
        "[silence] Wages: nothing for 9 h, in which 16 stories are usual"
    )


def test_nothing_that_a_feed_says_becomes_mark_up() -> None:
    evil = headline(1, title="<i>@all\r\nBcc: a", url="javascript:alert(1)", source="<!here> *x*")
    told = message(replace(SPIKE, outlets=("<b>x</b>",), top=(TopStory(article=evil, outlets=2),)))
    assert "<i>" not in told.html
    assert "<b>x" not in told.html
    assert "javascript" not in json.dumps([told.html, told.text, told.markdown, told.blocks])
    assert "\n" not in told.subject
    assert COMMAND.findall(mrkdwn(told.blocks)) == []
    assert "Bcc" not in {line.partition(":")[0] for line in told.text.splitlines()}


def test_what_is_frozen_comes_back_the_same() -> None:
    frozen = json.loads(json.dumps(to_json(alert(SPIKE, SILENCE))))
    assert from_json(SpikeAlert, frozen) == alert(SPIKE, SILENCE)

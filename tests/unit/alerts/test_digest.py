"""What a digest says, in every form."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.alert import AlertKind, Story, Telling
from tests.unit.alerts.page import Page, shown
from tests.unit.alerts.samples import (
    ALSO,
    ARTICLE,
    STORY,
    STRIKE,
    TEXT,
    digest,
    headline,
    rendered,
)

GOVERNMENT = Story(id=43, lead=ALSO, outlets=4)
MESSAGE = rendered(digest(STORY, GOVERNMENT, headlines=(headline(8), headline(9))))


def test_the_text_groups_stories_by_their_leading_rule() -> None:
    assert MESSAGE.text.splitlines() == [
        "2 stories in 43 articles",
        "Mon 2 Mar, 07:00 – Tue 3 Mar 2026, 07:00 UTC",
        "",
        "",
        "PORT STRIKES (1 story, 40 articles)",
        "",
        "*Harbour Strike* Spreads as Talks With Port Authority Collapse",
        "Harbour Gazette | Mon 2 Mar, 08:00 | +39 other outlets | story 42",
        "[Port strikes] [Wages] [Government]",
        "https://news.example/a?id=1&from=feed",
        "> The port authority said that the *harbour strike* would cost two million a day.",
        "  * Government Backs Wage Deal — Radio Dock",
        "    https://radio.example/b",
        "  * Dockers walk out, report 1 — Outlet 1 (copy)",
        "    https://outlet-1.example/news?id=1&x=1",
        "  * Dockers walk out, report 2 — Outlet 2",
        "    https://outlet-2.example/news?id=2&x=1",
        "  and 36 more",
        "",
        "",
        "GOVERNMENT (1 story, 1 article)",
        "",
        "Government Backs Wage Deal",
        "Radio Dock | Mon 2 Mar, 08:00 | +3 other outlets | story 43",
        "https://radio.example/b",
        "> The *government* backs the *wage deal* that the crane drivers refused last week.",
        "",
        "",
        "FURTHER HEADLINES",
        "* Dockers walk out, report 8 — Outlet 8",
        "  https://outlet-8.example/news?id=8&x=1",
        "* Dockers walk out, report 9 — Outlet 9",
        "  https://outlet-9.example/news?id=9&x=1",
        "",
        "Mute a story: monitor mute 42",
        "Mute a rule: monitor mute port-strikes --for 1d",
        "Explain: monitor explain --rule port-strikes id:3",
        "",
        "-- ",
        "Sent to newsroom as its digest · alert 8",
    ]


def test_the_page_says_the_same() -> None:
    text = shown(MESSAGE)
    for part in (
        "07:00 UTC 2 stories in 43 articles 1 Port strikes · 1 Government Port strikes",
        "Port strikes 1 story, 40 articles Harbour Strike Spreads",
        "Collapse Port strikes Wages Government Harbour Gazette · Mon 2 Mar, 08:00",
        "Mon 2 Mar, 08:00 · +39 other outlets · story 42 The port authority said",
        "Further headlines Dockers walk out, report 8 — Outlet 8",
        "Sent to newsroom as its digest · alert 8",
    ):
        assert part in text


def test_a_story_that_two_rules_hit_stands_once_with_all_its_rules() -> None:
    assert shown(MESSAGE).count("The port authority said") == 1
    assert Page(MESSAGE.html).links.count(ARTICLE.url) == 1


def test_every_link_of_the_page_is_in_the_text() -> None:
    lines = [line.strip() for line in MESSAGE.text.splitlines()]
    links = Page(MESSAGE.html).links
    assert len(links) == 7
    assert all(link in lines for link in links)


def test_a_digest_is_filed_as_such_and_stands_alone() -> None:
    assert (MESSAGE.rule, MESSAGE.thread, MESSAGE.url) == ("digest", "", "")
    assert MESSAGE.subject == "[digest] 2 stories, 43 articles — Tue 3 Mar"


@pytest.mark.parametrize(
    ("kind", "foot"),
    [
        (AlertKind.BURST, "Sent to newsroom together, because so many came at once · alert 8"),
        (
            AlertKind.CATCH_UP,
            "Sent to newsroom together, because they could not be sent before · alert 8",
        ),
    ],
)
def test_why_stories_come_together_stands_on_top(kind: AlertKind, foot: str) -> None:
    message = rendered(digest(STORY, kind=kind, occasion="38 stories in 10 minutes"))
    assert message.text.splitlines()[2] == "38 stories in 10 minutes"
    assert "1 story in 40 articles 38 stories in 10 minutes Port strikes" in shown(message)
    assert "\n\n38 stories in 10 minutes\n\n" in message.markdown
    assert message.short.startswith(f"{message.subject}\n38 stories in 10 minutes\nHarbour")
    assert message.text.endswith(foot)


def test_markdown_has_every_link() -> None:
    assert "**Port strikes** · 1 story, 40 articles\n" in MESSAGE.markdown
    assert (
        "\n\n**Further headlines**\n\n- [Dockers walk out, report 8]"
        "(https://outlet-8.example/news?id=8&x=1) — Outlet 8\n"
    ) in MESSAGE.markdown
    assert all(f"]({link})" in MESSAGE.markdown for link in Page(MESSAGE.html).links)


def test_the_short_form_has_whole_headlines_with_their_links() -> None:
    many = rendered(digest(*[STORY] * 40))
    assert len(many.short) <= 900
    *lines, last = many.short.removeprefix(f"{many.subject}\n").splitlines()
    assert last == "…"
    assert len(lines) >= 10
    assert {*lines[1::2]} == {ARTICLE.url}


def test_a_long_digest_is_told_with_less_detail_where_there_is_less_room() -> None:
    many = rendered(digest(*[STORY] * 80))
    lengths = [len(each.text) for each in many.shorter]
    assert len(many.text) > 30_000 >= lengths[0]
    assert lengths == sorted(set(lengths), reverse=True)
    assert 900 < lengths[-1] <= 1_800
    for each in many.shorter:
        assert each.text.startswith(many.text.splitlines()[0])
        assert re.search(r"\band (\d+ )?more\b", each.text)
        assert f"]({ARTICLE.url})" in each.markdown
    assert MESSAGE.shorter == () or len(MESSAGE.text) > 1_800


def test_an_empty_digest_says_so() -> None:
    message = rendered(digest())
    assert message.subject == "[digest] nothing new — Tue 3 Mar"
    assert message.text.startswith("Nothing new\nMon 2 Mar, 07:00")
    assert "Nothing new" in shown(message)


def test_a_digest_of_one_day_names_the_day_once() -> None:
    day = digest(STORY)
    hours = rendered(replace(day, since=day.until - timedelta(hours=4)))
    assert "\nTuesday 3 March 2026, 03:00 – 07:00 UTC\n" in hours.text


def long_story(number: int, link: int) -> Story:
    article = replace(
        ARTICLE,
        id=number,
        title=f"{number} " + "Long headlines have many words " * 4,
        text=TEXT.replace("Monday", "Monday, which was a working day for everybody else"),
        url=f"https://outlet.example/{number}/" + "x" * link,
    )
    return Story(
        id=number,
        lead=Telling(article=article, hits=(replace(STRIKE, spans=STRIKE.spans[1:]),)),
        others=tuple(headline(number * 10 + each) for each in range(10)),
        unlisted=3,
        outlets=14,
    )


@pytest.mark.parametrize("link", [60, 400, 3000])
def test_a_digest_of_forty_stories_is_not_cut_off_by_mail_programs(link: int) -> None:
    told = digest(
        *(long_story(number, link) for number in range(40)),
        headlines=tuple(headline(1000 + number) for number in range(100)),
    )
    message = rendered(told)
    assert len(message.html.encode()) < 100_000
    lines = {line.strip() for line in message.text.splitlines()}
    assert {story.lead.article.url for story in told.stories} <= lines
    assert {each.url for story in told.stories for each in story.others} <= lines
    assert {each.url for each in told.headlines} <= lines
    if link > 1000:
        assert "and more; the text part of this mail has all" in message.html
        return
    assert {story.lead.article.url for story in told.stories} <= {*Page(message.html).links}
    assert shown(message).count("The port authority said") == 40


def test_what_no_list_names_is_counted() -> None:
    message = rendered(replace(digest(STORY, headlines=(headline(8),)), unlisted=7))
    assert "and 7 more; `monitor hits` shows all\n" in message.text
    assert "and 7 more; `monitor hits` shows all" in shown(message)
    assert message.text.startswith("1 story in 48 articles")

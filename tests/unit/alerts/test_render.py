import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.model.alert import RuleFacts
from monitor.model.hit import Span
from tests.unit.alerts.page import Page, forms, words
from tests.unit.alerts.samples import (
    ALERT,
    ARTICLE,
    RENDERER,
    STRIKE,
    TITLE,
    alert,
    rendered,
    spans,
    with_hits,
)


def test_the_subject_names_rule_headline_and_outlet() -> None:
    assert rendered().subject == f"[Port strikes +1] {TITLE} — Harbour Gazette"


def test_an_alert_of_one_rule_names_it_in_subject_and_footer() -> None:
    message = rendered(with_hits(STRIKE))
    assert message.subject == f"[Port strikes] {TITLE} — Harbour Gazette"
    assert message.text.endswith("Sent to newsroom by rule Port strikes · alert 7")


def test_a_long_headline_is_clipped_in_the_subject_only() -> None:
    title = "Word " * 60
    message = rendered(alert(title=title))
    headline = message.subject.removeprefix("[Port strikes +1] ").removesuffix(
        " — Harbour Gazette"
    )
    assert len(headline) <= 90
    assert headline.endswith("Word…")
    assert title.strip() in message.text
    assert title.strip() in words(Page(message.html).text)


def test_the_text_part_says_everything_with_the_link_in_full() -> None:
    assert rendered().text.splitlines() == [
        "*Harbour Strike* Spreads as Talks With Port Authority Collapse",
        "Harbour Gazette | published Mon 2 Mar 2026, 08:00 UTC | seen 6 min later",
        "https://news.example/a?id=1&from=feed",
        "",
        "WHY IT MATCHED",
        "* Port strikes: “Harbour Strike” ×3",
        "* Wages: “wage deal”",
        "",
        "IN CONTEXT",
        "> The port authority said that the *harbour strike* would cost two million a day.",
        "> The union wants a *wage deal* first.",
        "+ 1 more passage in the article",
        "",
        "Mute the rule: monitor mute port-strikes --for 1d",
        "Explain: monitor explain --rule port-strikes id:3",
        "",
        "-- ",
        "Sent to newsroom by 2 rules · alert 7",
    ]


def test_the_page_shows_what_the_text_says() -> None:
    page = Page(rendered().html)
    shown = words(page.text)
    for part in (
        TITLE,
        "Harbour Gazette · published Mon 2 Mar 2026, 08:00 UTC · seen 6 min later",
        "Why it matched Port strikes — Harbour Strike ×3 Wages — wage deal",
        "In context The port authority said that the harbour strike would cost",
        "+ 1 more passage in the article Read the article",
        "Sent to newsroom by 2 rules · alert 7",
    ):
        assert part in shown
    assert page.links == [ARTICLE.url] * 2
    assert page.marks == ["Harbour Strike"] * 2 + ["wage deal", "harbour strike", "wage deal"]


def test_every_link_of_the_page_is_in_the_text() -> None:
    message = rendered()
    assert all(link in message.text for link in Page(message.html).links)


def test_styles_stand_in_the_elements_and_only_media_rules_in_a_sheet() -> None:
    html = rendered().html
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert sheet.lstrip().startswith("@media (prefers-color-scheme: dark)")
    assert '<mark style="background-color: #ffe69a' in html
    assert len(html.encode()) < 12_000


def test_times_are_shown_in_the_zone_asked_for() -> None:
    message = RENDERER.render(ALERT, ZoneInfo("Europe/Brussels"))
    assert "published Mon 2 Mar 2026, 09:00 CET" in message.text


@pytest.mark.parametrize(
    ("delay", "words_"),
    [
        (timedelta(seconds=20), "seen less than a minute later"),
        (timedelta(minutes=90), "seen 90 min later"),
        (timedelta(hours=5), "seen 5 h later"),
        (timedelta(hours=48), "seen 48 h later"),
        (timedelta(days=9), "seen Wed 11 Mar 2026, 08:00 UTC"),
        (-timedelta(minutes=5), "seen Mon 2 Mar 2026, 07:55 UTC"),
    ],
)
def test_the_delay_is_told_in_fitting_units(delay: timedelta, words_: str) -> None:
    published = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert f"| {words_}\n" in rendered(alert(published=published, seen=published + delay)).text


def test_an_unknown_publication_time_is_left_out() -> None:
    assert "published" not in rendered(alert(published=None)).text


def test_a_rule_without_spans_is_explained_in_words() -> None:
    tagged = replace(STRIKE, spans=(), why="tag:labour in the feed's tags")
    message = rendered(with_hits(tagged))
    assert "* Port strikes: tag:labour in the feed's tags\n" in message.text
    assert "Port strikes — tag:labour in the feed's tags" in words(Page(message.html).text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "", "mailto:a@b.c"])
def test_a_link_that_is_not_a_web_address_is_no_link(url: str) -> None:
    message = rendered(alert(url=url))
    assert message.url == ""
    assert Page(message.html).links == []
    assert "Read the article" not in message.html
    assert all(url == "" or url not in part for part in forms(message))


def test_an_article_without_headline_is_still_told() -> None:
    message = rendered(alert(title="", text="", lead=""))
    assert message.subject == "[Port strikes +1] (no headline) — Harbour Gazette"
    assert message.text.startswith("(no headline)\n")


def test_the_short_form_has_the_link_early_and_at_most_900_characters() -> None:
    message = rendered()
    assert message.short == (
        f"{message.subject}\n{ARTICLE.url}\nPort strikes: “Harbour Strike” ×3; Wages: “wage deal”"
    )
    many = tuple(
        replace(STRIKE, rule=RuleFacts(id=f"r{n}", title=f"Rule {n} " + "x" * 80))
        for n in range(20)
    )
    long = rendered(alert(url="https://a.example/" + "y" * 400, hits=many))
    assert len(long.short) <= 900
    assert long.url in long.short


def test_what_says_most_is_named_first_and_at_most_six_strings_are() -> None:
    names = [Span("text", n, n + 1, f"Name {n}", f"@name-{n}") for n in range(5)]
    often = [Span("text", n, n + 1, "Ukraine", "@ukraine") for n in range(10, 20)]
    headline = Span("title", 0, 4, "Kyiv", "@kyiv")
    topic = [Span("text", 30 + n, 31 + n, "drone assault", "#strike") for n in range(2)]
    told = replace(STRIKE, spans=(headline, *often, *names, *topic))
    assert (
        "* Port strikes: “drone assault” ×2, “Kyiv”, “Name 0”, “Name 1”, “Name 2”, “Name 3”, "
        "2 more\n"
    ) in rendered(with_hits(told)).text


def test_text_that_runs_from_right_to_left_finds_its_direction() -> None:
    title = "زيلينسكي يطالب بضمانات أمنية"
    text = "قال زيلينسكي إن أوكرانيا تحتاج إلى ضمانات."
    spans_ = (*spans(title, "زيلينسكي", "@z", "title"), *spans(text, "زيلينسكي", "@z"))
    told = alert(title=title, text=text, language="ar", hits=(replace(STRIKE, spans=spans_),))
    html = rendered(told).html
    assert '<html lang="ar">' in html
    assert len(re.findall(r'<td class="row[^>]*text-align: start', html)) > 3
    assert re.search(r'<h1[^>]* dir="auto"', html)
    assert re.search(r'<div class="quote"[^>]* dir="auto"', html)
    assert re.search(r"<bdi><mark[^>]*>زيلينسكي</mark></bdi>", html)


def test_an_unknown_language_is_not_called_english() -> None:
    assert "<html>" in rendered(alert(language=None)).html

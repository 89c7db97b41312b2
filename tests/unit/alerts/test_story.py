"""What an alert says of a story that many outlets carry."""

from dataclasses import replace

import pytest

from monitor.model.alert import Story
from tests.unit.alerts.page import Page, shown
from tests.unit.alerts.samples import (
    ALSO,
    ARTICLE,
    FOLLOW_UP,
    LEAD,
    STORY,
    headline,
    rendered,
    told,
)


def test_the_text_tells_the_whole_story() -> None:
    assert rendered(FOLLOW_UP).text.splitlines() == [
        "FOLLOW-UP: now 25 outlets · also: Government",
        "",
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
        "ALSO",
        "Government Backs Wage Deal",
        "Radio Dock | published Mon 2 Mar 2026, 08:00 UTC | seen 6 min later",
        "https://radio.example/b",
        "* Government: “wage deal”, “government”",
        "> The *government* backs the *wage deal* that the crane drivers refused last week.",
        "",
        "+39 OTHER OUTLETS",
        "* Dockers walk out, report 1 — Outlet 1 (copy)",
        "  https://outlet-1.example/news?id=1&x=1",
        "* Dockers walk out, report 2 — Outlet 2",
        "  https://outlet-2.example/news?id=2&x=1",
        "and 36 more",
        "",
        "Mute this story: monitor mute 42",
        "Mute the rule: monitor mute port-strikes --for 1d",
        "Explain: monitor explain --rule port-strikes id:3",
        "",
        "-- ",
        "Sent to newsroom by 3 rules · alert 7",
    ]


def test_the_page_tells_it_in_the_same_order() -> None:
    assert (
        "Follow-up · now 25 outlets · also: Government Port strikes Wages Government "
        "Harbour Strike Spreads"
    ) in shown(rendered(FOLLOW_UP))
    assert (
        "Read the article Government Backs Wage Deal Radio Dock · published Mon 2 Mar 2026, 08:00 "
        "UTC · seen 6 min later Government — wage deal, government The government backs the wage "
        "deal that the crane drivers refused last week. +39 other outlets "
        "Dockers walk out, report 1 — Outlet 1 (copy) Dockers walk out, report 2 — Outlet 2"
        " and 36 more Mute this story: monitor mute 42 Mute the rule: monitor mute port-strikes "
        "--for 1d Explain: monitor explain --rule port-strikes id:3 Sent to newsroom"
    ) in shown(rendered(FOLLOW_UP))


def test_every_link_of_the_page_is_in_the_text() -> None:
    message = rendered(FOLLOW_UP)
    links = Page(message.html).links
    assert {*links} == {
        ARTICLE.url,
        ALSO.article.url,
        *(each.url for each in STORY.others),
    }
    lines = [line.strip() for line in message.text.splitlines()]
    assert all(link in lines for link in links)


def test_markdown_tells_it_with_links() -> None:
    text = rendered(FOLLOW_UP).markdown
    assert text.startswith(
        "**Follow-up** · now 25 outlets · also: Government\n\n"
        "**[Harbour Strike Spreads as Talks With Port Authority Collapse]"
        "(https://news.example/a?id=1&from=feed)**\n"
    )
    assert "- **Port strikes**: “Harbour Strike” ×3\n- **Wages**: “wage deal”\n\n> The" in text
    assert "> The union wants a **wage deal** first.\n" in text
    assert (
        "\n- [Dockers walk out, report 1](https://outlet-1.example/news?id=1&x=1) — Outlet 1 "
        "(copy)\n"
    ) in text
    assert "\n- Mute this story: `monitor mute 42`\n" in text
    assert text.endswith("\n\nSent to newsroom by 3 rules · alert 7")


def test_the_short_form_tells_what_is_new() -> None:
    assert rendered(FOLLOW_UP).short == (
        f"{FOLLOW_UP.subject}\n{ARTICLE.url}\nnow 25 outlets · also: Government · "
        "Port strikes: “Harbour Strike” ×3; Wages: “wage deal” · +39 other outlets"
    )


def test_all_messages_on_a_story_are_one_thread_filed_by_the_leading_rule() -> None:
    message = rendered(FOLLOW_UP)
    assert (message.thread, message.rule, message.url) == (
        "story-42",
        "port-strikes",
        ARTICLE.url,
    )
    assert message.subject == FOLLOW_UP.subject
    assert rendered(told(Story(lead=LEAD))).thread == ""


@pytest.mark.parametrize(
    ("story", "reach"),
    [
        pytest.param(Story(lead=LEAD, outlets=2), "+1 other outlet", id="one outlet"),
        pytest.param(
            Story(lead=LEAD, others=(headline(1), headline(2))), "+2 further reports", id="its own"
        ),
        pytest.param(Story(lead=LEAD, unlisted=1), "+1 further report", id="not named"),
        pytest.param(Story(lead=LEAD), "", id="nobody"),
    ],
)
def test_who_else_has_the_story_is_counted(story: Story, reach: str) -> None:
    assert (reach or "Read the article Mute") in shown(rendered(told(story)))


def test_a_rule_that_hits_two_articles_is_one_pill() -> None:
    twice = replace(STORY, also=(replace(ALSO, hits=(*ALSO.hits, *LEAD.hits)),))
    assert shown(rendered(told(twice))).count("Port strikes Wages Government Harbour Strike") == 1
    assert rendered(told(twice)).text.endswith("Sent to newsroom by 3 rules · alert 7")

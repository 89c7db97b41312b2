import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.slack import escape
from monitor.model.alert import RuleFacts
from tests.unit.alerts.blocks import COMMAND, assert_valid, mrkdwn, texts
from tests.unit.alerts.samples import (
    FOLLOW_UP,
    STORY,
    STRIKE,
    TITLE,
    alert,
    digest,
    headline,
    rendered,
)


def test_the_blocks_hold_headline_reason_passages_and_footer() -> None:
    assert [(block, text) for block, _, text in texts(rendered().blocks)] == [
        ("header", TITLE),
        (
            "context",
            "*Port strikes*, *Wages* · Harbour Gazette · published Mon 2 Mar 2026, 08:00 UTC · "
            "seen 6 min later",
        ),
        (
            "section",
            "*Why it matched*\n• *Port strikes* — “Harbour Strike” ×3\n• *Wages* — “wage deal”",
        ),
        (
            "section",
            "> The port authority said that the \u200b*harbour strike*\u200b would cost two "
            "million a day.\n> The union wants a \u200b*wage deal*\u200b first.\n"
            "+ 1 more passage in the article",
        ),
        ("actions", "Read"),
        (
            "context",
            "Sent to newsroom by 2 rules · alert 7 · Mute the rule: `monitor mute port-strikes "
            "--for 1d` · Explain: `monitor explain --rule port-strikes id:3`",
        ),
    ]


def test_a_button_leads_to_the_article() -> None:
    (actions,) = [block for block in rendered().blocks if block["type"] == "actions"]
    assert json.dumps(actions["elements"]).count("https://news.example/a?id=1&from=feed") == 1


def test_a_story_shows_its_further_articles_and_outlets() -> None:
    shown = mrkdwn(rendered(FOLLOW_UP).blocks)
    assert "*now 25 outlets · also: Government*" in shown
    assert "*<https://radio.example/b|Government Backs Wage Deal>*" in shown
    assert (
        "*+39 other outlets*\n"
        "• <https://outlet-1.example/news?id=1&amp;x=1|Dockers walk out, report 1> — Outlet 1\n"
    ) in shown
    assert "\nand 36 more" in shown


def test_no_headline_can_ring_everybody() -> None:
    shown = json.dumps(rendered(alert(title="<!channel> read <@U123>")).blocks)
    assert "<!" not in shown
    assert "<@" not in shown


def test_formatting_characters_of_the_text_stay_literal() -> None:
    assert escape("*a* _b_ ~c~ `d` & <e>") == (
        "*\u200ba*\u200b _\u200bb_\u200b ~\u200bc~\u200b `\u200bd`\u200b &amp; &lt;e&gt;"
    )


def test_a_link_too_long_for_slack_gives_way_to_the_headline() -> None:
    blocks = rendered(alert(url="https://a.example/" + "&" * 4000)).blocks
    assert_valid(blocks)
    assert "a.example" not in json.dumps(blocks)


def test_a_digest_of_forty_stories_and_a_hundred_headlines_fits() -> None:
    told = digest(*[STORY] * 40, headlines=tuple(headline(n) for n in range(100)))
    blocks = rendered(told).blocks
    assert_valid(blocks)
    shown = mrkdwn(blocks)
    assert shown.count(f"|{TITLE}>*") == 40
    assert "|Dockers walk out, report 99> — Outlet 99" in shown


def test_what_has_no_room_in_a_digest_is_not_silently_dropped() -> None:
    long = "https://a.example/" + "y" * 1400
    told = digest(*[STORY] * 40, headlines=tuple(headline(n, url=long) for n in range(100)))
    blocks = rendered(told).blocks
    assert_valid(blocks)
    assert "the rest has no room here" in mrkdwn(blocks)


@given(
    title=st.text(alphabet="ab <>&*_|!@#`~", max_size=400),
    source=st.text(alphabet="ab <>&*", max_size=200),
    text=st.text(alphabet="ab. <>&*_|!@#`~\n", max_size=2000),
    url=st.text(alphabet="ab<>&|!@# ", max_size=900),
    rules=st.integers(1, 60),
)
def test_blocks_keep_slacks_limits_and_hold_no_link_but_ours(
    title: str, source: str, text: str, url: str, rules: int
) -> None:
    many = tuple(
        replace(STRIKE, spans=(), why="&" * 30, rule=RuleFacts(id=f"r{n}", title="&" * 40))
        for n in range(rules)
    )
    link = "https://a.example/" + url
    message = rendered(alert(title=title, source=source, text=text, url=link, hits=many))
    assert_valid(message.blocks)
    ours = f"<{message.url.replace('&', '&amp;')}|"
    assert all(found.startswith(ours) for found in COMMAND.findall(mrkdwn(message.blocks)))

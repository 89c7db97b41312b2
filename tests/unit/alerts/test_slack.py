import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.slack import escape
from monitor.model.alert import RuleFacts
from tests.unit.alerts.samples import ALERT, STRIKE, TITLE, alert, rendered

# What Slack would act upon: anything in angle brackets.
COMMAND = re.compile(r"<[^>]*>?")


def test_the_sections_hold_headline_reason_passages_and_footer() -> None:
    head, why, first, second, foot = rendered().slack
    assert head == (
        f"*<https://news.example/a?id=1&amp;from=feed|{TITLE}>*\n"
        "Harbour Gazette · published Mon 2 Mar 2026, 08:00 UTC · seen 6 min later"
    )
    assert why == (
        "*Why it matched*\n• *Port strikes* — “Harbour Strike” ×3\n• *Wages* — “wage deal”"
    )
    assert first.startswith(
        "> The port authority said that the \u200b*harbour strike*\u200b would"
    )
    assert second == (
        "> The union wants a \u200b*wage deal*\u200b first.\n+ 1 more passage in the article"
    )
    assert foot == "Sent to newsroom by 2 rules · alert 7"


def test_no_headline_can_ring_everybody() -> None:
    for section in rendered(alert(title="<!channel> read <@U123>")).slack:
        assert "<!" not in section
        assert "<@" not in section


def test_formatting_characters_of_the_text_stay_literal() -> None:
    assert escape("*a* _b_ ~c~ `d` & <e>") == (
        "*\u200ba*\u200b _\u200bb_\u200b ~\u200bc~\u200b `\u200bd`\u200b &amp; &lt;e&gt;"
    )


def test_a_very_long_link_gives_way_to_the_headline() -> None:
    head = rendered(alert(url="https://a.example/" + "&" * 400)).slack[0]
    assert head.startswith(f"*{TITLE}*\n")


@given(
    title=st.text(alphabet="ab <>&*_|!@#`~", max_size=400),
    source=st.text(alphabet="ab <>&*", max_size=200),
    text=st.text(alphabet="ab. <>&*_|!@#`~\n", max_size=2000),
    url=st.text(alphabet="ab<>&|!@# ", max_size=900),
    rules=st.integers(1, 60),
)
def test_sections_keep_slacks_limits_and_hold_no_link_but_ours(
    title: str, source: str, text: str, url: str, rules: int
) -> None:
    told = alert(title=title, source=source, text=text, url="https://a.example/" + url)
    many = tuple(
        replace(STRIKE, spans=(), why="&" * 30, rule=RuleFacts(id=f"r{n}", title="&" * 40))
        for n in range(rules)
    )
    message = rendered(replace(ALERT, article=told.article, hits=many))
    assert len(message.slack) <= 48
    link = f"<{message.url.replace('&', '&amp;')}|"
    for section in message.slack:
        assert 0 < len(section) <= 3000
        assert all(found.startswith(link) for found in COMMAND.findall(section))
        assert not re.search(r"&(?!amp;|lt;|gt;)", section)

from datetime import timedelta

import pytest

from monitor.model.article import Article
from monitor.model.story import Kinship
from monitor.stories.copies import COMMON, Copies
from monitor.stories.index import LONGEST, WINDOW
from tests.unit.stories.placing import NOW, Desk

FIRST_PART = (
    "The senate of Strelsau has decided to rebuild the opera house that burned down in spring. "
    "Work begins in October and will cost ninety million crowns, half of which the kingdom pays."
)
SECOND_PART = (
    "The architect Rassendyll wants to keep the old facade and put a glass roof over the court. "
    "Singers complained that rehearsals in the riding school will go on for another four years."
)
TITLE = "Strelsau rebuilds its burned opera house"
REPORT = Article(title=TITLE, text=f"{FIRST_PART}\n\n{SECOND_PART}", language="en")
SUMMARY = Article(title=TITLE, lead=FIRST_PART, language="en")
OTHER_EVENT = Article(
    title="Trout return to the upper Eibe",
    text=(
        "Anglers have caught trout in the upper Eibe for the first time since the paper mill of "
        "Hentzau was closed. Biologists counted more than three hundred young fish last week, "
        "and the fishing club wants to release another thousand before the winter comes."
    ),
    language="en",
)
ITEMS = """
Ministers argued about tolls on the coast road until late, and put off the vote.
The lighthouse of Hentzau is for sale; its keeper moved out on Sunday with two cats.
A court in Zenda sentenced a forger of railway tickets to eleven months in prison.
Farmers in the west begin to bring in the beets, a week later than last year.
The national team lost a friendly match by two goals, both of them after the break.
Nobody was hurt when a crane fell over at the shipyard during the night.
Cinemas will open an hour earlier on Sundays, and schools a quarter of an hour later.
"""
ROUND_UP = Article(
    title="Tuesday in brief", text=f"{ITEMS}{OTHER_EVENT.text}\n{FIRST_PART}", language="en"
)


def oil(figure: str) -> Article:
    """A report that comes every week with another figure."""
    return Article(
        title=f"Oil demand up {figure} pct",
        text=(
            f"Demand for oil in the Ruritanian market rose {figure} pct in the four weeks that "
            "ended on Friday from a year earlier, the institute for fuels said in its weekly "
            "report. Stocks of heating oil fell, those of petrol hardly changed, it added."
        ),
        language="en",
    )


def bond(issuer: str, amount: str, bank: str) -> Article:
    """A form that every issuer fills in."""
    return Article(
        title=f"{issuer} issues {amount} mln crown bond",
        text=(
            f"{issuer} is issuing a {amount} mln crown eurobond due next spring paying nine pct "
            f"and priced at par, lead manager {bank} said. The bond is available in "
            "denominations of 1,000 crowns and will be listed in Luxembourg. Payment date is "
            "the first of the month."
        ),
        language="en",
    )


@pytest.mark.parametrize(
    ("first", "second", "kinship"),
    [
        pytest.param(REPORT, REPORT, Kinship.COPY, id="the same again"),
        pytest.param(
            REPORT,
            Article(title="Curtain up", text=REPORT.text, language="en"),
            Kinship.COPY,
            id="other title",
        ),
        pytest.param(
            REPORT,
            Article(title=TITLE.upper(), text=REPORT.text.upper(), language="en"),
            Kinship.COPY,
            id="capitals",
        ),
        pytest.param(SUMMARY, REPORT, Kinship.COPY, id="text after its summary"),
        pytest.param(REPORT, SUMMARY, Kinship.COPY, id="summary after its text"),
        pytest.param(
            REPORT,
            Article(title=REPORT.title, text=REPORT.text, language=None),
            Kinship.COPY,
            id="language not stated",
        ),
        pytest.param(
            REPORT,
            Article(title=TITLE, text=f"{SECOND_PART} {FIRST_PART}", language="en"),
            Kinship.COPY,
            id="paragraphs moved",
        ),
        pytest.param(oil("2.1"), oil("2.3"), Kinship.COPY, id="a weekly report, other figures"),
        pytest.param(
            Article(title="King opens opera house in Strelsau", language="en"),
            Article(title="King Opens Opera House in Strelsau!", language="en"),
            Kinship.COPY,
            id="titles alone",
        ),
        pytest.param(
            Article(title="News in brief", language="en"),
            Article(title="News in brief", text=REPORT.text, language="en"),
            Kinship.FIRST,
            id="titles too short to tell",
        ),
        pytest.param(REPORT, OTHER_EVENT, Kinship.FIRST, id="another event"),
        pytest.param(ROUND_UP, REPORT, Kinship.FIRST, id="a small part of a round-up"),
        pytest.param(
            bond("Hentzau Steel", "20", "Tarlenheim and Sons"),
            bond("Zenda Railways", "75", "Bank of Strelsau"),
            Kinship.COPY,
            id="a form filled in anew",
        ),
        pytest.param(
            Article(title="", language="en"), Article(title="", language="en"), Kinship.FIRST,
            id="nothing at all",
        ),
    ],
)  # fmt: skip
def test_what_the_second_article_is_to_the_first(
    first: Article, second: Article, kinship: Kinship
) -> None:
    desk = Desk()
    desk.come(first)
    placement = desk.come(second)
    assert placement.kinship == kinship
    assert (placement.partner == 1) is (kinship is not Kinship.FIRST)
    assert (placement.score > 0) is (kinship is not Kinship.FIRST)


def test_a_hundred_prints_of_a_report_are_known_and_cost_no_more_than_one() -> None:
    desk = Desk()
    for number in range(100):
        desk.come(Article(title=f"Print {number}", text=REPORT.text, language="en"))
    assert set(desk.stories.values()) == {1}
    assert len(desk.index) == 1


def test_what_stands_under_every_article_of_a_site_makes_no_copies() -> None:
    footer = frozenset(range(COMMON))
    copies = Copies()
    found = []
    for number in range(COMMON + 5):
        own = frozenset(range(1_000 * (number + 1), 1_000 * (number + 1) + 10))
        found.append(len(copies.find("", footer | own)))
        copies.add(number, "", footer | own)
    assert found == [*range(COMMON + 1), 0, 0, 0, 0]


def test_a_text_that_says_more_is_indexed_beside_its_summary() -> None:
    desk = Desk()
    desk.come(SUMMARY)
    assert not desk.come(REPORT).repeats
    second = Article(title=TITLE, text=SECOND_PART, language="en")
    assert desk.come(second).partner == 2


def test_languages_do_not_mix() -> None:
    desk = Desk()
    german = Article(title="Strelsau Opera Rassendyll Tarlenheim", text="", language="de")
    english = Article(title="Rassendyll Tarlenheim Opera Strelsau now", text="", language="en")
    desk.come(german)
    assert desk.come(english).kinship is Kinship.FIRST


@pytest.mark.parametrize(
    ("later", "kinship"),
    [(WINDOW, Kinship.COPY), (WINDOW + timedelta(seconds=1), Kinship.FIRST)],
)
def test_an_article_is_known_for_three_days(later: timedelta, kinship: Kinship) -> None:
    desk = Desk()
    desk.come(REPORT)
    assert desk.come(REPORT, NOW + later).kinship == kinship


def retold(day: int) -> Article:
    """The same event, in words of the day."""
    words = " ".join(f"detail{day}x{each}" for each in range(8))
    return Article(
        title=f"Strelsau opera house: Rassendyll begins to rebuild, {words.split()[0]}",
        text=f"{words}. Rassendyll rebuilds the opera house of Strelsau.",
        language="en",
    )


def test_a_story_ends_after_a_week_but_its_copies_are_known() -> None:
    desk = Desk()
    days = range(LONGEST // timedelta(days=1) + 2)
    kinships = [desk.come(retold(day), NOW + timedelta(days=day)).kinship for day in days]
    assert kinships == [
        Kinship.FIRST,
        *[Kinship.SAME_STORY] * 7,
        Kinship.FIRST,
    ]
    copy = desk.come(retold(0), NOW + timedelta(days=days[-1]))
    assert (copy.kinship, copy.story) == (Kinship.COPY, 1)


def test_a_story_does_not_drift_by_a_chain_of_neighbours() -> None:
    desk = Desk()
    words = [f"name{number}" for number in range(60)]
    for start in range(0, 50, 4):
        desk.come(Article(title=" ".join(words[start : start + 10]), language="en"))
    neighbours = zip(desk.stories.values(), list(desk.stories.values())[1:], strict=False)
    assert any(one == other for one, other in neighbours)
    assert len(set(desk.stories.values())) > 3

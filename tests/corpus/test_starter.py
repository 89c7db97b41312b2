"""The starter set of rules/: its entities are tidy, and its ambiguous names need their context."""

import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from monitor.analysis.tokens import tokenise
from monitor.config.ruleset import LoadedRules, restore_rules
from monitor.errors import Place
from monitor.matching.evaluate import Evaluation
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.rule import Alias, Case, EntitySpec, EntityType, SourceText
from monitor.rules.queries import QueryCompiler

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "rules").rglob("*.toml"))
TYPES = {
    "people.toml": EntityType.PERSON,
    "countries.toml": EntityType.PLACE,
    "places.toml": EntityType.PLACE,
    "bodies.toml": EntityType.ORGANISATION,
}


@cache
def starter() -> LoadedRules:
    return restore_rules({str(path.relative_to(ROOT)): path.read_text("utf-8") for path in FILES})


def entities() -> list[EntitySpec]:
    return list(starter().book.entities.values())


def words(alias: Alias) -> tuple[str, ...]:
    return tuple(tokenise(alias.text.text, None).fold)


def mentioned(entity: str, article: Article) -> list[str]:
    """The passages that mention an entity; every alias and context is compiled on the way."""
    book = starter().book
    node = QueryCompiler(book.entities, book.topics).query(
        SourceText(f"@{entity}", Place("starter"))
    )
    return [span.text for span in Evaluation(ArticleView(article)).spans(node)]


@pytest.mark.parametrize("path", [path for path in FILES if path.name in TYPES], ids=str)
def test_every_entity_says_as_of_which_month_it_is_right(path: Path) -> None:
    heads = re.findall(r"^\[entities\..*$", path.read_text("utf-8"), re.MULTILINE)

    assert heads
    for head in heads:
        assert re.search(r"# .*\bas of 202[56]-(0[1-9]|1[0-2])$", head), head


def test_every_file_holds_entities_of_its_type() -> None:
    for entity in entities():
        assert entity.type is TYPES[Path(entity.place.file).name], entity.id


def test_there_are_two_hundred_people_and_every_member_of_the_united_nations() -> None:
    files = [Path(entity.place.file).name for entity in entities()]

    assert files.count("people.toml") >= 200
    assert files.count("countries.toml") >= 193


def test_no_two_entities_share_an_alias_that_needs_no_context() -> None:
    owners: dict[tuple[str, ...], dict[str, bool]] = {}
    for entity in entities():
        for alias in entity.aliases:
            owners.setdefault(words(alias), {})[entity.id] = alias.context is not None
    for spelling, owner in owners.items():
        assert len(owner) == 1 or all(owner.values()), (spelling, owner)


def test_no_entity_has_an_alias_twice() -> None:
    for entity in entities():
        for one, other in combinations(entity.aliases, 2):
            assert words(one) != words(other) or Case.EXACT in {one.case, other.case}, entity.id


def test_every_alias_and_every_context_compiles() -> None:
    for entity in entities():
        mentioned(entity.id, Article(title=""))


MEANT = [
    ("georgia", "Georgia's parliament meets in Tbilisi"),
    ("jordan", "Jordan's king receives envoys in Amman"),
    ("chad", "Refugees cross into Chad from Darfur"),
    ("sudan", "Sudan signs a truce"),
    ("south-sudan", "South Sudan signs a truce"),
    ("ireland", "Ireland holds a referendum"),
    ("guinea", "Guinea counts its votes"),
    ("niger", "Niger closes its border"),
    ("dr-congo", "Rebels advance in Congo"),
    ("congo-brazzaville", "Congo votes, and Brazzaville is calm"),
    ("mexico", "Mexico votes on Sunday"),
    ("china", "中国外交部回应。"),
    ("russia", "俄罗斯举行选举。"),
    ("icc", "The ICC prosecutor asks for an arrest warrant"),
    ("rapid-support-forces", "RSF shells a market in Khartoum"),
    ("nicusor-dan", "President Nicușor Dan spoke. Dan, a cook, did not."),
]
NOT_MEANT = [
    ("georgia", "Fire in Atlanta, Georgia"),
    ("jordan", "Michael Jordan sells his house"),
    ("chad", "Chad Smith plays the drums"),
    ("sudan", "South Sudan signs a truce"),
    ("ireland", "A dry summer in Northern Ireland"),
    ("guinea", "Papua New Guinea counts its votes"),
    ("guinea", "Guinea-Bissau counts its votes"),
    ("niger", "A leak in the Niger Delta"),
    ("nigeria", "A summit in Niger"),
    ("dr-congo", "Congo votes, and Brazzaville is calm"),
    ("congo-brazzaville", "The Democratic Republic of the Congo mourns"),
    ("mexico", "Snow in New Mexico"),
    ("dominica", "The Dominican Republic votes"),
    ("south-korea", "A storm over North Korea"),
    ("china", "她研究发展中国家的债务。"),
    ("russia", "白俄罗斯举行选举。"),
    ("chile", "Add one chile and a clove of garlic"),
    ("icc", "ICC announces the schedule of the cricket season"),
    ("rapid-support-forces", "RSF counts journalists in prison"),
    ("g20", "A group of 20 pupils"),
    ("state-department", "the state's department of health"),
    ("xi-jinping", "Chapter XI of the treaty"),
    ("lula", "Grilled lula with lemon"),
    ("peter-magyar", "The Magyar language has eighteen cases"),
    ("rutte", "Former Dutch football player Ruttens retires"),
]


@pytest.mark.parametrize(("entity", "title"), MEANT)
def test_an_ambiguous_name_counts_where_it_is_meant(entity: str, title: str) -> None:
    assert mentioned(entity, Article(title=title))


@pytest.mark.parametrize(("entity", "title"), NOT_MEANT)
def test_an_ambiguous_name_does_not_count_where_another_is_meant(entity: str, title: str) -> None:
    assert not mentioned(entity, Article(title=title))


SPELLINGS = [
    ("zelenskyy", "Selenskyj reist nach Paris"),
    ("zelenskyy", "Zelenskiy thanks his allies"),
    ("ursula-von-der-leyen", "Ursula von der Leyen tritt vor die Presse"),
    ("erdogan", "Erdogan calls an election"),
    ("mohammed-bin-salman", "محمد بن سلمان يستقبل الوفد"),
    ("sanae-takaichi", "高市首相が会見"),
    ("lee-jae-myung", "이재명 대통령"),
    ("kyriakos-mitsotakis", "Δήλωση του Κυριάκος Μητσοτάκης"),
    ("irakli-kobakhidze", "ირაკლი კობახიძე"),
    ("nikol-pashinyan", "Նիկոլ Փաշինյան"),
    ("netanyahu", "בנימין נתניהו"),
    ("modi", "नरेंद्र मोदी"),
    ("anutin-charnvirakul", "อนุทิน ชาญวีรกูล"),
    ("hun-manet", "ហ៊ុន ម៉ាណែត"),
    ("abiy-ahmed", "ዐቢይ አሕመድ"),
    ("czechia", "The Czech Republic votes"),
    ("turkey", "Türkiye hosts the talks"),
    ("uae", "The U.A.E. hosts the talks"),
    ("us", "The U.S. hosts the talks"),
]


@pytest.mark.parametrize(("entity", "title"), SPELLINGS)
def test_a_name_is_found_in_the_spellings_and_scripts_of_newsrooms(
    entity: str, title: str
) -> None:
    assert mentioned(entity, Article(title=title))


def test_a_surname_that_is_a_word_or_a_given_name_does_not_count_alone() -> None:
    text = "Friday Petr Pavel met Godwin Friday. Dan and Pavel left on Friday."

    assert mentioned("godwin-friday", Article(title="", text=text)) == ["Godwin Friday"]
    assert mentioned("petr-pavel", Article(title="", text=text)) == ["Petr Pavel"]


def test_the_readme_and_the_changelog_count_right() -> None:
    book = starter().book
    people = sum(entity.type is EntityType.PERSON for entity in entities())
    countries = sum(entity.place.file.endswith("countries.toml") for entity in entities())
    tests = sum(len(rule.tests) for rule in book.rules.values())
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    changelog = " ".join((ROOT / "CHANGELOG.md").read_text("utf-8").split())

    for part in (
        f"{len(book.rules)} watch-rules with {tests} tests",
        f"{len(book.topics)} topics",
        f"{len(book.entities)} entities",
        f"{people} people",
        f"{countries} countries",
    ):
        assert part in readme, part
    for count in (len(book.entities), len(book.topics), len(book.rules)):
        assert f" {count} " in changelog

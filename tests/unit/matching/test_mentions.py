"""Mentions of entities: case, surnames, overlaps."""

import pytest

from monitor.matching.evaluate import Evaluation
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.rule import Case, EntitySpec, EntityType
from monitor.rules.compile import compile_rules
from monitor.rules.tree import Clause
from tests.support.rulebook import book, entity, person

NATO = entity("nato", "NATO", "North Atlantic Treaty Organization")
US = entity("us", "United States", "US", "USA")
WHO = entity("who", "World Health Organization", "WHO")
SHELL = entity("shell", "Shell")
EU = entity("eu", "European Union", "EU")
DELEGATION = entity("delegation", "European Union", "European Union Delegation")
RUTTE = person("rutte", "Mark Rutte", "Nato Secretary-General")
LEYEN = person("leyen", "Ursula von der Leyen", "Commission President")
EXACT = entity("mod", "MoD", case=Case.EXACT)
ANY = entity("it", "IT", case=Case.ANY)
COVID = entity("covid", "COVID-19")
KIM = person("kim", "Kim-Possible", surname="Possible")
DON = entity("don", "Don")
ZELENSKYY = person("zelenskyy", "Volodymyr Zelenskyy", "Зеленський", "泽连斯基")

CASES: dict[str, tuple[EntitySpec, str, str, list[str]]] = {
    "an acronym in capitals or as a title": (
        NATO,
        "",
        "NATO met. Then Nato left, nato did not.",
        ["NATO", "Nato"],
    ),
    "an acronym that is a common word only in capitals": (
        US,
        "",
        "He reassured us. The US agreed, Us too.",
        ["US"],
    ),
    "dotted acronyms": (US, "", "A U.S. official and U.S.A. troops.", ["U.S.", "U.S.A."]),
    "possessives": (NATO, "", "NATO’s plan and NATO's budget.", ["NATO", "NATO"]),
    "who is not the WHO": (WHO, "", "Those who asked the WHO know.", ["WHO"]),
    "a headline in capitals proves no common word": (US, "TRUMP TELLS US ALL ABOUT CHINA", "", []),
    "a headline in capitals proves other names": (
        NATO,
        "LEADERS OF NATO MEET IN PARIS",
        "",
        ["NATO"],
    ),
    "a common word that is a name needs its capital": (
        SHELL,
        "",
        "The company Shell found a shell.",
        ["Shell"],
    ),
    "a capital at the start of a sentence is not enough": (
        SHELL,
        "",
        "Shell games are old. Play them.",
        [],
    ),
    "with a clear mention beside it, it is": (
        SHELL,
        "",
        "Shell pays a dividend. Investors in Shell were pleased.",
        ["Shell", "Shell"],
    ),
    "of overlapping mentions the longest counts": (
        DELEGATION,
        "",
        "The European Union Delegation moved. The European Union paid.",
        ["European Union Delegation", "European Union"],
    ),
    "exact case": (EXACT, "", "The MoD said so, the MOD not.", ["MoD"]),
    "any case": (ANY, "", "it is IT", ["it", "IT"]),
    "a surname beside the full name": (
        RUTTE,
        "",
        "Mark Rutte spoke. Rutte left.",
        ["Mark Rutte", "Rutte"],
    ),
    "a surname alone is not enough": (RUTTE, "", "Rutte left.", []),
    "a surname beside another alias of several words": (
        RUTTE,
        "",
        "Nato Secretary-General calls. Rutte left.",
        ["Nato Secretary-General", "Rutte"],
    ),
    "a surname after another given name is another person": (
        RUTTE,
        "",
        "Mark Rutte spoke. Boris Rutte did not.",
        ["Mark Rutte"],
    ),
    "a surname in the title counts by the text": (
        RUTTE,
        "Rutte warns",
        "Mark Rutte spoke.",
        ["Rutte", "Mark Rutte"],
    ),
    "particles in any case": (
        LEYEN,
        "",
        "Ursula von der Leyen spoke. Von der Leyen left; VON DER LEYEN stayed.",
        ["Ursula von der Leyen", "Von der Leyen", "VON DER LEYEN"],
    ),
    "names are not stemmed": (NATO, "", "The natos of this world. Natoing.", []),
    "hyphens separate": (EU, "", "An EU-wide and EU–US plan.", ["EU", "EU"]),
    "native scripts": (ZELENSKYY, "", "Президент Зеленський сказав.", ["Зеленський"]),
    "scripts without blanks": (ZELENSKYY, "", "乌克兰总统泽连斯基说。", ["泽连斯基"]),
    "an acronym with digits": (
        COVID,
        "",
        "COVID-19 and Covid-19, but covid 19 is small.",
        ["COVID-19", "Covid-19"],
    ),
    "a native name of one word licenses no surname": (
        KIM,
        "",
        "Kim-Possible runs. Possible is a word.",
        ["Kim-Possible"],
    ),
    "contractions are no names": (DON, "", "I don't know. Don't go.", []),
    "a name does not cross a sentence": (EU, "", "It is European. Union men object.", []),
}


@pytest.mark.parametrize(("spec", "title", "text", "found"), CASES.values(), ids=CASES.keys())
def test_mentions_are_counted_as_the_manual_says(
    spec: EntitySpec, title: str, text: str, found: list[str]
) -> None:
    rules = compile_rules(book({"r": f"@{spec.id}"}, [spec]))
    evaluation = Evaluation(ArticleView(Article(title=title, text=text, language="en")))

    spans = evaluation.spans(rules.rules["r"].tree)

    assert [span.text for span in spans] == found
    assert isinstance(rules.rules["r"].tree, Clause)
    assert evaluation.holds(rules.rules["r"].tree) is bool(found)


PUTIN = person("putin", "Владимир Путин", "Путин")
TURKU = entity("turku", "Turku", type_=EntityType.PLACE)
PLAIN = entity("turku", "Turku", type_=EntityType.PLACE, inflect=False)

DECLINED: dict[str, tuple[EntitySpec, str, str, list[str]]] = {
    "each word of a name": (PUTIN, "ru", "Встреча с Владимиром Путиным.", ["Владимиром Путиным"]),
    "one word": (PUTIN, "ru", "Слова Путина и Путину.", ["Путина", "Путину"]),
    "not another name": (PUTIN, "ru", "Слова Путинцева.", []),
    "in Finnish": (TURKU, "fi", "Hän asuu Turussa. Turku on kaunis.", ["Turussa", "Turku"]),
    "not in a language that declines no names": (TURKU, "en", "Turun and Turku.", ["Turku"]),
    "not if it is turned off": (PLAIN, "fi", "Turussa ja Turku.", ["Turku"]),
}


@pytest.mark.parametrize(
    ("spec", "language", "text", "found"), DECLINED.values(), ids=DECLINED.keys()
)
def test_case_forms_of_a_name_count(
    spec: EntitySpec, language: str, text: str, found: list[str]
) -> None:
    rules = compile_rules(book({"r": f"@{spec.id}"}, [spec]))
    evaluation = Evaluation(ArticleView(Article(title="", text=text, language=language)))
    assert [span.text for span in evaluation.spans(rules.rules["r"].tree)] == found


CONTEXT: dict[str, tuple[str, str, list[str]]] = {
    "beside it": ("", "US troops, says Congress.", ["US"]),
    "in another field": ("Congress meets", "US troops.", ["US"]),
    "without it": ("", "US troops.", []),
    "another alias needs none": ("", "US troops. America left.", ["America"]),
}


@pytest.mark.parametrize(("title", "text", "found"), CONTEXT.values(), ids=CONTEXT.keys())
def test_an_alias_with_a_context_counts_where_that_holds(
    title: str, text: str, found: list[str]
) -> None:
    spec = entity("us", "America", contexts={"US": "congress OR trump"})
    rules = compile_rules(book({"r": "@us"}, [spec]))
    evaluation = Evaluation(ArticleView(Article(title=title, text=text, language="en")))
    assert [span.text for span in evaluation.spans(rules.rules["r"].tree)] == found

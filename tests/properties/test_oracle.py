"""The oracle itself, by cases worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from monitor.model.article import Article, Carrier
from monitor.model.rule import Case
from monitor.rules.names import entity_of
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Form,
    Meta,
    MetaField,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Pattern,
    Positional,
    Regex,
    Restriction,
    Scope,
    Sequence,
    Term,
    Together,
    Unit,
    Weighted,
    Window,
)
from tests.properties import oracle
from tests.properties.trees import no_query
from tests.support.rulebook import entity, person


def stems(text: str) -> Sequence:
    return Sequence(tuple(map(Term, text.split())))


def forms(text: str) -> Sequence:
    return Sequence(tuple(map(Form, text.split())))


def cased(text: str) -> Sequence:
    return Sequence(tuple(CasedForm(word, word.lower()) for word in text.split()))


def wild(text: str) -> Sequence:
    return Sequence((Pattern(text),))


def window(text: str, slop: int) -> Window:
    return Window(tuple((Term(word),) for word in text.split()), slop)


def near(left: str, right: str, distance: int, *, ordered: bool = False) -> Near:
    return Near(stems(left), stems(right), distance, ordered)


def clause(what: Positional, name: str = "x") -> Clause:
    return Clause(name, (0, 1), what)


A, B, C = (clause(stems(word), word) for word in ("alpha", "beta", "gamma"))
NATO = entity_of(entity("nato", "NATO", "North Atlantic Treaty Organization"), no_query)
US = entity_of(entity("us", "United States", "US"), no_query)
EU = entity_of(
    entity("eu", "European Union", "European Union Delegation", "Union Delegation Office Park"),
    no_query,
)
SHELL = entity_of(entity("shell", "Shell"), no_query)
RUTTE = entity_of(person("rutte", "Mark Rutte", "Nato Chief"), no_query)
LEYEN = entity_of(person("leyen", "Ursula von der Leyen", "Commission President"), no_query)
MOD = entity_of(entity("mod", "MoD", case=Case.EXACT), no_query)
ANY = entity_of(entity("it", "IT", case=Case.ANY), no_query)
XI = entity_of(person("xi", "习近平"), no_query)
WASHINGTON = replace(
    US, aliases=(US.aliases[0], replace(US.aliases[1], context=clause(stems("congress"))))
)

PASSAGES: Final[dict[str, tuple[Positional, str, list[str]]]] = {
    "a word in any inflection": (stems("troop"), "Troops and a troop.", ["Troops", "troop"]),
    "a word in its form": (forms("troop"), "Troops and a Troop.", ["Troop"]),
    "a word in its case": (cased("NATO"), "Nato, nato and NATO’s", ["NATO"]),
    "accents do not count": (forms("cafe"), "Café, cafe", ["Café", "cafe"]),
    "a wildcard at the end": (wild("sanct*"), "sanct Sanctions sacred", ["sanct", "Sanctions"]),
    "a wildcard in front": (wild("*naut"), "An astronaut, naut, nautical", ["astronaut", "naut"]),
    "a wildcard for one letter": (wild("wom?n"), "woman women womn womaan", ["woman", "women"]),
    "a phrase in order": (
        forms("package of sanctions"),
        "package of sanctions; sanctions of package; packages of sanctions",
        ["package of sanctions"],
    ),
    "a phrase on stems": (stems("troop deploy"), "troops [deployed]", ["troops [deployed]"]),
    "with the bracket that is half inside": (
        stems("troop deploy"), "troop [deployed] [troops] deploy", ["troop [deployed]", "[troops] deploy"],
    ),
    "a phrase does not cross a sentence": (stems("troop deploy"), "The troops. Deployed men.", []),
    "nor a line": (stems("troop deploy"), "troops\ndeployed", []),
    "signs of Han one by one": (stems("制 裁"), "欧盟制裁。制 裁", ["制裁", "制 裁"]),
    "a window in any order": (
        window("sanction package", 1),
        "a package of sanctions",
        ["package of sanctions"],
    ),
    "a window that is too small": (window("sanction package", 0), "a package of sanctions", []),
    "others count wherever they stand": (
        window("alpha beta gamma", 1),
        "alpha x beta y gamma. Gamma x alpha beta",
        ["Gamma x alpha beta"],
    ),
    "one word is not two": (window("alpha alpha", 4), "one alpha here. Alpha and alpha", ["Alpha and alpha"]),
    "of windows that overlap the first": (window("alpha beta", 0), "alpha beta alpha", ["alpha beta"]),
    "near": (near("alpha", "beta", 1), "beta x alpha x y beta", ["beta x alpha"]),
    "not near enough": (near("alpha", "beta", 1), "alpha x y beta", []),
    "near in order": (near("alpha", "beta", 1, ordered=True), "beta alpha x beta", ["alpha x beta"]),
    "near does not cross a sentence": (near("alpha", "beta", 4), "An alpha. Beta", []),
    "near shows the smallest": (near("alpha", "beta", 4), "alpha alpha x beta", ["alpha x beta"]),
    "near needs two places": (Near(stems("alpha"), wild("alp*"), 4, ordered=False), "alpha", []),
    "a group finds what a part finds": (AnyOf((stems("alpha"), stems("beta"))), "beta alpha", ["beta", "alpha"]),
    "in one sentence": (
        Together(stems("alpha"), stems("beta"), Unit.SENTENCE),
        "alpha x y z beta alpha. Alpha\nBeta",
        ["alpha", "beta", "alpha"],
    ),
    "in one paragraph": (
        Together(stems("alpha"), stems("beta"), Unit.PARAGRAPH),
        "One alpha. One\nbeta\n\nbeta",
        ["alpha", "beta"],
    ),
    "both sides may be one word": (
        Together(stems("alpha"), wild("alp*"), Unit.SENTENCE), "alpha", ["alpha"],
    ),
    "not near, on either side": (
        Apart(stems("alpha"), stems("beta"), 1),
        "beta x alpha x y beta x y alpha. Alpha",
        ["alpha", "Alpha"],
    ),
    "not near looks at no other sentence": (Apart(stems("alpha"), stems("beta"), 9), "A beta. Alpha", ["Alpha"]),
    "what overlaps is near": (Apart(stems("alpha"), stems("alpha beta"), 0), "alpha beta alpha. An alpha x", ["alpha"]),
    "not in": (
        Outside(stems("us"), forms("us open")), "US Open and us", ["us"],
    ),
    "not in what only overlaps": (
        Outside(stems("alpha beta"), stems("beta gamma")), "alpha beta gamma", ["alpha beta"],
    ),
    "an acronym in capitals or as a title": (NATO, "NATO, Nato, nato", ["NATO", "Nato"]),
    "a common acronym in capitals only": (US, "Told us. Us and U.S.", ["U.S."]),
    "capitals prove no common word": (US, "THEY TELL US ALL ABOUT IT", []),
    "capitals prove other names": (NATO, "leaders OF Nato MEET IN PARIS AGAIN", ["Nato"]),
    "a common word needs a capital": (SHELL, "The shell of Shell", ["Shell"]),
    "that would not stand there anyway": (SHELL, "Shell paid.", []),
    "or a second mention": (SHELL, "Shell paid. Then Shell", ["Shell", "Shell"]),
    "the longest of what overlaps": (
        EU,
        "European Union Delegation. Of European Union Delegation Office Park",
        ["European Union Delegation", "Union Delegation Office Park"],
    ),
    "a surname beside the name": (RUTTE, "Mark Rutte. Rutte", ["Mark Rutte", "Rutte"]),
    "a surname beside an office": (RUTTE, "The Nato chief. Rutte", ["Nato chief", "Rutte"]),
    "a surname alone": (RUTTE, "Rutte", []),
    "somebody else": (RUTTE, "Mark Rutte and Boris Rutte", ["Mark Rutte"]),
    "but not across a sentence": (RUTTE, "Mark Rutte met Boris. Rutte", ["Mark Rutte", "Rutte"]),
    "particles in any case": (
        LEYEN,
        "Commission President. Von der Leyen",
        ["Commission President", "Von der Leyen"],
    ),
    "exact case": (MOD, "MoD MOD mod", ["MoD"]),
    "any case": (ANY, "it, It and IT", ["it", "It", "IT"]),
    "a name without blanks": (XI, "国家主席习近平说", ["习近平"]),
    "a context that is missing": (WASHINGTON, "The US and the United States", ["United States"]),
    "a context anywhere": (WASHINGTON, "The US. A Congress", ["US"]),
}  # fmt: skip


@pytest.mark.parametrize(("what", "text", "found"), PASSAGES.values(), ids=PASSAGES.keys())
def test_passages_are_those_worked_out_by_hand(
    what: Positional, text: str, found: list[str]
) -> None:
    reading = oracle.Reading(Article(title="", text=text, language="en"))

    assert [span.text for span in sorted(oracle.spans(clause(what), reading))] == found
    assert oracle.holds(clause(what), reading) is bool(found)


ARTICLE = Article(
    title="Alpha",
    lead="Beta, alpha",
    text="alpha beta. [alpha beta] Twice",
    language="en-GB",
    url="https://www.desk.example/world/2026/a.html",
    author="J. Smith",
    tags=("politique",),
    carriers=(Carrier(name="The Desk", url="https://desk.example/rss", tags=("Europe",)),),
    seen=datetime(2026, 6, 1, 23, tzinfo=UTC),
)


def meta(field: MetaField, value: str) -> Meta:
    return Meta(field, value, (0, 1))


def weighted(threshold: float, *parts: tuple[Node, float]) -> Weighted:
    return Weighted("#topic", (0, 1), parts, threshold)


def regex(pattern: str) -> Regex:
    return Regex("/x/", (0, 1), pattern)


VERDICTS: Final[dict[str, tuple[Node, bool]]] = {
    "and": (And((A, B)), True),
    "and, one missing": (And((A, C)), False),
    "or": (Or((C, B)), True),
    "not": (And((A, Not(C))), True),
    "title:": (Scope("title", A), True),
    "not in the title": (Scope("title", B), False),
    "lead:": (Scope("lead", And((A, B))), True),
    "a proximity does not cross fields": (Scope("title", clause(near("alpha", "beta", 9))), False),
    "the inner field counts": (Scope("title", Or((C, Scope("text", B)))), True),
    "a count over all fields": (Count(A, 4), True),
    "a count too high": (Count(A, 5), False),
    "a count in a field": (Scope("text", Count(A, 2)), True),
    "a count in a field, too high": (Scope("text", Count(A, 3)), False),
    "a count of passages that do not overlap": (Count(clause(window("alpha beta", 0)), 3), True),
    "at least": (AtLeast(2, (A, B, C)), True),
    "at least too many": (AtLeast(3, (A, B, C)), False),
    "weights": (weighted(3, (A, 1), (B, 2), (C, 9)), True),
    "weights too small": (weighted(3.5, (A, 1), (B, 2), (C, 9)), False),
    "weights below zero": (weighted(3, (A, 4), (B, -2)), False),
    "an expression": (regex(r"a\. \[a"), True),
    "an expression in another case": (regex("BETA"), False),
    "an expression in its field": (Scope("lead", regex(", a")), True),
    "an expression in no other field": (Scope("text", regex(", a")), False),
    "author": (meta(MetaField.AUTHOR, "SMITH"), True),
    "url": (meta(MetaField.URL, "World/2026"), True),
    "site": (meta(MetaField.SITE, "desk.example/world"), True),
    "half a host": (meta(MetaField.SITE, "esk.example"), False),
    "half a path": (meta(MetaField.SITE, "desk.example/wor"), False),
    "feed": (meta(MetaField.FEED, "the desk"), True),
    "tag of the entry": (meta(MetaField.TAG, "Politique"), True),
    "tag of the feed": (meta(MetaField.TAG, "europe"), True),
    "language": (meta(MetaField.LANG, "en"), True),
    "a narrower language": (meta(MetaField.LANG, "en-US"), False),
    "its feed": (Restriction(("tag:asia", "The Desk"), (), None), True),
    "another feed": (Restriction(("tag:asia",), (), None), False),
    "its language": (Restriction((), ("de", "en"), None), True),
    "another language": (Restriction((), ("de",), None), False),
    "on its last day": (Restriction((), (), date(2026, 6, 1)), True),
    "after its last day": (Restriction((), (), date(2026, 5, 31)), False),
}


@pytest.mark.parametrize(("node", "expected"), VERDICTS.values(), ids=VERDICTS.keys())
def test_verdicts_are_those_worked_out_by_hand(node: Node, *, expected: bool) -> None:
    assert oracle.holds(node, oracle.Reading(ARTICLE)) is expected


SPANS: Final[dict[str, tuple[Node, list[tuple[str, str, str]]]]] = {
    "what is true of an OR": (Or((C, Scope("title", A))), [("title", "Alpha", "alpha")]),
    "nothing of what is excluded": (And((Scope("title", A), Not(C))), [("title", "Alpha", "alpha")]),
    "nothing of a part that does not hold": (
        Or((Scope("title", A), And((B, C)))),
        [("title", "Alpha", "alpha")],
    ),
    "positive weights under the name of the topic": (
        weighted(1, (Scope("title", A), 2), (Scope("lead", B), -1)),
        [("title", "Alpha", "#topic")],
    ),
    "of passages under one name the larger": (
        Scope("text", weighted(1, (A, 1), (clause(near("alpha", "beta", 0)), 1))),
        [("text", "alpha beta", "#topic"), ("text", "alpha beta", "#topic")],
    ),
    "matches of an expression": (
        Scope("text", regex("[ab][a-z]+ beta")),
        [("text", "alpha beta", "/x/"), ("text", "alpha beta", "/x/")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("node", "found"), SPANS.values(), ids=SPANS.keys())
def test_what_is_true_is_shown(node: Node, found: list[tuple[str, str, str]]) -> None:
    spans = sorted(oracle.spans(node, oracle.Reading(ARTICLE)), key=lambda span: span.start)
    assert [(span.field, span.text, span.clause) for span in spans] == found


LEADS = {
    "the same words": ("Alpha, beta", "Alpha beta. Gamma", True),
    "and a sentence that ends": ("Alpha. Beta", "Alpha. Beta gamma", True),
    "cut short": ("Alpha beta…", "Alpha beta gamma", True),
    "cut short inside a word": ("Alpha be… [...]", "Alpha beta gamma", True),
    "inside a word that is no part": ("Alpha be…", "Alpha gamma", False),
    "inside a word without a sign": ("Alpha be", "Alpha beta gamma", False),
    "another sentence": ("Alpha. Beta", "Alpha beta", False),
    "another case": ("alpha", "Alpha", False),
    "shouting elsewhere": ("ALPHA BETA", "ALPHA BETA GAMMA DELTA", False),
    "nothing": ("", "Alpha", False),
}


@pytest.mark.parametrize(("lead", "text", "expected"), LEADS.values(), ids=LEADS.keys())
def test_a_lead_is_a_range_of_the_text_if_all_is_equal(
    lead: str, text: str, *, expected: bool
) -> None:
    reading = oracle.Reading(Article(title="", lead=lead, text=text, language="en"))
    assert ("lead" not in reading.searched) is expected


def test_a_lead_in_the_text_is_counted_once() -> None:
    article = Article(title="", lead="An alpha", text="An alpha here. Alpha", language="en")
    reading = oracle.Reading(article)
    assert oracle.holds(Count(A, 2), reading)
    assert not oracle.holds(Count(A, 3), reading)
    assert oracle.holds(Scope("lead", A), reading)


def test_the_opposite_of_a_part_may_decide() -> None:
    reading = oracle.Reading(ARTICLE)
    tree = And((A, Or((B, C))))
    assert not oracle.holds(tree, reading, flipped=A)
    assert oracle.holds(tree, reading, flipped=C)

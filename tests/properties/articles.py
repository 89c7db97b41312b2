"""Generated articles in which given queries hold, or nearly so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from monitor.model.article import Article, Carrier
from monitor.model.hit import FieldName
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    Clause,
    Count,
    Entity,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Regex,
    Scope,
    Sequence,
    Together,
    TokenTest,
    Weighted,
    Window,
)
from tests.properties.choices import Choices
from tests.properties.trees import World
from tests.properties.vocabularies import SEPARATORS, spellings

FIELDS: Final[tuple[FieldName, ...]] = ("title", "lead", "text")
ADDRESSES: Final = (
    "https://www.desk.example/world/2026/11/a.html",
    "https://desk.example/worldly/a",
    "http://DESK.example:8080/world?x=1",
    "https://notdesk.example/world/a",
    "",
)
CARRIERS: Final = (
    (),
    (Carrier(name="The Desk", url="https://desk.example/rss", tags=("Europe",)),),
    (Carrier(name="Other", url="https://other.example/rss", tags=("asia", "europe")),),
    (Carrier(name="Other", url="https://third.example/rss"),),
)
DAYS: Final = (None, datetime(2026, 6, 1, 23, 59, tzinfo=UTC), datetime(2026, 6, 2, tzinfo=UTC))
SAMPLES: Final = {
    "/sanctio[a-z]+/i": ("Sanctions", "SANCTIONED", "sanctio"),
    "/troops? of/": ("troop of", "troops of", "troops  of"),
    "/^The|of$/m": ("\nThe", "of\n", "The"),
    "/[td]..[td]/s": ("t\n\nd", "deed", "t.d"),
    "/[A-Z]{3,4}[ -]/": ("NATO-", "USA ", "USA."),
    "/[0-9]+ (wo)?men/": ("12 women", "12 men", "12women"),
}
COMPANY: Final = (" ", " ", ", ", ". ", ". The ", "\n", "\n\n", " … ")

Fields = dict[FieldName, list[str]]


def article(choose: Choices, of: World, nodes: tuple[Node, ...]) -> Article:
    """An article with passages for some of the nodes, and noise."""
    fields: Fields = {name: [] for name in FIELDS}
    for node in nodes:
        if choose.chance(75):
            _plant(choose, of, node, None, fields)
    title, lead, text = (_field(choose, of, fields[name]) for name in FIELDS)
    lead, text = _lead(choose, lead, text)
    return Article(
        title=_headline(choose, title),
        lead=lead,
        text=text,
        language=choose.one(of.vocabulary.languages),
        url=choose.one(ADDRESSES),
        author=choose.one(("J. Smith", "")),
        tags=choose.one((("politique",), ())),
        carriers=choose.one(CARRIERS),
        seen=choose.one(DAYS),
    )


def completed(choose: Choices, of: World, node: Node, known: Article) -> Article:
    """The same article with a text: one that goes on where the lead stops, or another one."""
    fields: Fields = {name: [] for name in FIELDS}
    for _ in range(choose.number(0, 2)):
        _plant(choose, of, node, "text", fields)
    more = _field(choose, of, fields["text"])
    lead = known.lead
    stem = lead.rstrip(" .…[]\n")
    cut = choose.number(0, len(lead))
    return replace(
        known,
        text=choose.one(
            (
                more,
                lead + more,
                f"{lead}{choose.one(SEPARATORS)}{more}",
                stem + more,
                f"{stem}{choose.one(('s', 'n of', ' the', '. The', ''))} {more}",
                f"{lead[:cut]}{choose.one(SEPARATORS)}{lead[cut:]} {more}",
                f"{choose.one((lead.lower(), lead.upper(), lead.title()))} {more}",
                choose.one(("", lead)),
            )
        ),
    )


def _headline(choose: Choices, title: str) -> str:
    return choose.one((title, title, title, title, title.upper(), title.title()))


def _lead(choose: Choices, lead: str, text: str) -> tuple[str, str]:
    """Lead and text; half of the leads are the beginning of their text, more or less."""
    if choose.chance(50):
        return lead, text
    cut = choose.number(0, len(text))
    end = choose.one(("", "", "…", "...", " […]", " ..."))
    return choose.one(((text[:cut] + end, text), (lead, f"{lead}{choose.one(SEPARATORS)}{text}")))


def _field(choose: Choices, of: World, pieces: list[str]) -> str:
    if choose.chance(40):
        pieces = [*pieces, _noise(choose, of, choose.number(1, 3))]
    order = [*pieces]
    if choose.chance(30):
        order.reverse()
    return "".join(f"{_capital(choose, each)}{choose.one(SEPARATORS)}" for each in order)


def _capital(choose: Choices, piece: str) -> str:
    return piece[:1].upper() + piece[1:] if choose.chance(30) else piece


def _noise(choose: Choices, of: World, count: int) -> str:
    return _joined(choose, of, [choose.one(of.vocabulary.words) for _ in range(count)])


def _joined(choose: Choices, of: World, words: list[str]) -> str:
    text = words[0] if words else ""
    for word in words[1:]:
        text += choose.one(of.vocabulary.joins) + word
    return text


# --- What makes a node true -----------------------------------------------------------------------


def _plant(choose: Choices, of: World, node: Node, field: FieldName | None, into: Fields) -> None:
    match node:
        case Clause(_, _, what):
            _put(choose, _passage(choose, of, what), field, into)
        case Count(Clause(_, _, what), minimum):
            for _ in range(minimum - choose.one((0, 0, 1))):
                _put(choose, _passage(choose, of, what), field, into)
        case Regex(name):
            _put(choose, choose.one(SAMPLES[name]), field, into)
        case Or(parts):
            _plant(choose, of, choose.one(parts), field, into)
        case And(parts) | AtLeast(_, parts):
            for part in parts:
                if choose.chance(90):
                    _plant(choose, of, part, field, into)
        case Weighted(_, _, parts, _):
            for part, weight in parts:
                if choose.chance(80 if weight > 0 else 50):
                    _plant(choose, of, part, field, into)
        case Scope(name, part):
            _plant(choose, of, part, name if choose.chance(90) else None, into)
        case Not(part):
            if choose.chance(25):
                _plant(choose, of, part, field, into)
        case _:
            pass


def _put(choose: Choices, passage: str, field: FieldName | None, into: Fields) -> None:
    into[field or choose.one(("text", "text", "title", "lead"))].append(passage)


def _passage(choose: Choices, of: World, what: Positional) -> str:
    match what:
        case Sequence(tests):
            return _joined(choose, of, [_spelling(choose, of, test) for test in tests])
        case Window(parts, slop):
            return _window(choose, of, parts, slop)
        case Near(left, right, distance, _):
            between = max(0, min(distance, 5) + choose.one((0, 0, 1, 1, -1, -2)))
            return _around(choose, of, left, right, between)
        case Together(left, right, _):
            one, other = _passage(choose, of, left), _passage(choose, of, right)
            if choose.chance(40):
                one, other = other, one
            return f"{one}{choose.one(COMPANY)}{_capital(choose, other)}"
        case Apart(left, right, distance):
            if choose.chance(50):
                return _passage(choose, of, left)
            return _around(choose, of, left, right, min(distance, 5) + choose.one((0, 1, 1, 2)))
        case Outside(left, right):
            return _passage(choose, of, choose.one((left, left, right)))
        case AnyOf(parts):
            return _passage(choose, of, choose.one(parts))
        case Entity(id_):
            return _names(choose, of.spellings[id_])
        case _:
            raise AssertionError(what)


def _names(choose: Choices, spellings_: tuple[str, ...]) -> str:
    """A name; or two, so that the one may help or hinder the other."""
    name = choose.one(spellings_)
    if choose.chance(15):
        name = name.lower()
    if choose.chance(60):
        return name
    return f"{choose.one(spellings_)}{choose.one(COMPANY)}{name}"


def _spelling(choose: Choices, of: World, test: TokenTest) -> str:
    known = spellings(test, of.vocabulary)
    return choose.one(known)


def _window(
    choose: Choices, of: World, parts: tuple[tuple[TokenTest, ...], ...], slop: int
) -> str:
    left = [_passage(choose, of, Sequence(part)) for part in parts]
    words: list[str] = []
    others = slop + choose.one((0, 0, -1, 1))
    while left:
        words.append(left.pop(choose.number(0, len(left) - 1)))
        fill = choose.number(0, max(0, others)) if left else 0
        words.extend(choose.one(of.vocabulary.words) for _ in range(fill))
        others -= fill
    return _joined(choose, of, words)


def _around(choose: Choices, of: World, left: Positional, right: Positional, between: int) -> str:
    """Left, some single words, right; or the other way round."""
    one, other = _passage(choose, of, left), _passage(choose, of, right)
    if choose.chance(30):
        one, other = other, one
    fill = [choose.one(FILLERS) for _ in range(between)]
    joins = of.vocabulary.joins
    return "".join((one, choose.one(joins), *(f"{each} " for each in fill), other))


FILLERS: Final = ("of", "the", "7", "and")

"""Generated articles in which given queries hold, or nearly so."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from monitor.model.article import Article, Carrier
from monitor.model.hit import FieldName
from monitor.rules.tree import (
    AnyOf,
    Apart,
    Clause,
    Count,
    Entity,
    Near,
    Node,
    Not,
    Or,
    Outside,
    Positional,
    Reference,
    Regex,
    Scope,
    Sequence,
    Together,
    Weighted,
    Window,
    children,
)
from tests.properties.choices import Choices
from tests.properties.trees import World
from tests.properties.vocabularies import SEPARATORS, spellings

FIELDS: Final[tuple[FieldName, ...]] = ("title", "lead", "text")
SOMEWHERE: Final[tuple[FieldName, ...]] = ("text", "text", "title", "lead")
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
FILLERS: Final = ("of", "the", "7", "and")
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
    """Passages for most of what must hold, and for some of what must not."""
    if isinstance(node, Scope) and choose.chance(90):
        field = node.field
    if isinstance(node, Clause | Count | Regex):
        for _ in range(node.minimum - choose.one((0, 0, 1)) if isinstance(node, Count) else 1):
            passage = _passage_of(choose, of, node)
            place = choose.one(SOMEWHERE) if field is None else field
            into[place].append(passage)
    for part, percent in _wanted(choose, node):
        if choose.chance(percent):
            _plant(choose, of, part, field, into)


def _wanted(choose: Choices, node: Node) -> list[tuple[Node, int]]:
    """The parts of a node, each with the chance that it is planted."""
    match node:
        case Or(parts):
            return [(choose.one(parts), 100)]
        case Weighted(_, _, parts, _):
            return [(part, 80 if weight > 0 else 50) for part, weight in parts]
        case Not(part):
            return [(part, 25)]
        case Count():
            return []
        case Scope(_, part):
            return [(part, 100)]
        case _:
            return [(part, 90) for part in children(node)]


def _passage_of(choose: Choices, of: World, node: Clause | Count | Regex) -> str:
    if isinstance(node, Regex):
        return choose.one(SAMPLES[node.name])
    clause = node if isinstance(node, Clause) else node.clause
    return _passage(choose, of, clause.what)


def _passage(choose: Choices, of: World, what: Positional) -> str:
    match what:
        case Sequence(tests):
            words = [choose.one(spellings(test, of.vocabulary)) for test in tests]
            return _joined(choose, of, words)
        case Window():
            return _window(choose, of, what)
        case AnyOf(parts):
            return _passage(choose, of, choose.one(parts))
        case Entity(id_):
            return _names(choose, of.spellings[id_])
        case Near() | Together() | Apart() | Outside():
            return _both(choose, of, what)
        case Reference():
            raise AssertionError(what)


def _both(choose: Choices, of: World, what: Near | Together | Apart | Outside) -> str:
    """Both operands with about as much between them as decides, or one of them alone."""
    left, right = what.left, what.right
    match what:
        case Near(distance=distance):
            between = min(distance, 5) + choose.one((0, 0, 1, 1, -1, -2))
            return _around(choose, of, left, right, between)
        case Together():
            company = choose.one(COMPANY)
            one, other = _either_way(choose, of, left, right)
            return f"{one}{company}{_capital(choose, other)}"
        case Apart(distance=distance) if choose.chance(50):
            between = min(distance, 5) + choose.one((0, 1, 1, 2))
            return _around(choose, of, left, right, between)
        case _:
            return _passage(choose, of, choose.one((left, left, right)))


def _names(choose: Choices, spellings_: tuple[str, ...]) -> str:
    """A name; or two, so that the one may help or hinder the other."""
    name = choose.one(spellings_)
    if choose.chance(15):
        name = name.lower()
    if choose.chance(60):
        return name
    return f"{choose.one(spellings_)}{choose.one(COMPANY)}{name}"


def _window(choose: Choices, of: World, what: Window) -> str:
    left = [_passage(choose, of, Sequence(part)) for part in what.parts]
    words: list[str] = []
    others = what.slop + choose.one((0, 0, -1, 1))
    while left:
        words.append(left.pop(choose.number(0, len(left) - 1)))
        fill = choose.number(0, max(0, others)) if left else 0
        words.extend(choose.one(of.vocabulary.words) for _ in range(fill))
        others -= fill
    return _joined(choose, of, words)


def _around(choose: Choices, of: World, left: Positional, right: Positional, between: int) -> str:
    """Both, and so many single words between them."""
    one, other = _either_way(choose, of, left, right)
    fill = [f"{choose.one(FILLERS)} " for _ in range(between)]
    return "".join((one, choose.one(of.vocabulary.joins), *fill, other))


def _either_way(
    choose: Choices, of: World, left: Positional, right: Positional
) -> tuple[str, str]:
    one, other = _passage(choose, of, left), _passage(choose, of, right)
    return (other, one) if choose.chance(35) else (one, other)

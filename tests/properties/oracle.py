"""A second evaluator, written from docs/rules.md by enumeration and without any index.

It tries every range of every field; slow, and simple enough to be believed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

import regex

from monitor.analysis.document import analyse
from monitor.analysis.fold import fold
from monitor.analysis.stem import stem
from monitor.analysis.tokens import Tokens
from monitor.model.article import Article, Carrier
from monitor.model.hit import FieldName, Span
from monitor.rules.tree import (
    And,
    AnyOf,
    Apart,
    AtLeast,
    CasedForm,
    Clause,
    Count,
    Entity,
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
    TokenTest,
    Unit,
    Weighted,
    Window,
)
from tests.properties import mentions_oracle

Range = tuple[int, int]
"""First and last token."""
Extent = tuple[str, FieldName, int, int]
"""Name of a passage, field, first character, the one behind the last."""

FIELDS: Final[tuple[FieldName, ...]] = ("title", "lead", "text")
_BRACKETS: Final = {"(": ")", "[": "]", "{": "}"}


class Reading:
    """An article as tokens, and every range that was found in it."""

    def __init__(self, article: Article) -> None:
        document = analyse(article.title, article.lead, article.text, article.language)
        self.article = article
        self.language = document.language
        self.fields: dict[FieldName, Tokens] = {
            "title": document.title,
            "lead": document.lead,
            "text": document.text,
        }
        self.searched: tuple[FieldName, ...] = (
            ("title", "text") if is_beginning(document.lead, document.text) else FIELDS
        )
        self.found: dict[tuple[Positional, FieldName], set[Range]] = {}


def is_beginning(lead: Tokens, text: Tokens) -> bool:
    """Whether all that matching knows of the lead is true of the first words of the text.

    A last word that is cut short (leaders plan tro…) is not asked.
    """
    count = len(lead)
    if 0 < count <= len(text) and _is_cut(lead, text.raw[count - 1]):
        count -= 1
    return 0 < count <= len(text) and all(
        ours[:count] == theirs[:count]
        for ours, theirs in (
            (lead.raw, text.raw),
            (lead.sentence, text.sentence),
            (lead.paragraph, text.paragraph),
            (lead.shouting, text.shouting),
            (lead.initial, text.initial),
        )
    )


def _is_cut(lead: Tokens, whole: str) -> bool:
    shown = lead.text.rstrip(" \n])\u2028\u2029\u00a0")
    return (
        (shown.endswith(("…", "..."))) and whole != lead.raw[-1] and whole.startswith(lead.raw[-1])
    )


# --- Ranges ---------------------------------------------------------------------------------------


def passes(test: TokenTest, tokens: Tokens, i: int, language: str | None) -> bool:
    match test:
        case Term(folded):
            return folded == tokens.fold[i] or stem(folded, language) == tokens.stem[i]
        case Form(folded):
            return folded == tokens.fold[i]
        case CasedForm(raw, _):
            return raw == tokens.raw[i]
        case Pattern(folded):
            expression = regex.escape(folded).replace(r"\*", ".*").replace(r"\?", ".")
            return regex.fullmatch(expression, tokens.fold[i]) is not None


def ranges(what: Positional, reading: Reading, field: FieldName) -> set[Range]:
    """Every range that a positional yields, some that contain a smaller one included."""
    key = (what, field)
    if key not in reading.found:
        reading.found[key] = _ranges(what, reading, field)
    return reading.found[key]


def _ranges(what: Positional, reading: Reading, field: FieldName) -> set[Range]:
    tokens = reading.fields[field]
    match what:
        case Sequence():
            return _sequences(what, tokens, reading.language)
        case Window():
            return _windows(what, reading, field)
        case Near(left, right, distance, ordered):
            one, other = ranges(left, reading, field), ranges(right, reading, field)
            pairs = [(a, b) for a in one for b in other]
            if not ordered:
                pairs += [(b, a) for a, b in pairs]
            return _nearest(
                (a[0], b[1])
                for a, b in pairs
                if 0 <= b[0] - a[1] - 1 <= distance and one_sentence(tokens, a[0], b[1])
            )
        case Together(left, right, unit):
            one, other = ranges(left, reading, field), ranges(right, reading, field)
            return _with_company(one, other, tokens, unit) | _with_company(
                other, one, tokens, unit
            )
        case Apart(left, right, distance):
            others = passages(right, reading, field)
            return {
                a
                for a in passages(left, reading, field)
                if not any(_is_near(a, b, distance, tokens) for b in others)
            }
        case Outside(left, right):
            others = passages(right, reading, field)
            return {
                (i, j)
                for i, j in passages(left, reading, field)
                if not any(k <= i and j <= m for k, m in others)
            }
        case AnyOf(parts):
            return {each for part in parts for each in ranges(part, reading, field)}
        case Entity():
            return _mentions(what, reading, field)
        case _:
            raise AssertionError(what)


def _sequences(what: Sequence, tokens: Tokens, language: str | None) -> set[Range]:
    last = len(what.tokens) - 1
    return {
        (i, i + last)
        for i in range(len(tokens) - last)
        if one_sentence(tokens, i, i + last)
        and all(passes(test, tokens, i + k, language) for k, test in enumerate(what.tokens))
    }


def _windows(what: Window, reading: Reading, field: FieldName) -> set[Range]:
    """A place may serve two parts, unless they find the same places: then each needs its own."""
    tokens = reading.fields[field]
    found = [frozenset(ranges(Sequence(part), reading, field)) for part in what.parts]
    places = frozenset[Range]().union(*found)
    longest = sum(map(len, what.parts)) + what.slop
    return _nearest(
        (i, j)
        for i in {first for first, _ in places}
        for j in {last for _, last in places}
        if i <= j < i + longest
        and one_sentence(tokens, i, j)
        and all(
            sum(i <= first and last <= j for first, last in same) >= number
            for same, number in Counter(found).items()
        )
    )


def _nearest(found: Iterable[Range]) -> set[Range]:
    """Each with the nearest end for its start, or the nearest start for its end.

    So no range is longer than it must be to begin, or to end, where it does.
    """
    every = set(found)
    return {
        (i, j)
        for i, j in every
        if j == min(m for k, m in every if k == i) or i == max(k for k, m in every if m == j)
    }


def _with_company(ours: set[Range], others: set[Range], tokens: Tokens, unit: Unit) -> set[Range]:
    number = tokens.sentence if unit is Unit.SENTENCE else tokens.paragraph
    return {a for a in ours if any(number[a[0]] == number[b[0]] for b in others)}


def _is_near(a: Range, b: Range, distance: int, tokens: Tokens) -> bool:
    first, second = sorted((a, b))
    if second[0] <= first[1]:
        return True
    between = second[0] - first[1] - 1
    return between <= distance and one_sentence(tokens, first[0], second[1])


def _mentions(entity: Entity, reading: Reading, field: FieldName) -> set[Range]:
    aliases = [
        alias for alias in entity.aliases if alias.context is None or holds(alias.context, reading)
    ]
    found = mentions_oracle.mentions(aliases, entity.surname, reading.fields, reading.language)
    return {(i, j) for name, i, j in found if name == field}


def one_sentence(tokens: Tokens, first: int, last: int) -> bool:
    return len({tokens.sentence[i] for i in range(first, last + 1)}) == 1


def smallest(found: Iterable[Range]) -> set[Range]:
    """The ranges that contain no other one."""
    return {
        (i, j)
        for i, j in found
        if not any((k, m) != (i, j) and i <= k and m <= j for k, m in found)
    }


def passages(what: Positional, reading: Reading, field: FieldName) -> set[Range]:
    return smallest(ranges(what, reading, field))


def most_apart(found: Iterable[Range]) -> int:
    """As many of the ranges as can be chosen without two that overlap."""
    longest: dict[Range, int] = {}
    for first, last in sorted(found):
        before = (number for (_, end), number in longest.items() if end < first)
        longest[first, last] = 1 + max(before, default=0)
    return max(longest.values(), default=0)


# --- Verdicts -------------------------------------------------------------------------------------


def holds(
    node: Node, reading: Reading, field: FieldName | None = None, flipped: Node | None = None
) -> bool:
    """Whether a node is true of an article; the verdict of ``flipped`` is turned round."""
    return (node is flipped) != _holds(node, reading, field, flipped)


def _holds(node: Node, reading: Reading, field: FieldName | None, flipped: Node | None) -> bool:
    def part_holds(part: Node) -> bool:
        return holds(part, reading, field, flipped)

    match node:
        case And(parts):
            return all(map(part_holds, parts))
        case Or(parts):
            return any(map(part_holds, parts))
        case Not(part):
            return not part_holds(part)
        case Scope(name, part):
            return holds(part, reading, name, flipped)
        case AtLeast(minimum, parts):
            return minimum <= sum(map(part_holds, parts))
        case Weighted(_, _, parts, threshold):
            return threshold <= sum(weight for part, weight in parts if part_holds(part))
        case _:
            return _leaf_holds(node, reading, reading.searched if field is None else (field,))


def _leaf_holds(node: Node, reading: Reading, searched: Iterable[FieldName]) -> bool:
    match node:
        case Clause(_, _, what):
            return any(ranges(what, reading, name) for name in searched)
        case Count(Clause(_, _, what), minimum):
            return minimum <= sum(most_apart(passages(what, reading, name)) for name in searched)
        case Regex(_, _, pattern):
            return any(re.search(pattern, reading.fields[name].text) for name in searched)
        case Meta(asked, value, _):
            return _ANSWERS[asked](value, reading)
        case Restriction():
            return _lets_pass(node, reading)
        case _:
            raise AssertionError(node)


def _lets_pass(node: Restriction, reading: Reading) -> bool:
    """An article without a feed, a known language or a day passes."""
    seen, carriers = reading.article.seen, reading.article.carriers
    sleeps = node.until and seen and seen.date() > node.until
    spoken = not (node.languages and reading.language) or any(
        _covers(each, reading.language) for each in node.languages
    )
    carried = not (node.feeds and carriers) or any(
        _fits(feed, carrier) for feed in node.feeds for carrier in carriers
    )
    return not sleeps and spoken and carried


def _fits(feed: str, carrier: Carrier) -> bool:
    if feed.startswith("tag:"):
        return fold(feed[4:]) in {fold(tag) for tag in carrier.tags}
    return feed == carrier.url or fold(feed) == fold(carrier.name)


def _covers(wanted: str, language: str) -> bool:
    parts, wanted_parts = language.lower().split("-"), wanted.lower().split("-")
    return parts[: len(wanted_parts)] == wanted_parts


def _of_site(value: str, reading: Reading) -> bool:
    host, *path = value.lower().rstrip("/").split("/")
    found = re.match(
        r"https?://(?:[^/@]*@)?([^/:?#]*)(?::\d+)?([^?#]*)", reading.article.url.lower()
    )
    if found is None:
        return False
    labels, wanted = found[1].split("."), host.split(".")
    return labels[-len(wanted) :] == wanted and found[2].split("/")[1 : len(path) + 1] == path


_ANSWERS: Final[dict[MetaField, Callable[[str, Reading], bool]]] = {
    MetaField.AUTHOR: lambda value, reading: fold(value) in fold(reading.article.author),
    MetaField.URL: lambda value, reading: value.lower() in reading.article.url.lower(),
    MetaField.SITE: _of_site,
    MetaField.FEED: lambda value, reading: any(
        _fits(value, carrier) for carrier in reading.article.carriers
    ),
    MetaField.TAG: lambda value, reading: (
        fold(value)
        in {
            fold(tag)
            for tags in (reading.article.tags, *(each.tags for each in reading.article.carriers))
            for tag in tags
        }
    ),
    MetaField.LANG: lambda value, reading: (
        reading.language is not None and _covers(value, reading.language)
    ),
}


# --- Passages that are shown ----------------------------------------------------------------------


def spans(node: Node, reading: Reading, field: FieldName | None = None) -> set[Span]:
    """The passages of everything that is true and makes a node true.

    Of those under one name, as a topic has them, the ones that no other contains.
    """
    found = _extents(node, reading, field)
    return {
        _span(name, reading, where, start, end)
        for name, where, start, end in found
        if not any(
            (name, where) == (other, there) and i <= start and end <= j and (i, j) != (start, end)
            for other, there, i, j in found
        )
    }


def _extents(node: Node, reading: Reading, field: FieldName | None) -> set[Extent]:
    if not holds(node, reading, field):
        return set()
    searched = reading.searched if field is None else (field,)
    match node:
        case Clause(name, _, what) | Count(Clause(name, _, what), _):
            return {
                (name, each, reading.fields[each].start[first], reading.fields[each].end[last])
                for each in searched
                for first, last in _shown(what, reading, each)
            }
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return {extent for part in parts for extent in _extents(part, reading, field)}
        case Scope(name, part):
            return _extents(part, reading, name)
        case Weighted(name, _, parts, _):
            return {
                (name, *extent[1:])
                for part, weight in parts
                if weight > 0
                for extent in _extents(part, reading, field)
            }
        case Regex(name, _, pattern):
            return {
                (name, each, *found.span())
                for each in searched
                for found in re.finditer(pattern, reading.fields[each].text)
            }
        case _:
            return set()


def _shown(what: Positional, reading: Reading, field: FieldName) -> set[Range]:
    """The passages; of overlapping windows the first."""
    found = passages(what, reading, field)
    if not isinstance(what, Window):
        return found
    kept: set[Range] = set()
    for first, last in sorted(found):
        if all(end < first for _, end in kept):
            kept.add((first, last))
    return kept


def _span(name: str, reading: Reading, field: FieldName, start: int, end: int) -> Span:
    text = reading.fields[field].text
    start, end = _with_brackets(text, start, end)
    return Span(field, start, end, text[start:end], name)


def _with_brackets(text: str, start: int, end: int) -> Range:
    """The passage with a bracket next to it whose partner is inside."""
    passage = text[start:end]
    for opening, closing in _BRACKETS.items():
        open_ = passage.count(opening) - passage.count(closing)
        if open_ > 0 and text[end : end + 1] == closing:
            return start, end + 1
        if open_ < 0 and text[max(0, start - 1) : start] == opening:
            return start - 1, end
    return start, end

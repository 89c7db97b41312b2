"""What an alert quotes: short passages around the spans, and where their highlights are."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.alerts.plain import tidy
from monitor.alerts.worth import worth
from monitor.model.alert import AlertArticle, TellingHit
from monitor.model.hit import FieldName, Span

_REACH = 75  # characters of context on either side of the spans
_CLUSTER = 130  # characters over which spans share a passage
_OPENING = 240  # characters of the article's beginning where no passage matched
# A sentence ends with its mark and closing quotes; a line break ends one anyway (headings, lists).
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(\[]?[^\W\d_a-zß-ÿ])|\n\s*")

# Letters of scripts that part words with spaces; a highlight never ends between two of them.
_LETTER = re.compile(
    r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_WORD_REACH = 30  # characters of a word that are highlighted beyond the span

# A cut passage begins with a word, not with the dash behind a dateline.
_WORD = re.compile(r"(?<=\s)(?![–—,;:-]\s)\S")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is highlighted or is not."""

    text: str
    hit: bool = False


Passage = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The passages an alert shows, best first, and how many more there are."""

    passages: tuple[Passage, ...]
    more: int = 0


class _Range(NamedTuple):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    window: _Range
    spans: tuple[Span, ...]

    @property
    def clauses(self) -> frozenset[str]:
        return frozenset(span.clause for span in self.spans)

    @property
    def passage(self) -> Passage:
        return _pieces(self.text, self.window, self.spans)


def highlight(text: str, spans: Iterable[Span]) -> Passage:
    """Returns a whole field in pieces; ``spans`` are those of that field."""
    return _pieces(text, _Range(0, len(text)), tuple(spans))


def excerpt(article: AlertArticle, hits: Iterable[TellingHit], shown: int = 2) -> Excerpt:
    """Returns the passages of lead and text that say most about the hits, at most ``shown``.

    Without a span in them (the headline or only a tag matched) the article's opening is shown.
    """
    hits = tuple(hits)
    spans = tuple(span for hit in hits for span in hit.spans)
    candidates = [*_candidates(article, "lead", spans), *_candidates(article, "text", spans)]
    if not candidates:
        return Excerpt(_opening(article.lead or article.text))
    best = _best(candidates, worth(hits), shown)
    return Excerpt(tuple(one.passage for one in best), more=len(candidates) - len(best))


def _candidates(
    article: AlertArticle, field: FieldName, spans: Iterable[Span]
) -> Iterator[_Candidate]:
    text = article.lead if field == "lead" else article.text
    inside = sorted(
        {span for span in spans if span.field == field and 0 <= span.start < span.end <= len(text)}
    )
    told = 0
    for cluster in _clusters(inside):
        window = _window(text, cluster, told)
        told = window.end
        yield _Candidate(text, window, _within(inside, window))


def _within(spans: Iterable[Span], window: _Range) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.start < window.end and span.end > window.start)


def _clusters(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Spans that stand close enough together to be quoted in one passage."""
    cluster: list[Span] = []
    for span in spans:
        if cluster and span.end - cluster[0].start > _CLUSTER:
            yield cluster
            cluster = []
        cluster.append(span)
    if cluster:
        yield cluster


def _window(text: str, cluster: Sequence[Span], told: int) -> _Range:
    """The sentences around a cluster, or as much of them as is in reach.

    ``told`` is the end of the passage before: nothing is quoted twice.
    """
    first = cluster[0].start
    last = min(max(span.end for span in cluster), first + 2 * _CLUSTER)
    return _Range(_left(text, first, told), max(_right(text, last), last))


def _left(text: str, at: int, told: int) -> int:
    floor = max(told, at - _REACH)
    sentence = max((end.end() for end in _SENTENCE_END.finditer(text, floor, at)), default=-1)
    if sentence >= 0:
        return sentence
    if floor == 0:
        return 0
    word = _WORD.search(text, floor, at)
    return word.start() if word else at


def _right(text: str, at: int) -> int:
    ceiling = min(len(text), at + _REACH)
    # The mark that ends a sentence may stand right behind the span, hence the search from there.
    sentence = _SENTENCE_END.search(text, at, min(len(text), ceiling + 1))
    if sentence:
        return sentence.end()
    if ceiling == len(text):
        return ceiling
    space = text.rfind(" ", at, ceiling)
    return at if space < 0 else space


def _best(
    candidates: Sequence[_Candidate], worths: Mapping[str, float], limit: int
) -> list[_Candidate]:
    """Greedy cover: each next passage adds the most of what was not yet shown."""
    shown: list[_Candidate] = []
    covered: frozenset[str] = frozenset()
    rest = list(candidates)

    def gain(one: _Candidate) -> tuple[float, int]:
        return sum(worths[clause] for clause in one.clauses - covered), len(one.spans)

    while rest and len(shown) < limit:
        best = max(rest, key=gain)
        rest.remove(best)
        shown.append(best)
        covered |= best.clauses
    return shown


def _pieces(text: str, window: _Range, spans: Collection[Span]) -> Passage:
    pieces = [Piece("…\N{NO-BREAK SPACE}")] if _cut_before(text, window.start) else []
    at = window.start
    for start, end in _joined(text, spans, window):
        pieces += [Piece(tidy(text[at:start])), Piece(tidy(text[start:end]), hit=True)]
        at = end
    pieces.append(Piece(tidy(text[at : window.end]).rstrip()))
    if window.end < len(text.rstrip()) and not _ends_sentence(text, window.end):
        pieces.append(Piece("\N{NO-BREAK SPACE}…"))
    return tuple(piece for piece in pieces if piece.text)


def _joined(text: str, spans: Iterable[Span], window: _Range) -> Iterator[_Range]:
    """Highlights in order, overlapping ones as one, nothing outside the window."""
    current: _Range | None = None
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        start, end = max(span.start, window.start), min(span.end, window.end)
        if start >= end:
            continue
        start, end = _whole_words(text, _Range(start, end), window)
        if current and start <= current.end:
            current = _Range(current.start, max(current.end, end))
            continue
        if current:
            yield current
        current = _Range(start, end)
    if current:
        yield current


def _whole_words(text: str, part: _Range, window: _Range) -> _Range:
    """A stretch extended to the beginning of its first and the end of its last word."""
    start, end = part
    floor = max(window.start, start - _WORD_REACH)
    ceiling = min(window.end, end + _WORD_REACH)
    while start > floor and _LETTER.match(text, start) and _LETTER.match(text, start - 1):
        start -= 1
    while end < ceiling and _LETTER.match(text, end - 1) and _LETTER.match(text, end):
        end += 1
    return _Range(start, end)


def _cut_before(text: str, start: int) -> bool:
    return bool(text[:start].strip()) and not _ends_sentence(text, start)


def _ends_sentence(text: str, end: int) -> bool:
    before = text[:end].rstrip()
    return "\n" in text[len(before) : end] or bool(re.search(r"[.!?…][\"'”’»)\]]*$", before))


def _opening(text: str) -> tuple[Passage, ...]:
    text = text.strip()
    if not text:
        return ()
    end = len(text) if len(text) <= _OPENING else text.rfind(" ", 0, _OPENING)
    return (_pieces(text, _Range(0, end if end > 0 else _OPENING), ()),)

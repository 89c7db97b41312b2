"""What rules would have caught: figures, the words that catch most, passages to judge."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Self, TypeVar

from monitor.archive.engine import Engine, Found
from monitor.archive.preselect import read
from monitor.archive.replay import CHUNK, Job, Progress, replay
from monitor.archive.search import Finding
from monitor.archive.telling import tell
from monitor.model.channel import Routing
from monitor.rules.compile import CompiledRule, RuleSet
from monitor.store import articles
from monitor.store.copying import Sent
from monitor.store.engine import Store

_T = TypeVar("_T")

_JUDGED: Final = 200  # hits of a rule whose passages are read, spread over the time …
_JUDGED_IN_ALL: Final = 4_000  # … and of all rules
_TERMS: Final = 8
_BEFORE: Final = "before:"  # in front of the names of earlier versions; no name has a colon


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that made a clause true, and the share of the hits that have them."""

    clause: str
    text: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What another version of a rule changes; the newest of each with their passages.

    Attributes:
        gained, lost, unchanged: numbers of articles.
        gains, losses: some of them.
    """

    gained: int
    lost: int
    unchanged: int
    gains: tuple[Finding, ...]
    losses: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What one rule would have caught.

    Attributes:
        days: hits by day (UTC) on which the article was seen, in order, days without any left out.
        terms: what its hits were found by, the commonest first.
        sample: hits spread over the time, the newest first.
        compared: with another version, if there is one to compare; the other figures are of the
            version that was asked for.
    """

    rule: str
    hits: int
    days: Mapping[date, int]
    terms: tuple[Term, ...]
    sample: tuple[Finding, ...]
    compared: Compared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The result.

    Attributes:
        articles: that were stored in the time that was asked for.
        hit: of these, how many a rule hits.
        undecided: that the rules were tried on without their text, which is not stored.
        sent: the messages that they would have sent; None if nobody asked, or for too many hits.
    """

    articles: int
    hit: int
    undecided: int
    rules: tuple[RuleResult, ...]
    sent: tuple[Sent, ...] | None = None

    def messages(self, rule: str) -> int | None:
        """How many messages would have told hits of a rule."""
        return None if self.sent is None else sum(rule in each.rules for each in self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """To whom the rules would have told what.

    Attributes:
        routing: the channels and routes.
        until: when the clock stops.
        most: articles with a hit, above which nothing is told: each takes some milliseconds.
    """

    routing: Routing
    until: datetime
    most: int = 2_000


def backtest(
    job: Job,
    progress: Progress,
    *,
    sample: int = 5,
    before: RuleSet | None = None,
    telling: Telling | None = None,
) -> Backtest:
    """Replay rules over the archive; nothing is written.

    Args:
        job: what and where.
        progress: see ``replay``.
        sample: how many hits of each kind come with their passages.
        before: an earlier version of the rules: what the new one gains and loses.
        telling: to whom messages are to be counted.

    Raises:
        StoreError: the database can't be read.
    """
    rules = dict(job.rules.rules)
    earlier = {} if before is None else _changed(rules, before.rules)
    every = replace(job, rules=replace(job.rules, rules=rules | earlier))
    found = replay(every, progress)
    hits = _hits(found, tuple(every.rules.rules))
    names = tuple(dict.fromkeys((*rules, *(before.rules if before else ()))))
    same = {} if before is None else {name: hits.get(name, {}) for name in before.rules}
    former = same | {name: hits[_BEFORE + name] for name in names if _BEFORE + name in earlier}
    judged = max(sample, min(_JUDGED, _JUDGED_IN_ALL // max(1, len(names))))
    pairs = [
        _Pair.of(name, hits.get(name, {}), former.get(name, {}), judged, sample) for name in names
    ]
    texts = _passages(every, pairs)
    hit = {id_ for name in rules for id_ in hits[name]}
    sent = None
    if telling is not None and len(hit) <= telling.most:
        sent = tuple(tell(job, telling.routing, hit, telling.until, progress))
    return Backtest(
        articles=_stored(job),
        hit=len(hit),
        sent=sent,
        undecided=found.undecided,
        rules=tuple(_result(pair, texts, sample, compared=before is not None) for pair in pairs),
    )


def _changed(
    rules: Mapping[str, CompiledRule], before: Mapping[str, CompiledRule]
) -> dict[str, CompiledRule]:
    """The earlier rules that are no more as they were, under names of their own."""
    return {
        _BEFORE + id_: replace(rule, spec=replace(rule.spec, id=_BEFORE + id_))
        for id_, rule in before.items()
        if id_ not in rules or rules[id_].tree != rule.tree
    }


_Hits = dict[str, dict[int, int]]
"""Of each rule the articles it hits, the newest first, with the day."""


def _hits(found: Found, names: Sequence[str]) -> _Hits:
    hits: _Hits = {name: {} for name in names}
    for at in sorted(range(len(found.articles)), key=found.articles.__getitem__, reverse=True):
        hits[names[found.rules[at]]][found.articles[at]] = found.days[at]
    return hits


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A rule, its earlier version, and the hits whose passages are wanted."""

    name: str
    now: Mapping[int, int]
    before: Mapping[int, int]
    judged: Sequence[int]
    gains: Sequence[int]
    losses: Sequence[int]

    @classmethod
    def of(
        cls,
        name: str,
        now: Mapping[int, int],
        before: Mapping[int, int],
        judged: int,
        sample: int,
    ) -> Self:
        return cls(
            name=name,
            now=now,
            before=before,
            judged=_spread(list(now), judged),
            gains=[id_ for id_ in now if id_ not in before][:sample],
            losses=[id_ for id_ in before if id_ not in now][:sample],
        )

    def wanted(self) -> Iterator[tuple[str, int]]:
        yield from ((self.name, id_) for id_ in (*self.judged, *self.gains))
        yield from ((_BEFORE + self.name, id_) for id_ in self.losses)


_Texts = dict[tuple[str, int], Finding]


def _passages(job: Job, pairs: Iterable[_Pair]) -> _Texts:
    """The passages of some hits, by rule and article."""
    wanted = {each for pair in pairs for each in pair.wanted()}
    used = {name for name, _ in wanted}
    rules = {name: rule for name, rule in job.rules.rules.items() if name in used}
    engine = Engine(replace(job.rules, rules=rules), job.modes)
    ids = sorted({id_ for _, id_ in wanted})
    found: _Texts = {}
    store = Store.open(job.store_url)
    try:
        with store.read() as connection:
            for first in range(0, len(ids), CHUNK):
                some = read(connection, ids[first : first + CHUNK], None)
                matches = engine.matches(some)
                found |= {
                    (match.rule, article.id or 0): Finding(article=article, match=match)
                    for article in some
                    for match in matches[article.id or 0]
                    if (match.rule, article.id) in wanted
                }
    finally:
        store.close()
    return found


def _result(pair: _Pair, texts: _Texts, sample: int, *, compared: bool) -> RuleResult:
    judged = [each for id_ in pair.judged if (each := texts.get((pair.name, id_)))]
    days = Counter(pair.now.values())
    return RuleResult(
        rule=pair.name,
        hits=len(pair.now),
        days={date.fromordinal(day): days[day] for day in sorted(days) if day},
        terms=_terms(judged),
        sample=tuple(_spread(judged, sample)),
        compared=_compared(pair, texts) if compared else None,
    )


def _compared(pair: _Pair, texts: _Texts) -> Compared:
    unchanged = len(pair.now.keys() & pair.before.keys())
    gains = (texts.get((pair.name, id_)) for id_ in pair.gains)
    losses = (texts.get((_BEFORE + pair.name, id_)) for id_ in pair.losses)
    return Compared(
        gained=len(pair.now) - unchanged,
        lost=len(pair.before) - unchanged,
        unchanged=unchanged,
        gains=tuple(each for each in gains if each),
        losses=tuple(each for each in losses if each),
    )


def _spread(values: Sequence[_T], most: int) -> Sequence[_T]:
    """At most so many, at even distances."""
    if len(values) <= most:
        return values
    return [values[number * len(values) // most] for number in range(most)]


def _terms(findings: Sequence[Finding]) -> tuple[Term, ...]:
    found: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        spans = finding.match.spans
        found.update({(span.clause, " ".join(span.text.casefold().split())) for span in spans})
    return tuple(
        Term(clause=clause, text=text, share=number / len(findings))
        for (clause, text), number in found.most_common(_TERMS)
    )


def _stored(job: Job) -> int:
    store = Store.open(job.store_url)
    try:
        with store.read() as connection:
            return articles.number_since(connection, job.since)
    finally:
        store.close()

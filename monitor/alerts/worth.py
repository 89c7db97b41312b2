"""What showing a clause is worth: rare ones say more, and a topic says more than a name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from monitor.model.alert import TellingHit
from monitor.model.hit import Span

_NAME = 0.25  # a name tells whom an article speaks of, not what about


def worth(hits: Iterable[TellingHit]) -> Mapping[str, float]:
    """What showing a clause is worth: a rule is worth 1, shared among its clauses.

    So the one passage about sanctions is quoted before the tenth that names a country.
    """
    total: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        weights = {
            clause: (_NAME if _is_name(clause) else 1) / count
            for clause, count in Counter(span.clause for span in hit.spans).items()
        }
        for clause, weight in weights.items():
            total[clause] += weight / sum(weights.values())
    return total


def most_telling_first(spans: Sequence[Span]) -> list[Span]:
    """The spans of one rule: topics before names, then what the headline has, then what is rare.

    Spans of one clause stay together and in their order.
    """
    counts = Counter(span.clause for span in spans)
    in_headline = {span.clause for span in spans if span.field == "title"}
    met = {clause: place for place, clause in enumerate(counts)}

    def rank(span: Span) -> tuple[bool, bool, int, int]:
        clause = span.clause
        return _is_name(clause), clause not in in_headline, counts[clause], met[clause]

    return sorted(spans, key=rank)


def _is_name(clause: str) -> bool:
    return clause.startswith("@")

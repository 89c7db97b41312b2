"""The order of hits in a message."""

from collections.abc import Iterable

from monitor.model.alert import TellingHit
from monitor.model.rule import RANK


def order(hits: Iterable[TellingHit]) -> tuple[TellingHit, ...]:
    """Returns the hits as an alert shows them; the first one leads its subject.

    Highest severity first, then those with a passage in the headline, then those with fewer
    clauses (they are about less, hence more about this), then by rule id.
    """
    return tuple(sorted(hits, key=_place))


def _place(hit: TellingHit) -> tuple[int, bool, bool, int, str]:
    clauses = {span.clause for span in hit.spans}
    headline = any(span.field == "title" for span in hit.spans)
    # A rule without a passage (only a tag matched) is the least specific, not the most.
    return -RANK[hit.rule.severity], not headline, not clauses, len(clauses), hit.rule.id

"""Rules that hit much more, or nothing, against their own rhythm."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model.alert import Headline, RuleFacts


class Sign(StrEnum):
    """What a rule does."""

    SPIKE = "spike"  # much more stories in an hour than usual
    SILENCE = "silence"  # none for longer than its rhythm allows


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRule:
    """A rule with ``spike = true``.

    Attributes:
        until: its last day; afterwards its silence means nothing.
    """

    facts: RuleFacts
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What is remembered of a watched rule.

    Attributes:
        since: its hits count from then on; before, it was another rule, or not there.
        burst_at: the last hour, by its begin, of the last burst that people were told of.
        burst_rate: stories an hour that they were told last.
        silent_since: the begin of a silence that they were told of and that is not over.
    """

    since: datetime
    burst_at: datetime | None = None
    burst_rate: int = 0
    silent_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopStory:
    """A story, by the article that the rule hit first, and the outlets that carried it."""

    article: Headline
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen of a rule against its rhythm; frozen with the event.

    Attributes:
        since, until: the time it is about: of an hour that is not over the part that is.
        stories: that the rule found in that time; none in a silence.
        usual: how many such hours bring.
        outlets: that carried the stories, the first ten in the order of the alphabet.
        outlet_count: how many there are.
        top: the stories in most outlets; of a silence the last ones before it.
    """

    sign: Sign
    rule: RuleFacts
    since: datetime
    until: datetime
    stories: int
    usual: float
    outlets: tuple[str, ...] = ()
    outlet_count: int = 0
    top: tuple[TopStory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeAlert:
    """Everything a message about spikes and silence says; frozen when the alert is sealed.

    Attributes:
        id: stored id.
        created: when its first event came.
        subject: of the mail.
        evidence: at least one, that of the highest severity first.
    """

    id: int
    channel: str
    created: datetime
    subject: str
    evidence: tuple[Evidence, ...]

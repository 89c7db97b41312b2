"""Messages about spikes and silence: what they say, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from monitor.alerts.plain import clip, one_line
from monitor.alerts.view import HeadlineView, headline_view
from monitor.alerts.words import counted, moment, period
from monitor.model.alert import RuleFacts
from monitor.model.rule import RANK
from monitor.model.spike import Evidence, Sign, SpikeAlert, TopStory

_PART = 90  # characters of a rule or an outlet in a subject
_RARE = 10  # from which a number needs no decimals
_SHOWN = 20  # rules of a message


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeStory(HeadlineView):
    """A story; ``reach`` is in how many outlets it was found, in words, if in several."""

    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignView:
    """What one rule does; all strings are one line.

    Attributes:
        line: the present and the usual rate.
        when: the time that is about.
        outlets: that carried the stories; empty in a silence.
        heading: of the stories.
    """

    rule: str
    line: str
    when: str
    outlets: str
    heading: str
    stories: tuple[SpikeStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeView:
    """A message about spikes in words.

    Attributes:
        more: how many rules are not shown, in words; empty if none.
        commands: what they do, and the command lines, for the first rule as an example.
        footer: why the reader gets this.
    """

    id: int
    title: str
    signs: tuple[SignView, ...]
    more: str
    commands: tuple[tuple[str, str], ...]
    footer: str
    language: str = "en"


def in_words(evidence: Evidence) -> str:
    """The present and the usual rate, in one line without the name of the rule."""
    usual = _number(evidence.usual)
    if evidence.sign is Sign.SILENCE:
        hours = round((evidence.until - evidence.since) / timedelta(hours=1))
        return f"nothing for {hours} h, in which {usual} stories are usual"
    minutes = max(1, round((evidence.until - evidence.since) / timedelta(minutes=1)))
    time = "an hour" if minutes >= 60 else counted(minutes, "minute")  # noqa: PLR2004 - of an hour
    outlets = counted(evidence.outlet_count, "outlet")
    stories = counted(evidence.stories, "story", "stories")
    return f"{stories} in {outlets} within {time}; usual is {usual} an hour"


def spike_subject(evidence: Sequence[Evidence]) -> str:
    """Returns ``[spike] rule: what it does``, or ``[spike] rule +N: …`` for N further rules.

    What only silence is told of begins with ``[silence]``.
    """
    first = evidence[0]
    sign = Sign.SPIKE if any(each.sign is Sign.SPIKE for each in evidence) else Sign.SILENCE
    further = f" +{len(evidence) - 1}" if len(evidence) > 1 else ""
    return f"[{sign}] {clip(one_line(first.rule.title), _PART)}{further}: {in_words(first)}"


def in_order(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The most important first: spikes before silence, then by severity, then by strength."""

    def rank(one: Evidence) -> tuple[bool, int, float]:
        strength = one.stories / one.usual if one.sign is Sign.SPIKE else one.usual
        return one.sign is Sign.SILENCE, -RANK[one.rule.severity], -strength

    return tuple(sorted(evidence, key=rank))


def spike_view(alert: SpikeAlert, tz: tzinfo) -> SpikeView:
    """Returns the words of a message about spikes, times in zone ``tz``."""
    hidden = len(alert.evidence) - _SHOWN
    rule = alert.evidence[0].rule
    return SpikeView(
        id=alert.id,
        title=_title(alert.evidence),
        signs=tuple(_sign(each, tz) for each in alert.evidence[:_SHOWN]),
        more=f"and {counted(hidden, 'more rule')}; `monitor stats` shows all" * (hidden > 0),
        commands=_commands(rule),
        footer=f"Sent to {one_line(alert.channel)} by {_by(alert.evidence)} · alert {alert.id}",
    )


def _title(evidence: Sequence[Evidence]) -> str:
    if len(evidence) == 1:
        return f"{one_line(evidence[0].rule.title)}: {in_words(evidence[0])}"
    spikes = sum(each.sign is Sign.SPIKE for each in evidence)
    silent = len(evidence) - spikes
    told = [f"{counted(spikes, 'rule')} far above the usual"] if spikes else []
    told += [f"{counted(silent, 'rule')} silent"] if silent else []
    return ", ".join(told)


def _by(evidence: Sequence[Evidence]) -> str:
    if len(evidence) == 1:
        return f"rule {one_line(evidence[0].rule.title)} (spike = true)"
    return f"{len(evidence)} rules (spike = true)"


def _commands(rule: RuleFacts) -> tuple[tuple[str, str], ...]:
    return (
        ("Its hits", f"monitor hits --rule {rule.id} --since 1d"),
        ("Its figures", f"monitor stats {rule.id}"),
        ("Mute the rule", f"monitor mute {rule.id} --for 1d"),
    )


def _sign(evidence: Evidence, tz: tzinfo) -> SignView:
    silent = evidence.sign is Sign.SILENCE
    return SignView(
        rule=one_line(evidence.rule.title),
        line=in_words(evidence),
        when=f"since {moment(evidence.since, tz)}" if silent else _period(evidence, tz),
        outlets=_outlets(evidence),
        heading="The last before" if silent else "Top stories",
        stories=tuple(_story(each, tz) for each in evidence.top),
    )


def _period(evidence: Evidence, tz: tzinfo) -> str:
    return period(evidence.since, evidence.until, tz)


def _outlets(evidence: Evidence) -> str:
    names = [clip(one_line(name), _PART) for name in evidence.outlets]
    more = evidence.outlet_count - len(names)
    return ", ".join(names) + f" and {more} more" * (more > 0)


def _story(story: TopStory, tz: tzinfo) -> SpikeStory:
    head = headline_view(story.article, tz)
    return SpikeStory(
        headline=head.headline,
        url=head.url,
        source=head.source,
        published=head.published,
        seen=head.seen,
        copy=head.copy,
        reach=counted(story.outlets, "outlet") if story.outlets > 1 else "",
    )


def _number(usual: float) -> str:
    """A mean, as exactly as it means something."""
    return f"{usual:.0f}" if usual >= _RARE else f"{usual:.1f}" if usual >= 1 else f"{usual:.2g}"

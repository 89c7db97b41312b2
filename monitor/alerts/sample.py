"""Messages that look like real ones and say that they are none.

``monitor channels test`` sends one; all of them try the templates of the user.
"""

from datetime import UTC, datetime, timedelta

from monitor.alerts.notice import title_of
from monitor.alerts.spike_words import spike_subject
from monitor.alerts.subjects import alert_subject, digest_subject, follow_up_subject
from monitor.model.alert import (
    Alert,
    AlertArticle,
    AlertKind,
    Digest,
    Headline,
    Notice,
    NoticeLine,
    RuleFacts,
    Story,
    Telling,
    TellingHit,
)
from monitor.model.hit import Span
from monitor.model.payload import Payload
from monitor.model.spike import Evidence, Sign, SpikeAlert, TopStory

_TITLE = "Test: this channel of Media Monitor works"
_TEXT = "An alert shows the passage that matched like this; this one is a test and no news."
_SOURCE = "Media Monitor"
_URL = "https://news.example/test"


def sample_alert(channel: str, now: datetime) -> Alert:
    """An alert about nothing, for one channel."""
    story = Story(lead=_telling(now, url=""))
    return Alert(id=0, channel=channel, created=now, subject=alert_subject(story), story=story)


def samples(now: datetime) -> tuple[Payload, ...]:
    """A message of every kind, with all that one can say."""
    return (
        sample_alert("test", now),
        _follow_up(now),
        _digest(now),
        _notice(now),
        sample_spike(_hit().rule, "test", now),
    )


def sample_spike(rule: RuleFacts, channel: str, now: datetime) -> SpikeAlert:
    """A message about a spike and a silence of a rule that there never were."""
    hour = timedelta(hours=1)
    spike = Evidence(
        sign=Sign.SPIKE,
        rule=rule,
        since=now - hour,
        until=now,
        stories=14,
        usual=1.2,
        outlets=(_SOURCE,),
        outlet_count=8,
        top=(TopStory(article=_headline(now), outlets=5),),
    )
    silence = Evidence(
        sign=Sign.SILENCE,
        rule=rule,
        since=now - 8 * hour,
        until=now,
        stories=0,
        usual=16.0,
    )
    evidence = (spike, silence)
    return SpikeAlert(
        id=0, channel=channel, created=now, subject=spike_subject(evidence), evidence=evidence
    )


def _follow_up(now: datetime) -> Alert:
    story = _story(now)
    return Alert(
        id=0,
        channel="test",
        kind=AlertKind.FOLLOW_UP,
        created=now,
        subject=follow_up_subject(alert_subject(story)),
        occasion="now 5 outlets",
        story=story,
    )


def _digest(now: datetime) -> Digest:
    return Digest(
        id=0,
        channel="test",
        kind=AlertKind.DIGEST,
        since=now - timedelta(hours=24),
        until=now,
        subject=digest_subject(AlertKind.DIGEST, 2, 8, now, UTC),
        occasion="this is a test",
        stories=(_story(now), Story(lead=_telling(now, url=""))),
        headlines=(_headline(now),),
        unlisted=1,
        total=2,
    )


def _notice(now: datetime) -> Notice:
    lines = (
        NoticeLine(name=_SOURCE, url=_URL, text="this is a test", at=now),
        NoticeLine(name=_SOURCE, url="", text="this is a test", at=now),
    )
    return Notice(id=0, channel="test", created=now, title=title_of(lines), lines=lines)


def _story(now: datetime) -> Story:
    return Story(
        id=1,
        lead=_telling(now, url=_URL),
        also=(_telling(now, url=_URL),),
        others=(_headline(now),),
        unlisted=2,
        outlets=5,
    )


def _headline(now: datetime) -> Headline:
    return Headline(
        article=2, title=_TITLE, url=_URL, source=_SOURCE, published=now, seen=now, copy=True
    )


def _telling(now: datetime, url: str) -> Telling:
    article = AlertArticle(
        id=0,
        title=_TITLE,
        lead="",
        text=_TEXT,
        url=url,
        source=_SOURCE,
        language="en",
        published=now,
        seen=now,
    )
    return Telling(article=article, hits=(_hit(),))


def _hit() -> TellingHit:
    start = _TEXT.index("passage that matched")
    end = start + len("passage that matched")
    return TellingHit(
        rule=RuleFacts(id="test", title="Test"),
        spans=(Span("text", start, end, _TEXT[start:end], "test"),),
        why="sent by `monitor channels test`",
    )

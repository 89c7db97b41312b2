"""The alert that ``monitor channels test`` sends: it looks like a real one and says it is none."""

from datetime import datetime

from monitor.alerts.subjects import alert_subject
from monitor.model.alert import Alert, AlertArticle, RuleFacts, Story, Telling, TellingHit
from monitor.model.hit import Span

_TITLE = "Test: this channel of Media Monitor works"
_TEXT = "An alert shows the passage that matched like this; this one is a test and no news."


def sample_alert(channel: str, now: datetime) -> Alert:
    """An alert about nothing, for one channel."""
    story = Story(lead=_sample(now))
    return Alert(id=0, channel=channel, created=now, subject=alert_subject(story), story=story)


def _sample(now: datetime) -> Telling:
    start = _TEXT.index("passage that matched")
    end = start + len("passage that matched")
    hit = TellingHit(
        rule=RuleFacts(id="test", title="Test"),
        spans=(Span("text", start, end, _TEXT[start:end], "test"),),
        why="sent by `monitor channels test`",
    )
    article = AlertArticle(
        id=0,
        title=_TITLE,
        lead="",
        text=_TEXT,
        url="",
        source="Media Monitor",
        language="en",
        published=now,
        seen=now,
    )
    return Telling(article=article, hits=(hit,))

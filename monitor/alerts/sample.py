"""The alert that ``monitor channels test`` sends: it looks like a real one and says it is none."""

from datetime import datetime

from monitor.model.alert import Alert, AlertArticle, RuleFacts, TellingHit
from monitor.model.hit import Span

_TITLE = "Test: this channel of Media Monitor works"
_TEXT = "An alert shows the passage that matched like this; this one is a test and no news."


def sample_alert(channel: str, now: datetime) -> Alert:
    """An alert about nothing, for one channel."""
    start = _TEXT.index("passage that matched")
    end = start + len("passage that matched")
    span = Span("text", start, end, _TEXT[start:end], "test")
    return Alert(
        id=0,
        channel=channel,
        created=now,
        article=AlertArticle(
            id=0,
            title=_TITLE,
            lead="",
            text=_TEXT,
            url="",
            source="Media Monitor",
            language="en",
            published=now,
            seen=now,
        ),
        hits=(
            TellingHit(
                rule=RuleFacts(id="test", title="Test"),
                spans=(span,),
                why="sent by `monitor channels test`",
            ),
        ),
    )

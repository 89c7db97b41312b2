"""Messages, and outboxes that hold deliveries: what delivering needs of what comes before it."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from monitor.model.alert import AlertKind, Message, Notice, NoticeLine
from monitor.model.delivery import DeliveryState
from monitor.model.payload import Payload
from monitor.store.codec import to_json
from monitor.store.engine import Connection
from monitor.store.tables import ALERT, DELIVERY
from tests.support.stored import NOW

MESSAGE = Message(
    subject="[Port strikes +1] Harbour Strike Spreads as Talks Collapse — Harbour Gazette",
    text=(
        "Harbour Strike Spreads as Talks Collapse\n"
        "Harbour Gazette · published Mon 2 Mar 2026, 08:00 UTC\n"
        "https://news.example/a?id=1&from=feed\n\n"
        "Why it matched\n"
        "  Port strikes: “harbour strike” ×2\n\n"
        "Also: Docks at a Standstill — https://other.example/docks\n"
    ),
    html=(
        "<!doctype html><html><body><h1>"
        '<a href="https://news.example/a?id=1&amp;from=feed">Harbour Strike Spreads</a></h1>'
        "<p>Why it matched: <b>harbour strike</b></p>"
        '<p>Also: <a href="https://other.example/docks">Docks at a Standstill</a></p>'
        "</body></html>\n"
    ),
    markdown=(
        "**[Harbour Strike Spreads as Talks Collapse](https://news.example/a?id=1&from=feed)**\n\n"
        "Port strikes: “**harbour strike**” ×2\n\n"
        "Also: [Docks at a Standstill](https://other.example/docks)\n"
    ),
    short=(
        "[Port strikes +1] Harbour Strike Spreads as Talks Collapse\n"
        "https://news.example/a?id=1&from=feed\nPort strikes: “harbour strike” ×2"
    ),
    blocks=(
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": "*<https://news.example/a?id=1&amp;from=feed|Harbour Strike Spreads>*",
                "verbatim": True,
            },
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "alert 7"}]},
    ),
    url="https://news.example/a?id=1&from=feed",
    rule="port-strikes",
    thread="story-42",
)


def message(text: str = "told") -> Message:
    """A message that says this in every form."""
    return replace(MESSAGE, text=text, html=f"<p>{text}</p>", markdown=text, short=text, thread="")


def put(
    connection: Connection,
    number: int = 1,
    channel: str = "desk",
    targets: Iterable[str] = ("",),
    *,
    kind: AlertKind = AlertKind.SYSTEM,
    subject: str = "",
) -> int:
    """Stores a sealed alert called ``Title <number>`` with its deliveries; returns its id."""
    alert: int = connection.scalars(
        sa.insert(ALERT)
        .values(
            channel=channel,
            kind=kind,
            subject=subject or f"test:{number}",
            seq=number,
            state="sealed",
            waits_for="group",
            due_at=NOW,
            created=NOW,
            sealed_at=NOW,
        )
        .returning(ALERT.c.id)
    ).one()
    payload = to_json(_notice(alert, channel, f"Title {number}"))
    connection.execute(sa.update(ALERT).where(ALERT.c.id == alert).values(payload=payload))
    rows = [
        {
            "alert": alert,
            "channel": channel,
            "target": target,
            "key": f"alert-{alert}-{target}",
            "state": DeliveryState.PENDING,
            "next_try": NOW,
            "created": NOW,
        }
        for target in targets
    ]
    connection.execute(sa.insert(DELIVERY), rows)
    return alert


def _notice(alert: int, channel: str, title: str) -> Notice:
    line = NoticeLine(name="News", url="https://news.example/feed", text=title, at=NOW)
    return Notice(id=alert, channel=channel, created=NOW, title=title, lines=(line,))


def title(alert: Payload) -> str:
    """What ``put`` called an alert."""
    assert isinstance(alert, Notice)
    return alert.title

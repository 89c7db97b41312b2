"""Measures the way of an article: from the feed server's 200 to the mail server's DATA.

``python -m tests.bench.latency`` prints one JSON line; times in seconds.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.newsroom import mail_to, set_up
from tests.e2e.told import by_mail
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed
from tests.support.process import Program
from tests.support.smtp_server import SmtpServer

ARTICLES = 20


class Clocked:
    """A feed that notes when it first showed an item."""

    def __init__(self) -> None:
        self.feed = AcknowledgedFeed()
        self.shown: dict[int, float] = {}

    def __call__(self, request: Request) -> Answer:
        """Answers a poll."""
        answer = self.feed(request)
        if answer.status == 200:
            for number in self.feed.numbers:
                self.shown.setdefault(number, time.monotonic())
        return answer


def measure(folder: Path) -> list[float]:
    """The latency of each article, in the order of their numbers."""
    clocked = Clocked()
    with SmtpServer() as mail, HttpServer() as http:
        http.answers["/feed"] = clocked
        set_up(folder, feeds=[http.url("/feed")], channels=[mail_to(mail.port)])
        with Program(folder, "run") as daemon:
            http.wait_for_requests(1)
            for number in range(ARTICLES):
                clocked.feed.publish(number)
                mail.wait_for_messages(number + 1)
            daemon.end()
        arrived = {
            telling.number: received.received_at
            for received, telling in zip(mail.messages, by_mail(mail.messages), strict=True)
        }
    return [arrived[number] - clocked.shown[number] for number in range(ARTICLES)]


def main() -> None:
    """Prints the figures."""
    with tempfile.TemporaryDirectory() as folder:
        latencies = measure(Path(folder))
    figures = {
        "articles": len(latencies),
        "median": round(statistics.median(latencies), 3),
        "worst": round(max(latencies), 3),
    }
    sys.stdout.write(f"{json.dumps(figures)}\n")


if __name__ == "__main__":
    main()

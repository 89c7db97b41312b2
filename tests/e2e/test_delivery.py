"""The daemon between real servers: news on one side, mail, Slack and JSON on the other."""

import json
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.e2e.forks import LAUNCH
from tests.e2e.newsroom import mail_to, problems, set_up
from tests.e2e.told import by_json, by_mail, repeats
from tests.support.http_server import Answer, HttpServer, Request
from tests.support.news import AcknowledgedFeed, headline, number_in, summary
from tests.support.process import Program, eventually
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.slow

FEEDS, ARTICLES = 4, 20


class OneByOne:
    """A feed that has one more item at every poll, until its share is out."""

    def __init__(self, numbers: list[int]) -> None:
        self.feed = AcknowledgedFeed()
        self._coming = numbers

    def __call__(self, request: Request) -> Answer:
        """Answers a poll."""
        if self._coming:
            self.feed.publish(self._coming.pop(0))
        return self.feed(request)


def test_each_article_is_told_once_on_each_channel_and_then_all_is_quiet(tmp_path: Path) -> None:
    feeds = [OneByOne(list(range(n, ARTICLES, FEEDS))) for n in range(FEEDS)]
    with SmtpServer() as mail, HttpServer() as http, HttpServer() as slack, HttpServer() as hook:
        for n, feed in enumerate(feeds):
            http.answers[f"/{n}"] = feed
        slack.answers["/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"] = Answer(body=b"ok")
        hook.answers["/hook"] = Answer()
        set_up(
            tmp_path,
            feeds=[http.url(f"/{n}") for n in range(FEEDS)],
            channels=[
                mail_to(mail.port),
                'url = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7"',
                f'url = "json://127.0.0.1:{hook.port}/hook"',
            ],
        )
        hooks = json.dumps({"slack": slack.url("")})
        command = (sys.executable, str(LAUNCH), hooks)
        with Program(tmp_path, "run", command=command) as daemon:
            mail.wait_for_messages(ARTICLES, 60)
            slack.wait_for_requests(ARTICLES, 60)
            hook.wait_for_requests(ARTICLES, 60)
            eventually(lambda: _is_quiet(tmp_path))
            rows, polls = _rows(tmp_path), [feed.feed.unchanged for feed in feeds]
            eventually(
                lambda: all(
                    feed.feed.unchanged > before + 1
                    for feed, before in zip(feeds, polls, strict=True)
                )
            )
            assert _rows(tmp_path) == rows  # 304 is no work
            assert daemon.end(timeout=10) == 0
    _check_mails(mail)
    _check_slack(slack.requests)
    posts = by_json(hook.requests)
    assert sorted(telling.number for telling in posts) == list(range(ARTICLES))
    assert repeats(posts) == 0
    assert problems(tmp_path) == []


def _check_mails(server: SmtpServer) -> None:
    tellings = by_mail(server.messages)
    assert sorted(telling.number for telling in tellings) == list(range(ARTICLES))
    assert repeats(tellings) == 0
    for mail in server.messages:
        number = number_in(mail.message["Subject"])
        text = mail.message.get_body(("plain",))
        assert text is not None
        assert mail.to == ("desk@flood.example",)
        assert mail.message["Subject"] == f"[Floods] {headline(number)} — 127.0.0.1"
        assert f"https://flood.example/{number}" in text.get_content()
        assert summary(number).split()[0] in text.get_content()


def _check_slack(requests: list[Request]) -> None:
    posts = [json.loads(request.body) for request in requests]
    assert sorted(number_in(post["text"]) for post in posts) == list(range(ARTICLES))
    for post in posts:
        blocks = json.dumps(post["blocks"])
        assert f"https://flood.example/{number_in(post['text'])}" in blocks


def _is_quiet(folder: Path) -> bool:
    return _count(folder, "delivery WHERE state = 'sent'") == 3 * ARTICLES


def _rows(folder: Path) -> list[int]:
    tables = ("article", "article_revision", "hit", "alert", "delivery", "delivery_attempt")
    return [_count(folder, table) for table in tables]


def _count(folder: Path, what: str) -> int:
    connection = sqlite3.connect(folder / "monitor.db")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])  # noqa: S608
    finally:
        connection.close()

"""What receivers got: each article once, or again as a marked repeat."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tests.support.http_server import Request
from tests.support.news import number_in
from tests.support.smtp_server import Received

_NOTICE = "[Media Monitor]"  # about sources, not about articles


@dataclass(frozen=True, slots=True)
class Telling:
    """A message as its receiver can tell it from others."""

    number: int
    identity: str
    attempt: int


def by_mail(messages: Iterable[Received]) -> list[Telling]:
    """Mails, in the order they came."""
    return [
        Telling(
            number_in(mail.message["Subject"]),
            str(mail.message["Message-ID"]),
            int(mail.message["X-Monitor-Attempt"]),
        )
        for mail in messages
        if not mail.message["Subject"].startswith(_NOTICE)
    ]


def by_json(requests: Iterable[Request]) -> list[Telling]:
    """Posts of ``json://``, in the order they came."""
    posts = [json.loads(request.body) for request in requests if request.method == "POST"]
    return [
        Telling(number_in(post["title"]), post["key"], post["attempt"])
        for post in posts
        if not post["title"].startswith(_NOTICE)
    ]


def repeats(tellings: Iterable[Telling]) -> int:
    """How many tellings are repeats; fails on one that its receiver could not know as such."""
    groups: dict[int, list[Telling]] = defaultdict(list)
    for telling in tellings:
        groups[telling.number].append(telling)
    for group in groups.values():
        attempts = [telling.attempt for telling in group]
        assert len({telling.identity for telling in group}) == 1, group
        assert attempts == sorted(set(attempts)), group  # each later one is marked
    identities = [group[0].identity for group in groups.values()]
    assert len(identities) == len(set(identities))
    return sum(len(group) - 1 for group in groups.values())

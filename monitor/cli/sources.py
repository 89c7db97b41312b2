"""Articles to explain: text files, ``.jsonl`` files, standard input, stored articles."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.cli.common import open_store, settings
from monitor.errors import MonitorError, Place, Problem
from monitor.matching.ruletests import carriers_of
from monitor.model.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an article came from, its id there (or None), and the article.

    Attributes:
        text_known: False if only title and lead of it have come so far.
    """

    name: str
    id: int | str | None
    article: Article
    text_known: bool = True


def read_source(name: str, language: str | None) -> Iterator[Source | Problem]:
    """The articles of one SOURCE argument, and the lines of it that are none.

    Raises:
        MonitorError: it can't be read, or is none of the kinds.
    """
    if name.startswith("id:"):
        yield _stored(name)
    elif name.startswith(("http://", "https://")):
        raise MonitorError(f"{name}: pages can't be read yet; save the text to a file and name it")
    elif name == "-":
        yield _from_text(name, sys.stdin.read(), language)
    elif name.endswith(".jsonl"):
        yield from _json_lines(name)
    else:
        yield _from_text(name, _read(name), language)


def _from_text(name: str, text: str, language: str | None) -> Source:
    """The first line is the title, the rest the text."""
    text = text.removeprefix("\ufeff").strip()
    if text.startswith(("<?xml", "<rss", "<feed")):
        raise MonitorError(
            f"{name}: this is a feed document, not an article; `monitor run` reads those"
        )
    title, _, rest = text.partition("\n")
    article = Article(title=title.strip(), text=rest.strip(), language=language)
    return Source(name=name, id=None, article=article)


def _read(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise MonitorError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MonitorError(f"{name}: is not UTF-8 text") from None


def _stored(name: str) -> Source:
    from monitor.jobs.match import full_text, is_known
    from monitor.store import articles

    number = name.removeprefix("id:")
    if not number.isdigit():
        raise MonitorError(f"{name}: an article is named by its number, for example id:7")
    wishes = settings()
    with open_store(wishes).read() as connection:
        article = articles.get(connection, int(number))
    if article is None:
        raise MonitorError(f"{name}: there is no such article; `monitor articles` lists them")
    modes = {feed.url: feed.full_text for feed in wishes.feeds.values() if feed.enabled}
    known = is_known(article, full_text(article, modes))
    return Source(name=name, id=int(number), article=article, text_known=known)


def _json_lines(name: str) -> Iterator[Source | Problem]:
    for number, line in enumerate(_read(name).split("\n"), 1):
        if line.strip():
            try:
                value = json.loads(line)
                yield Source(name=name, id=value.get("id"), article=_from_json(value))
            except (ValueError, AttributeError, TypeError):
                yield Problem(Place(name, number), "not a JSON object of an article")


def _from_json(value: dict[str, Any]) -> Article:
    language, feed = value.get("language") or None, value.get("feed") or None
    if not all(isinstance(each, str | None) for each in (language, feed)):
        raise TypeError
    tags = tuple(map(str, value.get("tags") or ()))
    return Article(
        title=str(value.get("title") or ""),
        lead=str(value.get("lead") or ""),
        text=str(value.get("text") or ""),
        language=language,
        url=str(value.get("url") or ""),
        author=str(value.get("author") or ""),
        tags=tags,
        carriers=carriers_of(feed, tags),
    )

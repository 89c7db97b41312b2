"""A feed of teasers: what only the pages say is told all the same, and what they hide is shown."""

import json
from pathlib import Path

import pytest

from tests.e2e.newsroom import SETTINGS, problems, set_up
from tests.support.http_server import Answer, HttpServer
from tests.support.process import Program, eventually, run_monitor

pytestmark = pytest.mark.slow

RULE = """
[rules.sanctions]
title = "Sanctions"
query = '"package of sanctions"'
"""
STORY = "The ministers agreed on Monday on a nineteenth package of sanctions against the fleet."
OTHER = "The ministers spoke on Monday for several hours about football and about the weather."
MORE = "They will meet again next week, said a spokesman after the meeting in the capital."
HTML = {"Content-Type": "text/html; charset=utf-8"}


def rss(server: HttpServer, *paths: str) -> Answer:
    items = "".join(
        f"<item><title>Ministers meet, {path[1:]}</title><link>{server.url(path)}</link>"
        f"<guid>{path}</guid><description>The ministers agreed …</description></item>"
        for path in paths
    )
    document = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'
    return Answer(body=document.encode(), headers={"Content-Type": "application/rss+xml"})


def page(*paragraphs: str) -> Answer:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    markup = f'<html lang="en"><body><article>{body}</article></body></html>'
    return Answer(body=markup.encode(), headers=HTML)


def newsroom(folder: Path, server: HttpServer, *feeds: str, settings: str = SETTINGS) -> None:
    server.answers["/hook"] = Answer()
    hook = f'url = "json://127.0.0.1:{server.port}/hook"'
    set_up(folder, feeds=map(server.url, feeds), channels=[hook], settings=settings)
    (folder / "rules" / "flood.toml").write_text(RULE, encoding="utf-8")


def told(server: HttpServer) -> list[str]:
    posts = [request for request in server.requests if request.path == "/hook"]
    return [json.loads(request.body)["title"] for request in posts]


def fetched(server: HttpServer, path: str) -> int:
    return sum(request.path == path for request in server.requests)


def articles(folder: Path, *options: str) -> dict[str, str | None]:
    done = run_monitor(folder, "articles", "--json", *options)
    lines = map(json.loads, done.output.splitlines())
    return {line["title"].removeprefix("Ministers meet, "): line["reason"] for line in lines}


def test_a_rule_that_only_the_page_fulfils_is_told_once(tmp_path: Path) -> None:
    with HttpServer() as server:
        server.answers["/feed"] = rss(server, "/story", "/other")
        server.answers["/story"] = page(STORY, MORE)
        server.answers["/other"] = page(OTHER, f"Nobody knows why. {MORE}")
        newsroom(tmp_path, server, "/feed")
        with Program(tmp_path, "run") as daemon:
            eventually(lambda: told(server))
            eventually(lambda: fetched(server, "/other") and fetched(server, "/feed") > 2)
            eventually(lambda: articles(tmp_path, "--undecided") == {})
            assert daemon.end(timeout=10) == 0
        assert len(told(server)) == 1
        assert "Ministers meet, story" in told(server)[0]
        assert fetched(server, "/story") == fetched(server, "/other") == 1
        assert fetched(server, "/robots.txt") == 1
    assert problems(tmp_path) == []


def test_one_pass_reads_the_pages_and_shows_what_stays_undecided(tmp_path: Path) -> None:
    paths = ("/story", "/private/1", "/gone", "/wall")
    with HttpServer() as server:
        server.answers["/feed"] = rss(server, *paths)
        server.answers["/robots.txt"] = Answer(body=b"User-agent: *\nDisallow: /private/\n")
        server.answers["/story"] = page(STORY, MORE)
        server.answers["/private/1"] = page(STORY, MORE)
        server.answers["/gone"] = Answer(status=410)
        server.answers["/wall"] = page(OTHER, "Already a subscriber? Log in")
        newsroom(tmp_path, server, "/feed")
        done = run_monitor(tmp_path, "run", "--once")
        assert done.code == 0, done.errors
        assert len(told(server)) == 1
        assert fetched(server, "/private/1") == 0
    undecided = articles(tmp_path, "--undecided")
    assert set(undecided) == {"private/1", "gone", "wall"}
    assert undecided["private/1"] == (
        "undecided: the site does not want its page to be fetched (robots.txt)"
    )
    assert "410" in (undecided["gone"] or "")
    assert "only the beginning" in (undecided["wall"] or "")
    status = json.loads(run_monitor(tmp_path, "status", "--json").output)
    assert (status["undecided"], status["wanted"]) == (3, 0)
    found = run_monitor(tmp_path, "explain", "--json", "id:1", "id:2", "id:3", "id:4")
    verdicts = [json.loads(line)["match"] for line in found.output.splitlines()]
    assert sorted(map(str, verdicts)) == ["None", "None", "None", "True"]


def test_the_budget_of_a_day_holds_and_what_waits_for_the_next_is_shown(tmp_path: Path) -> None:
    settings = SETTINGS.replace("[fetch]", "[fetch]\npages_per_day = 1")
    with HttpServer() as server:
        server.answers["/feed"] = rss(server, "/1", "/2", "/3")
        for n in (1, 2, 3):
            server.answers[f"/{n}"] = page(f"{n} {STORY}", f"{n} {MORE}")
        newsroom(tmp_path, server, "/feed", settings=settings)
        run_monitor(tmp_path, "run", "--once")
        run_monitor(tmp_path, "run", "--once", "--all")
        assert sum(fetched(server, f"/{n}") for n in (1, 2, 3)) == 1
    reasons = list(articles(tmp_path, "--undecided").values())
    assert reasons == ["undecided: the budget of its feed is used up (pages_per_day = 1)"] * 2
    status = json.loads(run_monitor(tmp_path, "status", "--json").output)
    assert (status["undecided"], status["wanted"]) == (2, 2)


def test_a_feed_without_pages_is_matched_by_what_it_says(tmp_path: Path) -> None:
    settings = SETTINGS.replace("[feed_defaults]", '[feed_defaults]\nfull_text = "never"')
    with HttpServer() as server:
        server.answers["/feed"] = rss(server, "/story")
        newsroom(tmp_path, server, "/feed", settings=settings)
        run_monitor(tmp_path, "run", "--once")
        assert fetched(server, "/story") == 0
    assert articles(tmp_path, "--undecided") == {}
    found = run_monitor(tmp_path, "explain", "--json", "id:1")
    assert json.loads(found.output)["match"] is False

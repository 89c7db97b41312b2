"""Articles on pages."""

import socket

import pytest

from monitor.feeds.pages import Page, PageSource, is_page, read_page

URL = "https://www.news.example/world/story?utm_source=rss"
STORY = "The minister of defence said on Monday that sanctions would follow within a week."
MORE = "He spoke to reporters after a long meeting with the heads of all the governments."
ARTICLE = f"<article><h1>Minister speaks</h1><p>{STORY}</p><p>{MORE}</p></article>"


def read(markup: str | bytes, content_type: str = "text/html") -> Page:
    body = markup if isinstance(markup, bytes) else markup.encode()
    return read_page(PageSource(body=body, url=URL, content_type=content_type))


def page(head: str = "", body: str = ARTICLE, lang: str = "") -> Page:
    return read(f"<!doctype html><html{lang}><head>{head}</head><body>{body}</body></html>")


def test_the_text_of_an_article_is_its_paragraphs() -> None:
    found = page()
    assert found.text == f"Minister speaks\n\n{STORY}\n\n{MORE}"
    assert found.problem is None


def test_what_stands_beside_the_article_is_left_out() -> None:
    links = "".join(f'<li><a href="/{n}">Football: team {n} wins again</a></li>' for n in range(9))
    comments = '<section class="comments"><p>First comment, about tennis.</p></section>'
    found = page(
        body=f"<nav><ul>{links}</ul></nav>{ARTICLE}{comments}<aside><ul>{links}</ul></aside>"
    )
    assert STORY in found.text
    assert "Football" not in found.text
    assert "tennis" not in found.text


def test_nothing_is_fetched_whatever_a_page_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    page()  # imports what reads pages; that needs the real sockets
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    head = (
        '<link rel="amphtml" href="https://news.example/amp"><script src="//cdn.example/a.js">'
        '</script><meta property="og:image" content="https://cdn.example/a.jpg">'
        '<link rel="canonical" href="https://news.example/story">'
    )
    body = (
        f'<img src="https://cdn.example/a.jpg"><iframe src="https://x.example"></iframe>{ARTICLE}'
    )
    assert STORY in page(head, body).text


@pytest.mark.parametrize(
    ("lang", "head", "language"),
    [
        (' lang="de-at"', "", "de-AT"),
        (' xml:lang="fr"', "", "fr"),
        ("", '<meta http-equiv="Content-Language" content="pl">', "pl"),
        (' lang="de"', '<meta http-equiv="content-language" content="pl">', "de"),
        (" lang=uk", "", "uk"),
        (' lang="{{lang}}"', "", None),
        ("", "<!-- <html lang=en> -->", None),
    ],
)
def test_the_language_is_that_of_the_document(lang: str, head: str, language: str | None) -> None:
    assert page(head, lang=lang).language == language


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ('<link rel="canonical" href="https://www.news.example/world/story">', "https://www.news.example/world/story"),
        ("<link href=/world/story rel=canonical>", "https://www.news.example/world/story"),
        ('<link rel="canonical" href="https://news.example/a?b=1&amp;c=2">', "https://news.example/a?b=1&c=2"),
        ('<base href="/x/"><link rel="canonical" href="story">', "https://www.news.example/x/story"),
        ('<link rel="canonical" href="https://evil.example/story">', None),
        ('<link rel="canonical" href="https://www.news.example/">', None),
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        ('<link rel="alternate" href="/world/story">', None),
    ],
)  # fmt: skip
def test_the_canonical_address_counts_on_its_own_site(link: str, canonical: str | None) -> None:
    assert page(link).canonical == canonical


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0; url=/next", "https://www.news.example/next"),
        ("3;URL='https://news.example/next'", "https://news.example/next"),
        ("0;/next", "https://www.news.example/next"),
        ("600; url=/world/story", None),
        ("0", None),
        (f"0; url={URL}", None),
        ("0; url=file:///etc/passwd", None),
    ],
)
def test_a_page_may_send_its_readers_on(content: str, target: str | None) -> None:
    found = page(f'<meta http-equiv="refresh" content="{content}">', body="")
    assert found.refresh == target


@pytest.mark.parametrize(
    ("content_type", "declared", "encoding"),
    [
        ("text/html; charset=windows-1251", "", "cp1251"),
        ("text/html", '<meta charset="windows-1251">', "cp1251"),
        ("text/html", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ("text/html; charset=koi8-r", '<meta charset="windows-1251">', "koi8-r"),
        ("text/html", "", "utf-8"),
        ("text/html; charset=iso-8859-1", "", "utf-8"),  # it says so, and is not
    ],
)  # fmt: skip
def test_the_text_is_read_in_its_encoding(content_type: str, declared: str, encoding: str) -> None:
    story = "Министр обороны заявил в понедельник, что санкции последуют в течение недели."
    markup = f"<html><head>{declared}</head><body><article><p>{story} Вот так.</p></article></body></html>"
    assert story in read(markup.encode(encoding), content_type).text


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", "no text of an article was found on its page"),
        ("<h1>Minister speaks</h1>", "no text of an article was found on its page"),
        (f"<p>{STORY}</p><p>{MORE[:-9]}…</p>", "its page shows only the beginning (for subscribers?)"),
        (
            f'<script type="application/ld+json">{{"isAccessibleForFree": false}}</script>{ARTICLE}',
            "its page is for subscribers only",
        ),
    ],
    ids=["empty", "heading", "cut", "declared"],
)  # fmt: skip
def test_a_page_without_the_whole_article_says_so(body: str, problem: str) -> None:
    assert page(body=body).problem == problem


def test_a_page_for_subscribers_that_shows_all_is_read() -> None:
    script = '<script type="application/ld+json">{"isAccessibleForFree":"False"}</script>'
    story = "".join(f"<p>{n}. {STORY}</p>" for n in range(20))
    assert page(body=f"{script}<article>{story}</article>").problem is None


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html; charset=utf-8", True),
        ("Application/XHTML+XML", True),
        ("", True),
        ("application/pdf", False),
        ("image/png", False),
        ("application/json", False),
    ],
)
def test_only_html_is_taken_for_a_page(content_type: str, *, expected: bool) -> None:
    assert is_page(content_type) is expected

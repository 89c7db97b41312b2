"""Pages made to take long, much memory or the process: a worker bounds them."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from monitor.errors import WorkerError
from monitor.feeds.pages import MAX_PAGE, PageSource, read_page
from monitor.feeds.workers import WorkerPool

SECONDS = 10.0


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(1) as made:
        yield made


def filled(start: str, repeated: str) -> bytes:
    return (start + repeated * (MAX_PAGE // len(repeated)))[:MAX_PAGE].encode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        filled("<html><body>", "<div>"),
        filled("<html><body>", "<table><tr><td>"),
        filled("<html>", "<!--"),
        filled("<html><head><meta ", 'a="'),
        filled("", "<"),
        filled("", "&#xFFFFFFFF;"),
        filled('<script type="application/ld+json">', "["),
        filled("<html><body><p>", "<q>"),
        filled("<html><body><article>", "<p>A sentence, and one more.</p>"),
        bytes(range(256)) * (MAX_PAGE // 256),
    ],
    ids=["divs", "tables", "comments", "quotes", "lt", "references", "json", "q", "paragraphs", "binary"],
)  # fmt: skip
def test_a_hostile_page_is_read_or_given_up_in_time(pool: WorkerPool, body: bytes) -> None:
    source = PageSource(body=body, url="https://news.example/1")
    try:
        read = pool.run(read_page, source, seconds=SECONDS)
    except WorkerError:
        return  # it took too long or too much memory, and ends alone
    assert len(read.text) <= MAX_PAGE


def test_after_a_hostile_page_the_next_one_is_read(pool: WorkerPool) -> None:
    hostile = filled("<html><body>", '<a href="/x">link</a> ')
    with pytest.raises(WorkerError, match=r"took more than 0\.2 s"):
        pool.run(read_page, PageSource(body=hostile, url=""), seconds=0.2)
    story = "The minister of defence said on Monday that sanctions would follow within a week."
    body = f"<article><p>{story}</p><p>{story[::-1]}</p></article>".encode()
    assert story in pool.run(read_page, PageSource(body=body, url=""), seconds=60).text


def test_only_workers_load_what_reads_pages() -> None:
    program = "import sys, monitor.daemon; print('trafilatura' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"

"""A folder of text files is a feed."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.feeds.files import read_file
from monitor.feeds.parse import Document, parse
from monitor.model.feed import Entry
from tests.unit.feeds.documents import NOW

CAP = 10_000


def put(folder: Path, name: str, text: str | bytes, hour: int) -> None:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    at = datetime(2026, 11, 20, hour, tzinfo=UTC).timestamp()
    os.utime(path, (at, at))


def read(folder: Path, cap: int = CAP) -> tuple[Entry, ...]:
    body = read_file(str(folder), cap)
    return parse(Document(body=body, url=str(folder), now=NOW)).entries


def test_every_text_file_is_an_entry_the_newest_first(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "Troops <moved> & stayed\n\nFirst.\n\nSecond & <last>.\n", 9)
    put(tmp_path, "b.md", "# Heading\nBody", 11)
    page = "<html><head><title>Page &amp; more</title></head><body><p>Text</p></body></html>"
    put(tmp_path, "c.HTML", page, 10)
    put(tmp_path, "d.txt", "Łódź".encode("utf-16"), 8)
    for name in (".hidden.txt", "e.pdf", "f"):
        put(tmp_path, name, "no", 12)
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert read(tmp_path) == (
        entry("b.md", "Heading", "Body", 11),
        entry("c.HTML", "Page & more", "Text", 10),
        entry("a.txt", "Troops <moved> & stayed", "First.\n\nSecond & <last>.", 9),
        entry("d.txt", "Łódź", "", 8),
    )


def entry(name: str, title: str, text: str, hour: int) -> Entry:
    published = datetime(2026, 11, 20, hour, tzinfo=UTC)
    return Entry(guid=name, url="", title=title, text=text, published=published)


def test_a_long_first_line_is_no_title(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "word " * 100, 9)
    (found,) = read(tmp_path)
    assert found.title.endswith("word …")
    assert found.text == ("word " * 100).strip()


def test_an_empty_folder_is_an_empty_feed(tmp_path: Path) -> None:
    assert read(tmp_path) == ()


def test_of_too_many_texts_the_newest_are_read(tmp_path: Path) -> None:
    for hour in range(9, 13):
        put(tmp_path, f"{hour}.txt", f"{hour}\n" + "x" * 4_000, hour)
    assert [found.title for found in read(tmp_path)] == ["12", "11"]


def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a.txt", "a", 9)

    def refuse(self: Path, _: str) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FetchError) as caught:
        read(tmp_path)
    assert str(caught.value) == f"cannot read {tmp_path / 'a.txt'}: Permission denied"

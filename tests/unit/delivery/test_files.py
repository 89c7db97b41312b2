"""Messages as files."""

import json
from pathlib import Path

from monitor.delivery.files import write_message
from monitor.model.alert import Message

MESSAGE = Message(
    subject="[troops] Пакет — Desk",
    text="line one\r\nhttps://news.example/1\n",
    html="<p>é</p>",
    markdown="[Read](https://news.example/1)",
    short="in short",
    blocks=({"type": "divider"},),
)


def test_every_form_of_a_message_is_a_file(tmp_path: Path) -> None:
    files = write_message(tmp_path / "new" / "folder", "7-desk", MESSAGE)

    assert [file.name for file in files] == [
        "7-desk.txt",
        "7-desk.html",
        "7-desk.md",
        "7-desk.slack.json",
    ]
    text, html, markdown, slack = (file.read_bytes().decode() for file in files)
    assert text == f"{MESSAGE.subject}\n\n{MESSAGE.text}"
    assert html == MESSAGE.html
    assert markdown == f"{MESSAGE.subject}\n\n{MESSAGE.markdown}"
    assert json.loads(slack) == {"text": "in short", "blocks": [{"type": "divider"}]}


def test_files_of_an_earlier_time_are_replaced_and_broken_characters_shown(
    tmp_path: Path,
) -> None:
    write_message(tmp_path, "1", MESSAGE)
    broken = Message(subject="s", text="\ud800!", html="", markdown="", short="", blocks=())
    write_message(tmp_path, "1", broken)
    assert (tmp_path / "1.txt").read_bytes() == b"s\n\n?!"
    assert len(list(tmp_path.iterdir())) == 4

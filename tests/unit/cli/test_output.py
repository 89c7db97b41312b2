"""Tables and passages as a terminal and a pipe show them."""

import pytest

from monitor.cli.output import counted, table
from monitor.cli.passages import passage, telling
from monitor.model.article import Article
from monitor.model.hit import Span

TITLE = "A headline that is much longer than the terminal is wide, as many of them are"


def test_a_terminal_cuts_the_long_column_and_a_pipe_shows_all_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("7", TITLE, "sanctions-package")]
    table(("id", "title", "hits"), rows, cut="title")
    pipe = capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    table(("id", "title", "hits"), rows, cut="title")
    terminal = capsys.readouterr().out

    assert TITLE in pipe
    assert len(terminal.splitlines()) == 2
    assert "A headline that is much longer than …  sanctions-package" in terminal
    assert "sanctions-package" in terminal


def _article(text: str) -> Article:
    return Article(title="T", text=text)


def _span(text: str, found: str, clause: str = "c") -> Span:
    start = text.index(found)
    return Span(field="text", start=start, end=start + len(found), text=found, clause=clause)


FAR = "x" * 60
PASSAGES = {
    "whole": ("The EU acts.", "The *EU* acts."),
    "to the last character": (f"{'a' * 40}EU{'b' * 40}", f"{'a' * 40}*EU*{'b' * 40}"),
    "cut before": (f"{FAR}EU.", f"…{'x' * 40}*EU*."),
    "cut after": (f"EU{FAR}", f"*EU*{'x' * 40}…"),
    "without control characters": ("a\x1b[2J\nEU", "a [2J *EU*"),
}


@pytest.mark.parametrize(("text", "shown"), PASSAGES.values(), ids=PASSAGES.keys())
def test_a_passage_marks_only_what_is_cut(text: str, shown: str) -> None:
    assert passage(_article(text), _span(text, "EU")) == shown


def test_the_passage_shown_is_a_rare_one_and_not_of_the_headline() -> None:
    title = Span(field="title", start=0, end=1, text="T", clause="only")
    text = "Russia, Russia, sanctions"
    common, rare = _span(text, "Russia", "#russia"), _span(text, "sanctions", "#sanctions")

    assert telling([title, common, common, rare]) == rare
    assert telling([title]) == title
    assert telling([]) is None


def test_one_is_not_plural() -> None:
    assert counted(1, "problem") == "1 problem"
    assert counted(2, "problem") == "2 problems"
    assert counted(0, "delivery", "deliveries") == "0 deliveries"

"""``monitor preview``."""

import json
from pathlib import Path

from tests.unit.cli.conftest import Run

RULE = """
[rules.strikes]
title = "Port strikes"
query = '"harbour strike"'
"""
TEXT = "Dockers walk out\n\nThe harbour strike began on Monday.\n"


def prepare(desk: Path) -> None:
    (desk / "rules" / "own.toml").write_text(RULE, encoding="utf-8")
    (desk / "news.txt").write_text(TEXT, encoding="utf-8")


def test_every_form_of_a_message_is_written_and_named(desk: Path, run: Run) -> None:
    prepare(desk)
    result = run("preview", "strikes", "news.txt", "--to", "out")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "[Port strikes] Dockers walk out — news.txt",
        *(f"  out/strikes-news.{ending}" for ending in ("txt", "html", "md", "slack.json")),
    ]
    text = (desk / "out" / "strikes-news.txt").read_text(encoding="utf-8")
    assert "> The *harbour strike* began on Monday.\n" in text
    assert "Sent to terminal by rule Port strikes" in text
    assert json.loads((desk / "out" / "strikes-news.slack.json").read_text("utf-8"))["blocks"]


def test_a_message_about_a_spike_can_be_looked_at(desk: Path, run: Run) -> None:
    prepare(desk)
    result = run("preview", "strikes", "spike")

    assert result.exit_code == 0
    assert result.stdout.startswith("[spike] Port strikes +1: 14 stories in 8 outlets")
    text = (desk / "preview" / "strikes-spike.txt").read_text(encoding="utf-8")
    assert "Mute the rule: monitor mute strikes --for 1d" in text


def test_of_many_articles_each_that_matches_is_written(desk: Path, run: Run) -> None:
    prepare(desk)
    lines = [
        {"title": "One", "text": "The harbour strike began.", "url": "https://a.example/1"},
        {"title": "Two", "text": "Nothing."},
        {"title": "Three", "text": "A harbour strike.", "feed": "Gazette"},
    ]
    file = desk / "many.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n[]\n", encoding="utf-8")

    result = run("preview", "strikes", "many.jsonl")

    assert result.exit_code == 0
    assert [path.name for path in sorted((desk / "preview").glob("*.md"))] == [
        "strikes-many-1.md",
        "strikes-many-3.md",
    ]
    assert "[Port strikes] Three — Gazette\n" in result.stdout
    assert "strikes does not match “Two”; `monitor explain --rule strikes many.jsonl`" in (
        result.stderr
    )
    assert "many.jsonl:4:1" in result.stderr


def test_what_does_not_match_makes_no_message(desk: Path, run: Run) -> None:
    prepare(desk)
    result = run("preview", "strikes", "-", input_="A title\nA text")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("strikes does not match “A title”; ")
    assert not (desk / "preview").exists()


def test_a_stored_article_is_named_by_its_number(desk: Path, run: Run) -> None:
    prepare(desk)
    for name in ("7", "id:7"):
        failed = run("preview", "strikes", name)
        assert str(failed.exception).startswith("id:7: there is no such article")


def test_unknown_rules_and_channels_are_errors(desk: Path, run: Run) -> None:
    prepare(desk)
    rule, channel = (
        run("preview", "strike", "news.txt"),
        run("preview", "strikes", "news.txt", "--channel", "terminall"),
    )
    assert "strikes" in str(rule.exception)
    assert "terminal" in str(channel.exception)


def test_the_templates_of_the_channel_make_the_message(desk: Path, run: Run) -> None:
    prepare(desk)
    (desk / "own").mkdir()
    (desk / "own" / "alert.txt").write_text("mine: {{ a.story.lead.headline }}", encoding="utf-8")
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.desk]\nurl = "console://"\ntemplates = "own"\n')

    assert run("preview", "strikes", "news.txt", "--channel", "desk").exit_code == 0
    text = (desk / "preview" / "strikes-news.txt").read_text("utf-8")
    assert text.endswith("\n\nmine: Dockers walk out")


def test_a_wrong_template_is_told_with_its_line_by_check(desk: Path, run: Run) -> None:
    (desk / "own").mkdir()
    (desk / "own" / "digest.html").write_text("\n{{ a.wrong }}", encoding="utf-8")
    with (desk / "config.toml").open("a", encoding="utf-8") as file:
        file.write('\n[channels.desk]\nurl = "console://"\ntemplates = "own"\n')

    result = run("check")
    assert result.exit_code == 1
    assert f"{desk / 'own' / 'digest.html'}:2:1: template: " in result.stdout

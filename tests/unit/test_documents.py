"""What the documents show is true: commands, keys, TOML blocks, the two set-up commands."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

from monitor.alerts.render import Renderer
from monitor.alerts.subjects import alert_subject
from monitor.cli.main import monitor
from monitor.config.config_tables import (
    AlertsTable,
    ChannelTable,
    DeliveryTable,
    DigestTable,
    EmailTable,
    FeedTable,
    FetchTable,
    HttpTable,
    LogTable,
    QuietTable,
    RouteTable,
    RulesTable,
    RuntimeTable,
    StoreTable,
)
from monitor.config.load import load_settings
from monitor.config.ruleset import restore_rules
from monitor.config.schema import Table
from monitor.delivery.templates import shipped_templates
from monitor.feeds.parse import Document, parse
from monitor.matching.explain import explain
from monitor.model.alert import Alert, AlertArticle, Story, Telling, TellingHit
from monitor.model.article import Article

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
ENVIRONMENT = {
    "DESK_SLACK_URL": "https://hooks.slack.com/services/T1/B1/xyz",
    "SMTP_PASSWORD": "x",
}


def blocks(language: str) -> list[tuple[str, str]]:
    found = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for number, match in enumerate(
            re.finditer(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL), 1
        ):
            body = "\n".join(line.removeprefix(match[1]) for line in match[2].splitlines())
            found.append((f"{path.relative_to(ROOT)} #{number}", body))
    return found


RULES = ("[rules", "[topics", "[entities", "[[rules")
RULE_BLOCKS = [
    block
    for block in blocks("toml")
    if any(word in block[1] for word in RULES) and "[rules]" not in block[1]
]
CONFIG_BLOCKS = [block for block in blocks("toml") if block not in RULE_BLOCKS]


@pytest.mark.parametrize(
    "text", [text for _, text in RULE_BLOCKS], ids=[name for name, _ in RULE_BLOCKS]
)
def test_every_rule_file_shown_is_right_and_passes_its_tests(text: str) -> None:
    assert restore_rules({"shown.toml": text}).rules.rules or "[rules." not in text


@pytest.mark.parametrize(
    "text", [text for _, text in CONFIG_BLOCKS], ids=[name for name, _ in CONFIG_BLOCKS]
)
def test_every_configuration_shown_is_right(text: str, tmp_path: Path) -> None:
    if "[channels." not in text:
        text += '\n[channels.terminal]\nurl = "console://"\n'
    config = tmp_path / "config.toml"
    config.write_text(text, encoding="utf-8")

    load_settings(config, ENVIRONMENT, tmp_path)


def test_the_documents_show_both_kinds_of_blocks() -> None:
    assert len(RULE_BLOCKS) >= 3
    assert len(CONFIG_BLOCKS) >= 3


def shown_commands() -> list[str]:
    """Every ``monitor …`` in a shell block or between backticks."""
    found: list[str] = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        shell = "\n".join(match[1] for match in re.finditer(r"```sh\n(.*?)```", text, re.DOTALL))
        found += re.findall(r"^(?:\S*/)?monitor ([^#\n]+)", shell, re.MULTILINE)
        found += re.findall(r"`monitor ([^`]+)`", text)
    return sorted({command.strip() for command in found})


@pytest.mark.parametrize("command", shown_commands())
def test_every_command_shown_exists_with_its_options(command: str) -> None:
    words = command.replace("[", " ").replace("]", " ").split()
    group: click.Command = monitor
    context = click.Context(monitor)
    for word in [word for word in words if not word.startswith("-")]:
        if not isinstance(group, click.Group):
            break
        found = group.get_command(context, word)
        if found is None:
            break
        group = found
    named = [word for word in words if not word.startswith("-")]
    assert (group is not monitor) or not named, f"no such command: {command}"
    known = {"--help"} | {option for parameter in group.params for option in parameter.opts}
    assert {word.split("=")[0] for word in words if word.startswith("--")} <= known


def test_the_readme_begins_with_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert (
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/monitor run --config config.example.toml\n"
        in readme
    )
    assert (
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest\n"
        in readme
    )


def test_the_alert_of_the_readme_is_the_one_its_rule_makes() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (source,) = [text for name, text in RULE_BLOCKS if name.startswith("README")]
    (rule,) = restore_rules({"r.toml": source}).rules.rules.values()
    seed = ROOT / "seeds" / "kurdistan24.xml"
    seen = datetime(2025, 9, 1, 12, 6, tzinfo=UTC)
    (entry,) = parse(Document(body=seed.read_bytes(), url=seed.as_uri(), now=seen)).entries
    read: dict[str, Any] = {
        "title": entry.title,
        "lead": entry.lead,
        "text": entry.text,
        "language": "en",
    }
    (explanation,) = explain([rule], Article(**read))
    article = AlertArticle(
        id=1, url=entry.url, source="Kurdistan24", published=entry.published, seen=seen, **read
    )
    hit = TellingHit(rule=rule.facts, spans=explanation.spans, why=explanation.why)
    story = Story(lead=Telling(article=article, hits=(hit,)))
    alert = Alert(id=1, channel="desk", created=seen, subject=alert_subject(story), story=story)
    message = Renderer(shipped_templates()).render(alert, UTC)

    (shown,) = re.findall(r"What arrives.*?```\n(.*?)```", readme, re.DOTALL)
    subject, body = shown.split("\n\n", 1)
    assert subject == message.subject
    assert body.strip() in message.text


def test_every_command_of_the_program_is_documented() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    for name in monitor.list_commands(click.Context(monitor)):
        assert f"monitor {name}" in text, name


def keys_of(table: type[Table]) -> set[str]:
    return {field.alias or name for name, field in table.model_fields.items()}


def test_every_key_of_the_configuration_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| ")]
    shown = {key for row in rows[1:] for key in re.findall(r"`(\w+)`", row[2])}
    tables = (
        StoreTable,
        RulesTable,
        FetchTable,
        FeedTable,
        ChannelTable,
        RouteTable,
        DeliveryTable,
        AlertsTable,
        HttpTable,
        LogTable,
        RuntimeTable,
    )

    assert shown == {key for table in tables for key in keys_of(table)}
    for key in keys_of(EmailTable) | keys_of(DigestTable) | keys_of(QuietTable):
        assert re.search(rf"`{key}\b", text), key


def test_the_example_is_right_without_its_comment_signs(tmp_path: Path) -> None:
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    text = re.sub(r"^# (?=\[|[a-z_]+ *= )", "", example, flags=re.MULTILINE)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    (tmp_path / "templates").mkdir()
    loaded = load_settings(tmp_path / "config.toml", ENVIRONMENT, tmp_path)
    assert {*loaded.settings.routing.channels} == {"terminal", "desk", "press"}
    assert loaded.settings.routing.channels["desk"].digest


def test_every_folder_of_the_program_is_on_the_map() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "monitor").iterdir()):
        if (path / "__init__.py").exists():
            assert f"`monitor/{path.name}/`" in text


def test_links_between_documents_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"

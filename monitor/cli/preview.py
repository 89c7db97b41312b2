"""``monitor preview``: the message an article would make, as files to look at."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from monitor.cli.common import DONE, NO, config_option, print_problems, settings, unknown
from monitor.cli.output import printable
from monitor.cli.sources import Source, read_source
from monitor.errors import MonitorError, Problem

if TYPE_CHECKING:
    from monitor.model.alert import Alert, TellingHit
    from monitor.model.channel import ChannelPolicy
    from monitor.model.payload import Payload
    from monitor.model.settings import Settings
    from monitor.rules.compile import CompiledRule

_SPIKE: Final = "spike"


@click.command()
@click.argument("rule")
@click.argument("article")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("preview"),
    show_default=True,
    help="Folder of the files.",
)
@click.option("--channel", "channel", help="Whose templates and time zone (default: the first).")
@config_option
def preview(rule: str, article: str, folder: Path, channel: str | None) -> None:
    """Write the message that RULE makes of ARTICLE as files: text, HTML, Markdown, Slack.

    ARTICLE is id:7 or 7 (a stored article), a text file (first line: title), - (standard input)
    or a .jsonl file of articles. The word spike instead shows a message about a spike and a
    silence of the rule, with invented numbers. Nothing is stored or sent. Exit code 1 if the rule
    matches none.
    """
    from monitor.delivery.files import write_message
    from monitor.delivery.templates import renderers_of

    wishes = settings()
    compiled = _rule(wishes, rule)
    policy = _policy(wishes, channel)
    renderer = renderers_of([policy])[policy.name]
    written = False
    for name, alert in _said(compiled, article, policy):
        message = renderer.render(alert, policy.zone)
        click.echo(printable(message.subject))
        try:
            files = write_message(folder, f"{rule}-{name}", message)
        except OSError as error:
            raise MonitorError(f"{folder}: {error.strerror}") from None
        for file in files:
            click.echo(f"  {file}")
        written = True
    sys.exit(DONE if written else NO)


def _rule(wishes: "Settings", name: str) -> "CompiledRule":
    from monitor.config.ruleset import load_rules

    rules = load_rules(wishes).rules.rules
    if name not in rules:
        raise unknown("enabled rule", name, rules)
    return rules[name]


def _policy(wishes: "Settings", name: str | None) -> "ChannelPolicy":
    channels = wishes.routing.channels
    if name is None:
        return next(iter(channels.values()))
    if name not in channels:
        raise unknown("channel", name, channels)
    return channels[name]


def _said(
    rule: "CompiledRule", article: str, policy: "ChannelPolicy"
) -> "Iterator[tuple[str, Payload]]":
    if article == _SPIKE:
        from monitor.alerts.sample import sample_spike

        yield _SPIKE, sample_spike(rule.facts, policy.name, datetime.now(UTC))
    else:
        yield from _alerts(rule, f"id:{article}" if article.isdigit() else article, policy)


def _alerts(
    rule: "CompiledRule", article: str, policy: "ChannelPolicy"
) -> "Iterator[tuple[str, Alert]]":
    """The alerts of all articles that the rule matches, each with a name for its files."""
    now = datetime.now(UTC)
    for number, source in enumerate(read_source(article, None), 1):
        if isinstance(source, Problem):
            print_problems([source])
        elif hit := _hit(rule, source):
            yield _name(source, number), _alert(source, hit, policy.name, now)
        else:
            title = printable(source.article.title) or source.name
            click.echo(
                f"{rule.facts.id} does not match “{title}”; "
                f"`monitor explain --rule {rule.facts.id} {source.name}` tells why",
                err=True,
            )


def _name(source: Source, number: int) -> str:
    if source.name.startswith("id:"):
        return source.name.removeprefix("id:")
    stem = "stdin" if source.name == "-" else Path(source.name).stem
    return f"{stem}-{number}" if source.name.endswith(".jsonl") else stem


def _hit(rule: "CompiledRule", source: Source) -> "TellingHit | None":
    from monitor.matching.explain import explain
    from monitor.model.alert import TellingHit

    (explained,) = explain([rule], source.article, text_known=source.text_known)
    if not explained.match:
        return None
    return TellingHit(rule=rule.facts, spans=explained.spans, why=explained.why)


def _alert(source: Source, hit: "TellingHit", channel: str, now: datetime) -> "Alert":
    from monitor.alerts.subjects import alert_subject
    from monitor.model.alert import Alert, AlertArticle, Story, Telling

    article = source.article
    carrier = next((each.name for each in article.carriers), source.name)
    told = AlertArticle(
        id=article.id or 0,
        title=article.title,
        lead=article.lead,
        text=article.text,
        url=article.url,
        source=article.source or carrier,
        language=article.language,
        published=article.published,
        seen=article.seen or now,
    )
    story = Story(lead=Telling(article=told, hits=(hit,)))
    return Alert(id=0, channel=channel, created=now, subject=alert_subject(story), story=story)

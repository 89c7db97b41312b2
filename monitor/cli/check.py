"""``monitor check``: everything that can be wrong before the daemon runs."""

import os
import sys
from datetime import UTC, datetime

import click

from monitor.cli.common import NO, channel_problems, config_option, config_path, json_option
from monitor.cli.output import json_line
from monitor.errors import ConfigError, Problem


@click.command()
@json_option
@config_option
def check(*, as_json: bool) -> None:
    """Check configuration, rules, rule tests and channels (built, nothing is sent)."""
    problems, figures, read = _check()
    errors = sum(problem.level == "error" for problem in problems)
    if as_json:
        for problem in problems:
            json_line(
                {
                    "level": problem.level,
                    "file": problem.place.file,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "message": problem.message,
                }
            )
        json_line(figures)
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(
            _summary(figures) if read else f"rules not read: mend {problems[0].place.file} first"
        )
    sys.exit(NO if errors else 0)


def _summary(figures: dict[str, int]) -> str:
    text = "{rules} rules, {entities} entities, {topics} topics, {tests} tests, {failed} failed"
    if figures["unfiltered"]:
        text += "; {unfiltered} rules are evaluated for every article"
    return text.format(**figures)


def _check() -> tuple[list[Problem], dict[str, int], bool]:
    """The problems, what there is of each kind, and whether the rules were read at all."""
    from monitor.cli.sampled import busy_rules, stored_articles
    from monitor.config.load import load_settings
    from monitor.config.ruleset import check_rules, odd_names
    from monitor.matching.percolator import Percolator
    from monitor.rules.lint import lint

    figures = dict.fromkeys(("rules", "entities", "topics", "tests", "failed", "unfiltered"), 0)
    try:
        loaded = load_settings(config_path(), os.environ)
    except ConfigError as error:
        return list(error.problems), figures, False
    checked = check_rules(loaded.settings)
    problems = [
        *loaded.warnings,
        *channel_problems(loaded),
        *checked.problems,
        *checked.report.failed,
        *odd_names(loaded, checked.book, datetime.now(UTC).date()),
    ]
    unfiltered: tuple[str, ...] = ()
    if checked.rules:
        percolator = Percolator(checked.rules)
        unfiltered = percolator.unfiltered
        places = {id_: rule.place for id_, rule in checked.book.rules.items()}
        problems += [
            *checked.rules.warnings,
            *(Problem(places[id_], _UNFILTERED.format(id_), "warning") for id_ in unfiltered),
            *lint(checked.book, checked.rules),
            *busy_rules(percolator, places, stored_articles(loaded.settings.store_url)),
        ]
    figures = {
        "rules": len(checked.book.rules),
        "entities": len(checked.book.entities),
        "topics": len(checked.book.topics),
        "tests": checked.report.tests,
        "failed": len(checked.report.failed),
        "unfiltered": len(unfiltered),
    }
    return problems, figures, True


_UNFILTERED = 'rule "{}" has no word that must occur: it is evaluated for every article'

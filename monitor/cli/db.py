"""``monitor db``: upgrade, back up, copy, prune, check the database."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.common import NO, config_option, open_store, settings
from monitor.cli.groups import Suggesting


@click.group(cls=Suggesting)
@config_option
def db() -> None:
    """The database: upgrade, backup, copy, prune, check."""


@db.command()
@config_option
def upgrade() -> None:
    """Bring the tables to this version of the program, after a copy beside the file."""
    from monitor.store import schema
    from monitor.store.engine import Store

    store = Store.open(settings().store_url)
    copy = schema.upgrade(store)
    saved = f" (before that: {copy})" if copy else ""
    click.echo(f"{store.name} is at version {schema.head()}{saved}")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@config_option
def backup(file: Path) -> None:
    """Copy the database to FILE; a daemon may go on. What waits to be sent is held in the copy."""
    from monitor.store.backup import backup as copy

    held = copy(open_store(settings()), file)
    click.echo(f"wrote {file}; {held} waiting deliveries are held in it")


@db.command(name="copy")
@click.argument("url")
@config_option
def copy_(url: str) -> None:
    """Copy everything into the empty database URL (postgresql://user@host/database).

    No daemon may run meanwhile. Afterwards [store] url names the new one.
    """
    from monitor.store.engine import Store
    from monitor.store.transfer import size, transfer

    source = open_store(settings())
    target = Store.open(_database(url))
    with source.alone(), target.alone():
        shown = click.progressbar(length=size(source), label="copying", file=sys.stderr)
        with shown as bar:
            counts = transfer(source, target, bar.update)
    for table, rows in counts.items():
        click.echo(f"{rows:>12,} {table}")
    click.echo(f'copied; now set [store] url = "{url}"')


def _database(url: str) -> str:
    from monitor.config.values import store_url

    try:
        return store_url(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error


@db.command()
@config_option
def prune() -> None:
    """Delete what is older than [store] keep and keep_hits."""
    from monitor.jobs.prune import Pruning

    wishes = settings()
    job = Pruning(open_store(wishes), wishes.retention)
    total = 0
    with click.progressbar(length=1, label="pruning", file=sys.stderr) as bar:
        while done := job.run(datetime.now(UTC)):
            total += done
        bar.update(1)
    click.echo(f"deleted {total} rows")


@db.command()
@config_option
def check() -> None:
    """Check the file and what the tables promise each other."""
    from monitor.store.integrity import integrity

    problems = integrity(open_store(settings()))
    for problem in problems:
        click.echo(problem)
    click.echo("sound" if not problems else f"{len(problems)} problems")
    sys.exit(NO if problems else 0)

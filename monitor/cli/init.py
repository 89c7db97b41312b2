"""``monitor init``: files to start from."""

import shutil
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from monitor.errors import MonitorError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def init(folder: Path) -> None:
    """Write config.toml, rules/ and seeds/ into FOLDER (default: here). Never overwrites."""
    wanted = {
        folder / "config.toml": _starter("config.example.toml"),
        folder / "rules": _starter("rules"),
        folder / "seeds": _starter("seeds"),
    }
    there = [path for path in wanted if path.exists()]
    if there:
        exist = "already exists" if len(there) == 1 else "already exist"
        raise MonitorError(
            f"{', '.join(map(str, there))} {exist}; nothing was written. "
            "Name another folder: monitor init FOLDER"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for target, source in wanted.items():
        with as_file(source) as path:
            copy = shutil.copytree if path.is_dir() else shutil.copyfile
            copy(path, target)
        click.echo(f"wrote {target}")
    click.echo(f"Start it with:  monitor run --config {folder / 'config.toml'}")


def _starter(name: str) -> Traversable:
    """From the wheel; in a clone (editable install) the same files beside the package."""
    package = files("monitor")
    inside = package / "starter" / name
    return inside if inside.is_file() or inside.is_dir() else package / ".." / name

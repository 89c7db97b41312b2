"""The templates of messages: those of the program, and those of the user before them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from monitor.alerts.render import Renderer
from monitor.alerts.sample import samples
from monitor.errors import ConfigError, Place, Problem
from monitor.model.channel import ChannelPolicy

_ENDINGS = {".html", ".txt", ".md", ".css"}
_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def shipped_templates() -> Mapping[str, str]:
    """Returns file name -> source of every template that comes with the program."""
    folder = files("monitor.alerts") / "templates"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}


def templates_of(folder: str | None) -> Mapping[str, str]:
    """Returns the templates of the program, those in a folder instead of the ones of that name.

    Args:
        folder: of the user; only what ends as a template counts. None for none.

    Raises:
        ConfigError: a file can't be read.
    """
    return {**shipped_templates(), **(_read(Path(folder)) if folder else {})}


def renderers_of(channels: Iterable[ChannelPolicy]) -> Mapping[str, Renderer]:
    """Returns channel -> what makes its messages; one for all that share their templates.

    Each has rendered a sample of every kind of message.

    Raises:
        ConfigError: with all problems of all templates, each with file and line.
    """
    channels = tuple(channels)
    problems: list[Problem] = []
    made: dict[str | None, Renderer] = {}
    for folder in dict.fromkeys(channel.templates for channel in channels):
        try:
            made[folder] = _tried(folder)
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return {channel.name: made[channel.templates] for channel in channels}


def template_problems(channels: Iterable[ChannelPolicy]) -> list[Problem]:
    """Returns what is wrong with the templates of channels."""
    try:
        renderers_of(channels)
    except ConfigError as error:
        return list(error.problems)
    return []


def _tried(folder: str | None) -> Renderer:
    renderer = Renderer(templates_of(folder))
    if problems := list(renderer.problems(samples(_ANY_TIME))):
        raise ConfigError(_in_folder(problem, folder) for problem in problems)
    return renderer


def _in_folder(problem: Problem, folder: str | None) -> Problem:
    path = Path(folder or "") / problem.place.file
    return replace(problem, place=replace(problem.place, file=str(path)))


def _read(folder: Path) -> dict[str, str]:
    try:
        return {
            file.name: _text(file)
            for file in sorted(folder.iterdir())
            if file.suffix in _ENDINGS and file.is_file()
        }
    except OSError as error:
        raise ConfigError([Problem(Place(str(folder)), f"template: {error.strerror}")]) from None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise ConfigError([Problem(Place(str(file)), "template: is not UTF-8 text")]) from None
    except OSError as error:
        raise ConfigError([Problem(Place(str(file)), f"template: {error.strerror}")]) from None

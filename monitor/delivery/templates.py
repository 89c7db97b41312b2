"""The shipped templates of messages."""

from collections.abc import Mapping
from importlib.resources import files


def shipped_templates() -> Mapping[str, str]:
    """Returns file name -> source of every template that comes with the program."""
    folder = files("monitor.alerts") / "templates"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.is_file()}

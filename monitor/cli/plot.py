"""Charts as files, by matplotlib, which is an extra of the package (its only door)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from monitor.errors import MonitorError

_FORMATS: Final = {".png", ".svg"}
_LINES: Final = 10


def draw(file: Path, series: Mapping[str, Mapping[date, int]]) -> None:
    """A chart of numbers by day, one line each for the first ten of the series.

    Raises:
        MonitorError: matplotlib is not installed, or the name of the file ends otherwise.
        OSError: the file can't be written.
    """
    if file.suffix.lower() not in _FORMATS:
        raise MonitorError(f"{file}: charts are .png or .svg files")
    try:
        from matplotlib.dates import date2num
        from matplotlib.figure import Figure
    except ImportError as error:
        message = "charts as files need matplotlib: pip install 'media-monitor[plot]'"
        raise MonitorError(message) from error
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.subplots()
    for name, days in list(series.items())[:_LINES]:
        at = date2num(list(days))  # type: ignore[no-untyped-call]
        axes.plot(at, list(days.values()), label=name, drawstyle="steps-mid")
    axes.xaxis_date()
    axes.set_ylabel("hits a day")
    axes.set_ylim(bottom=0)
    figure.autofmt_xdate()
    if series:
        axes.legend()
    figure.savefig(file)

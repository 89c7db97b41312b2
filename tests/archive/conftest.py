from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.stored import open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A database that must be in order after every test."""
    opened = open_store(tmp_path)
    yield opened
    assert integrity(opened) == []
    opened.close()

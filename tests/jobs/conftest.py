from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.engine import Store
from monitor.store.integrity import integrity
from tests.support.stored import ALL_BACKENDS, open_store


@pytest.fixture(params=ALL_BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """A kind of database, as ``make_database`` takes it."""
    kind: str = request.param
    return kind


@pytest.fixture
def store(tmp_path: Path, backend: str) -> Iterator[Store]:
    """A database that must be in order after every test."""
    opened = open_store(tmp_path, backend)
    yield opened
    assert integrity(opened) == []
    opened.close()

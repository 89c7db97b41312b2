from collections.abc import Iterator

import pytest

from tests.unit.delivery.channels import SENDERS


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    """No connection outlives its test."""
    yield
    while SENDERS:
        SENDERS.pop().rest("desk")

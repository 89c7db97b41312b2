"""The cache of parsed queries: computed once, and never larger than two generations."""

import pytest

from monitor.rules import recent
from monitor.rules.recent import Recent


class Lengths:
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> int:
        self.asked.append(text)
        return len(text)


def test_a_text_is_computed_once_while_it_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "_ENTRIES", 3)
    compute = Lengths()
    lengths = Recent(compute)

    for round_ in range(10):
        assert lengths["in use"] == 6
        assert lengths[f"once {round_}"] == 6

    assert compute.asked.count("in use") == 1


@pytest.mark.parametrize(("limit", "most"), [("_ENTRIES", 6), ("_CHARACTERS", 6)])
def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    monkeypatch.setattr(recent, limit, 3)
    compute = Lengths()
    kept = Recent(compute)
    letters = "abcdefghijklmnop"

    for letter in letters:
        assert kept[letter] == 1
    compute.asked.clear()
    for letter in reversed(letters):
        assert kept[letter] == 1

    assert len(compute.asked) >= len(letters) - most


def test_what_raises_raises_each_time() -> None:
    kept = Recent(int)

    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            kept["x"]

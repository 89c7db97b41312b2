"""The pipeline's benchmark, small: every hit and message that was planted, and none besides."""

from pathlib import Path

import pytest

from tests.bench.pipeline import lines


@pytest.mark.slow
def test_every_planted_hit_is_told_once_and_every_stage_is_timed(tmp_path: Path) -> None:
    *stages, total = lines(200, 12, tmp_path)  # ends with an error if anything differs
    assert {"parse", "intake", "match", "stories", "decide", "seal", "compose"} <= {
        line["stage"] for line in stages
    }
    assert sum(line["share"] for line in stages) == pytest.approx(1, abs=0.02)
    assert total["articles"] == 200
    assert total["messages"] > 0

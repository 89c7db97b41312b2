from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.subjects import digest_subject, follow_up_subject
from monitor.model.alert import AlertKind

NIGHT = datetime(2025, 9, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "stories", "articles", "expected"),
    [
        (AlertKind.DIGEST, 14, 61, "[digest] 14 stories, 61 articles — Tue 2 Sep"),
        (AlertKind.BURST, 1, 1, "[burst] 1 story, 1 article — Tue 2 Sep"),
        (AlertKind.CATCH_UP, 2, 2, "[catch-up] 2 stories, 2 articles — Tue 2 Sep"),
        (AlertKind.DIGEST, 0, 3, "[digest] 3 articles — Tue 2 Sep"),
        (AlertKind.DIGEST, 0, 0, "[digest] nothing new — Tue 2 Sep"),
    ],
)
def test_a_digest_counts_and_names_the_day_of_the_reader(
    kind: AlertKind, stories: int, articles: int, expected: str
) -> None:
    zone = ZoneInfo("Europe/Brussels")
    assert digest_subject(kind, stories, articles, NIGHT, zone) == expected


def test_a_follow_up_has_the_subject_of_the_first_message() -> None:
    assert follow_up_subject("[troops] News — Desk") == "Re: [troops] News — Desk"
    assert follow_up_subject("Re: [troops] News — Desk") == "Re: [troops] News — Desk"

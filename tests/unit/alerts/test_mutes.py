"""Which hits are not told because somebody wished so."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerts.mutes import muting
from monitor.model.alert import HitFacts, RuleFacts
from monitor.model.article import Arrival, Carrier
from monitor.model.mute import Mute, MuteKind

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWS = Carrier(name="News", url="https://news.example/feed", tags=("wire",))
OTHER = Carrier(name="Other", url="https://other.example/rss", tags=("Europe",))


def hit(*carriers: Carrier) -> HitFacts:
    return HitFacts(
        id=1,
        article=1,
        rule=RuleFacts(id="troops", title=""),
        arrival=Arrival.LIVE,
        carriers=carriers,
    )


def mute(kind: MuteKind, subject: str, until: datetime = NOW + HOUR, id_: int = 1) -> Mute:
    return Mute(id=id_, kind=kind, subject=subject, until=until, reason="", created=NOW - HOUR)


@pytest.mark.parametrize(
    ("kind", "subject", "holds"),
    [
        pytest.param(MuteKind.RULE, "troops", True, id="its rule"),
        pytest.param(MuteKind.RULE, "troop", False, id="another rule"),
        pytest.param(MuteKind.RULE, "17", False, id="a rule called like its story"),
        pytest.param(MuteKind.STORY, "17", True, id="its story"),
        pytest.param(MuteKind.STORY, "1", False, id="another story"),
        pytest.param(MuteKind.FEED, "news", True, id="its feed by name"),
        pytest.param(MuteKind.FEED, NEWS.url, True, id="its feed by URL"),
        pytest.param(MuteKind.FEED, "tag:Wire", True, id="its feed by tag"),
        pytest.param(MuteKind.FEED, "Other", False, id="another feed"),
    ],
)
def test_a_mute_holds_for_what_it_names(kind: MuteKind, subject: str, *, holds: bool) -> None:
    wish = mute(kind, subject)
    assert muting(hit(NEWS), 17, [wish], NOW) == (wish if holds else None)


def test_an_article_in_no_story_is_in_no_muted_one() -> None:
    assert muting(hit(NEWS), None, [mute(MuteKind.STORY, "None")], NOW) is None


def test_a_mute_that_is_over_holds_no_more() -> None:
    assert muting(hit(), None, [mute(MuteKind.RULE, "troops", NOW)], NOW) is None
    later = mute(MuteKind.RULE, "troops", NOW + timedelta(seconds=1))
    assert muting(hit(), None, [later], NOW) == later


@pytest.mark.parametrize(
    ("subjects", "holds"),
    [
        pytest.param(["News"], False, id="one of two"),
        pytest.param(["News", "tag:europe"], True, id="both"),
    ],
)
def test_an_article_that_another_feed_carries_is_told(subjects: list[str], *, holds: bool) -> None:
    mutes = [mute(MuteKind.FEED, subject) for subject in subjects]
    assert (muting(hit(NEWS, OTHER), None, mutes, NOW) is not None) == holds


def test_an_article_of_no_feed_is_not_muted_with_one() -> None:
    assert muting(hit(), None, [mute(MuteKind.FEED, "News")], NOW) is None


def test_the_mute_that_names_the_rule_or_story_is_the_one_that_is_told() -> None:
    wishes = [mute(MuteKind.FEED, "News", id_=1), mute(MuteKind.STORY, "17", id_=2)]
    found = muting(hit(NEWS), 17, wishes, NOW)
    assert found is not None
    assert found.id == 2

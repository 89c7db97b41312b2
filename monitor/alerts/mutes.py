"""Whether somebody wished not to be told of a hit."""

from collections.abc import Collection, Iterable
from datetime import datetime

from monitor.matching.meta import carried_by
from monitor.model.alert import HitFacts
from monitor.model.article import Carrier
from monitor.model.mute import Mute, MuteKind


def muting(hit: HitFacts, story: int | None, mutes: Iterable[Mute], now: datetime) -> Mute | None:
    """The mute that holds for a hit; None if it is to be told.

    An article that several feeds carry is muted only if all of them are.

    Args:
        hit: the hit.
        story: of its article; None for an article that is in none.
        mutes: those that may hold.
        now: the time.
    """
    active = [mute for mute in mutes if now < mute.until]
    of_feeds = [mute for mute in active if mute.kind is MuteKind.FEED]
    direct = (mute for mute in active if _is_about(mute, hit, story))
    return next(direct, None) or _silent(hit.carriers, of_feeds)


def is_muted(rule: str, mutes: Iterable[Mute], now: datetime) -> bool:
    """Whether a mute holds for all that a rule does."""
    return any(
        mute.kind is MuteKind.RULE and mute.subject == rule and now < mute.until for mute in mutes
    )


def _is_about(mute: Mute, hit: HitFacts, story: int | None) -> bool:
    match mute.kind:
        case MuteKind.RULE:
            return mute.subject == hit.rule.id
        case MuteKind.STORY:
            return story is not None and mute.subject == str(story)
        case MuteKind.FEED:
            return False


def _silent(carriers: Collection[Carrier], mutes: Collection[Mute]) -> Mute | None:
    """A mute of the feeds that carry an article, if there is one for each."""
    found = [
        next((mute for mute in mutes if carried_by(mute.subject, carrier)), None)
        for carrier in carriers
    ]
    return found[0] if found and None not in found else None

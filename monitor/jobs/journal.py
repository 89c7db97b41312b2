"""What the log says of the jobs: one event a report."""

from typing import TYPE_CHECKING, Final

from monitor import observe
from monitor.errors import MonitorError, StoreError
from monitor.jobs.intake import PollReport
from monitor.model.delivery import ChannelChange, ChannelState, Outcome

if TYPE_CHECKING:  # a worker that polls needs no rules
    from monitor.jobs.deliver import DeliveryReport
    from monitor.jobs.extract import PageReport
    from monitor.jobs.match import MatchReport

_NOT_SENT: Final = {
    Outcome.RETRY: "not sent, tried again later",
    Outcome.PERMANENT: "refused for good; `monitor outbox retry` sends it again",
    Outcome.CHANNEL_DOWN: "channel takes nothing for now, its messages wait",
}

_PAGES: Final = {
    "text": "page read",
    "part": "page read in part; rules stay undecided",
    "later": "no page, tried again later",
    "ended": "no page; rules stay undecided",
    "outdated": "page dropped: its feed sent another text meanwhile",
}

log = observe.logger("monitor")


def polled(report: PollReport) -> None:
    """A poll ended; one that found nothing says nothing."""
    fields = {"feed": report.feed.name, "url": report.feed.url}
    if report.problem:
        # Only what nobody foresaw needs its traceback.
        defect = report.error.__cause__ if type(report.error) is MonitorError else None
        log.warning("feed problem", **fields, problem=report.problem, exc_info=defect)
    if report.event:
        log.warning("feed event", **fields, what=report.event)
    stored = report.stored
    if stored.new or stored.revised or stored.carried:
        counts = {"new": stored.new, "revised": stored.revised, "carried": stored.carried}
        log.info("polled", **fields, **counts)
    if stored.quiet:
        first = 'first poll; backlog = "alert" tells them'
        why = first if report.first else "older than what the feed listed before"
        log.info("quiet", **fields, articles=stored.quiet, why=why)


def matched(report: "MatchReport") -> None:
    """A batch of articles was matched."""
    _failures(report)
    wanted = {"wanted": report.wanted} if report.wanted else {}
    log.info("matched", articles=report.articles, hits=report.hits, **wanted)


def _failures(report: "MatchReport") -> None:
    for article, failure in report.failures:
        log.error("rule failed", article=article, rule=failure.rule, error=failure.error)
    for article in report.given_up:
        log.error("article set aside: it ended the process each time", article=article)


def caught_up(report: "MatchReport") -> None:
    """New rules were matched against a batch of older articles."""
    _failures(report)
    log.info("new rules matched quietly", articles=report.articles, hits=report.hits)


def extracted(report: "PageReport") -> None:
    """A page was had, or was not."""
    fields = {"article": report.article, "url": report.url}
    if report.problem:
        log.warning(_PAGES[report.outcome], **fields, problem=report.problem)
    else:
        log.info(_PAGES[report.outcome], **fields)


def delivered(report: "DeliveryReport") -> None:
    """An attempt ended, and its outcome is stored."""
    claim, verdict = report.claim, report.verdict
    fields = {
        "channel": claim.channel,
        "alert": claim.alert,
        "delivery": claim.id,
        "attempt": claim.attempt,
    }
    if verdict.outcome is Outcome.SENT:
        log.info("sent", **fields)
    else:
        waits = {"next_try": verdict.next_try} if verdict.next_try else {}
        log.warning(_NOT_SENT[verdict.outcome], **fields, reason=verdict.reason, **waits)
    if report.change is not None:
        _changed(report.change)


def _changed(change: ChannelChange) -> None:
    if change.state is ChannelState.UP:
        log.warning("channel is up again", channel=change.channel, down_since=change.down_since)
    else:
        fields = {"failures": change.failures, "last_ok": change.last_ok, "reason": change.reason}
        log.error("channel is down", channel=change.channel, **fields)


def stopped(channel: str, error: Exception) -> None:
    """A channel's worker ended by an error; the next tick starts it again."""
    if isinstance(error, StoreError):
        log.error("channel stopped", channel=channel, error=str(error))
    else:
        # The text of an unknown error may hold a secret of the channel.
        log.error("channel stopped by a defect", channel=channel, error=type(error).__name__)

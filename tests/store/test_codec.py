import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.alert import (
    Alert,
    AlertArticle,
    AlertKind,
    Digest,
    Headline,
    Message,
    RuleFacts,
    Story,
    Telling,
    TellingHit,
)
from monitor.model.hit import Span
from monitor.model.rule import Severity
from monitor.store.codec import from_json, to_json
from tests.support.outbox import message
from tests.support.stored import NOW, facts, match

times = st.datetimes(timezones=st.just(UTC))
texts = st.text(max_size=20)
spans = st.builds(
    Span,
    field=st.sampled_from(["title", "lead", "text"]),
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    text=texts,
    clause=texts,
)
rules = st.builds(
    RuleFacts,
    id=texts,
    title=texts,
    severity=st.sampled_from(Severity),
    tags=st.lists(texts, max_size=2).map(tuple),
    entities=st.lists(texts, max_size=2).map(tuple),
    channels=st.none() | st.lists(texts, max_size=2).map(tuple),
)
articles = st.builds(
    AlertArticle,
    id=st.integers(),
    title=texts,
    lead=texts,
    text=texts,
    url=texts,
    source=texts,
    language=st.none() | texts,
    published=st.none() | times,
    seen=times,
)
hits = st.builds(TellingHit, rule=rules, spans=st.lists(spans, max_size=3).map(tuple), why=texts)
tellings = st.builds(Telling, article=articles, hits=st.lists(hits, max_size=3).map(tuple))
headlines = st.builds(
    Headline,
    article=st.integers(),
    title=texts,
    url=texts,
    source=texts,
    published=st.none() | times,
    seen=times,
    copy=st.booleans(),
)
stories = st.builds(
    Story,
    id=st.none() | st.integers(),
    lead=tellings,
    also=st.lists(tellings, max_size=2).map(tuple),
    others=st.lists(headlines, max_size=2).map(tuple),
    unlisted=st.integers(),
    outlets=st.integers(),
)
told = st.builds(
    Alert,
    id=st.integers(),
    channel=texts,
    kind=st.sampled_from(AlertKind),
    created=times,
    subject=texts,
    occasion=texts,
    story=stories,
)
digests = st.builds(
    Digest,
    id=st.integers(),
    channel=texts,
    kind=st.sampled_from(AlertKind),
    since=times,
    until=times,
    subject=texts,
    occasion=texts,
    stories=st.lists(stories, max_size=2).map(tuple),
    headlines=st.lists(headlines, max_size=2).map(tuple),
    unlisted=st.integers(),
    total=st.integers(),
)


@given(told)
def test_an_alert_comes_back_from_its_json_as_it_was(alert: Alert) -> None:
    assert from_json(Alert, json.loads(json.dumps(to_json(alert)))) == alert


@given(digests)
def test_a_digest_comes_back_from_its_json_as_it_was(digest: Digest) -> None:
    assert from_json(Digest, json.loads(json.dumps(to_json(digest)))) == digest


def test_a_message_comes_back_from_its_json_as_it_was() -> None:
    assert from_json(Message, json.loads(json.dumps(to_json(message())))) == message()


def test_types_come_back_and_not_only_equal_values() -> None:
    read = from_json(RuleFacts, json.loads(json.dumps(to_json(facts()))))
    assert isinstance(read.severity, Severity)
    assert from_json(tuple[Span, ...], to_json(match().spans)) == match().spans
    assert from_json(datetime, to_json(NOW)).tzinfo == UTC

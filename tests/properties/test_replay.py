"""A replay finds what the daemon finds when it matches the same articles."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from monitor.archive.engine import Modes
from monitor.archive.replay import Job, replay
from monitor.jobs.index import Indexing
from monitor.jobs.match import Matching
from monitor.matching.partial import PartialPercolator
from monitor.model.article import Article, Carrier
from monitor.model.feed import FullText
from monitor.rules.compile import RuleSet
from monitor.store import hit_list, rules
from monitor.store.engine import Store
from tests.properties.compare import BATCHES
from tests.properties.generate import many_languages, rule_set
from tests.support.archived import keep
from tests.support.stored import NOW, open_store

seeds = st.integers(0, 2**63 - 1)


def live(store: Store, matcher: PartialPercolator, modes: Modes) -> set[tuple[str, int]]:
    with store.write() as connection:
        rules.save(connection, matcher.revision, {}, NOW)
    job = Matching(store, matcher, lambda _: None)
    job.modes = modes
    while job.run(NOW):
        pass
    with store.read() as connection:
        return {(hit.rule.id, hit.article.id or 0) for hit in hit_list.recent(connection)}


def distinct(articles: Sequence[Article]) -> list[Article]:
    """Feeds of one address have one name and the same tags."""
    known: dict[str, Carrier] = {}
    found = []
    for article in articles:
        carriers = tuple(known.setdefault(each.url, each) for each in article.carriers)
        if len(set(carriers)) == len(carriers) == len(set(article.carriers)):
            found.append(article)
    return found


def replayed(store: Store, rules: RuleSet, modes: Modes) -> set[tuple[str, int]]:
    job = Job(store_url=f"sqlite:///{store.path}", rules=rules, modes=modes)
    found = replay(job, lambda *_: None, processes=1)
    names = tuple(rules.rules)
    hits = [(names[rule], id_) for rule, id_ in zip(found.rules, found.articles, strict=True)]
    assert len(hits) == len(set(hits))
    return set(hits)


@pytest.mark.timeout(3_600)
@settings(
    max_examples=-(-BATCHES // 10),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(seed=seeds, index=st.integers(0, 2), wish=st.sampled_from(FullText))
def test_a_replay_finds_what_the_daemon_finds(seed: int, index: int, wish: FullText) -> None:
    batch = many_languages(seed)
    articles = distinct(batch.articles)
    # The pages of some have not come.
    articles = [each if n % 3 else replace(each, text="") for n, each in enumerate(articles)]
    modes = {each.url: wish for article in articles for each in article.carriers}
    every = rule_set(batch.queries)
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        keep(store, articles[::2])
        for _ in range(index):  # nothing, or what came first, is in the index
            Indexing(store).run()
        keep(store, articles[1::2])
        hits = live(store, PartialPercolator(every), modes)
        assert replayed(store, every, modes) == hits
        for name, rule in every.rules.items():  # alone, so that the index preselects
            alone = replace(every, rules={name: rule})
            assert replayed(store, alone, modes) == {hit for hit in hits if hit[0] == name}
        store.close()

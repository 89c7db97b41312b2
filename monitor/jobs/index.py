"""Keeps the index of words: it takes in what was stored or revised, when there is nothing else."""

from collections.abc import Sequence

from monitor.analysis.wordset import WordSets
from monitor.model.article import Article
from monitor.model.search import ArticleWords
from monitor.store import search
from monitor.store.engine import Store

BATCH = 200


class Indexing:
    """The job. What it has not done yet, a search reads from the texts: it may be late."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sets = WordSets()

    def run(self) -> int:
        """Takes in one batch; returns of how many articles, 0 if none is left.

        Raises:
            StoreError: it could not be stored; the batch is still to be done.
        """
        with self._store.read() as connection:
            outdated = search.is_outdated(connection)
            articles = search.to_index(connection, BATCH)
        if outdated:
            with self._store.write() as connection:
                search.empty(connection)
        if not articles:
            return int(outdated)
        read = self._read(articles)
        with self._store.write() as connection:
            search.add(connection, read)
        return len(read)

    def _read(self, articles: Sequence[Article]) -> list[ArticleWords]:
        fields = [(each.title, each.lead, each.text) for each in articles]
        sets = self._sets.of(fields, [each.language for each in articles])
        return [
            ArticleWords(
                article=article.id or 0, revision=article.revision, language=key, words=words
            )
            for article, (key, words) in zip(articles, sets, strict=True)
        ]

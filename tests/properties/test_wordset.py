"""The words of an article are those that reading it as a whole gives."""

from hypothesis import given

from monitor.analysis.document import language_of
from monitor.analysis.tokens import tokenise
from monitor.analysis.wordset import WordSets
from tests.properties.test_batch import articles, languages


@given(articles, languages)
def test_words_read_chunk_by_chunk_are_those_of_the_text(
    article: tuple[str, str, str], stated: str | None
) -> None:
    language = language_of(*article, stated)
    read = [tokenise(field, language) for field in article]
    expected = {form for tokens in read for form in (*tokens.fold, *tokens.stem)}
    ((_, words),) = WordSets().of([article], [stated])
    assert words == expected

"""The fast path finds what enumeration finds: same verdicts, and its spans are real."""

from collections.abc import Mapping

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.errors import Place
from monitor.matching.evaluate import Evaluation
from monitor.matching.percolator import Percolator
from monitor.matching.presearch import EveryRule
from monitor.matching.view import ArticleView
from monitor.model.article import Article
from monitor.model.rule import RuleBook, RuleSpec, SourceText
from monitor.rules.compile import RuleSet, compile_rules
from monitor.rules.tree import Clause, Window
from tests.properties import oracle

WORDS = ["troop", "troop-deployment", "troops", "deploy", "deployment", "deployed", "Sanctions", "sanction", "package",
         "of", "the", "NATO", "Nato", "café", "cafe"]  # fmt: skip
HERE = Place("rules.toml")

plain_words = st.sampled_from([*WORDS, "=troops", "troop*", "deploy*", "*anction", "{NATO}"])
phrases = st.builds(
    '"{}"{}'.format,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    st.sampled_from(["", "~", "~1", "~4"]),
)
leaves = plain_words | phrases
near = st.builds(
    "{} {} {}".format,
    leaves | st.builds("({} OR {})".format, leaves, leaves),
    st.sampled_from(["NEAR", "NEAR/1", "ONEAR/3", "NEAR/0"]),
    leaves,
)


def groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.builds("({} {})".format, inner, inner)
        | st.builds("({} OR {})".format, inner, inner)
        | st.builds("({} AND NOT {})".format, inner, inner)
    )


trees = st.recursive(leaves | near.map("({})".format), groups, max_leaves=5)
queries = (
    trees
    | st.builds("{}:({})".format, st.sampled_from(["title", "lead", "text"]), trees)
    | st.builds("({} OR title:({}))".format, trees, trees)
    | st.builds("({} AND NOT text:({}))".format, trees, trees)
)
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
texts = st.lists(sentences, max_size=3).map(". The ".join)
articles = st.builds(
    Article, title=sentences, lead=texts, text=texts, language=st.sampled_from([None, "en", "de"])
)


def rule_set(sources: Mapping[str, str]) -> RuleSet:
    rules = {
        name: RuleSpec(id=name, title=name, query=SourceText(query, HERE), place=HERE)
        for name, query in sources.items()
    }
    return compile_rules(
        RuleBook(entities={}, topics={}, rules=rules, revision="test", sources={})
    )


@given(query=queries, article=articles)
@settings(max_examples=400, deadline=None)
def test_a_query_holds_exactly_where_enumeration_says_so(query: str, article: Article) -> None:
    rule = rule_set({"r": query}).rules["r"]
    view = ArticleView(article)
    fields = {name: field.tokens for name, field in view.fields.items()}

    expected = oracle.holds(rule.tree, fields, view.searched, view.language)

    assert Evaluation(view).holds(rule.tree) is expected


@example(
    query='"troop troop troop-deployment"~1',
    article=Article(title="troop. The troop troop-deployment"),
)
@given(query=leaves | near, article=articles)
@settings(max_examples=300, deadline=None)
def test_the_passages_of_a_clause_are_the_smallest_ranges(query: str, article: Article) -> None:
    tree = rule_set({"r": query}).rules["r"].tree
    assert isinstance(tree, Clause)
    view = ArticleView(article)
    evaluation = Evaluation(view)
    for name in view.searched:
        every = oracle.ranges(tree.what, view.fields[name].tokens, view.language)
        found = evaluation.ranges(tree.what, name)
        shown = [(span.start, span.end) for span in evaluation.spans(tree) if span.field == name]
        tokens = view.fields[name].tokens
        smallest = {(tokens.start[i], tokens.end[j]) for i, j in oracle.smallest(every)}
        assert set(found) <= every
        assert bool(found) is bool(every)
        assert set(shown) <= smallest
        assert bool(shown) is bool(every)
        assert isinstance(tree.what, Window) or set(shown) == smallest


@given(sources=st.lists(queries, min_size=1, max_size=8), article=articles)
@settings(max_examples=300, deadline=None)
def test_the_index_of_words_never_loses_a_hit(sources: list[str], article: Article) -> None:
    rules = rule_set({f"r{number}": query for number, query in enumerate(sources)})

    assert Percolator(rules).match(article) == Percolator(rules, EveryRule(rules)).match(article)


@given(query=queries, article=articles)
@settings(max_examples=200, deadline=None)
def test_every_span_quotes_its_field(query: str, article: Article) -> None:
    for match in Percolator(rule_set({"r": query})).match(article).matches:
        for span in match.spans:
            assert getattr(article, span.field)[span.start : span.end] == span.text
            assert span.clause in query

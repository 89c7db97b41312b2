"""Generated queries and articles: each seed makes other ones."""

from dataclasses import dataclass, replace
from typing import Final

from typing_extensions import override

from monitor.model.alert import RuleFacts
from monitor.model.article import Article
from monitor.model.rule import EntitySpec, RuleSpec, SourceText
from monitor.rules.compile import CompiledRule, RuleSet
from monitor.rules.tree import Node, Positional
from tests.properties import articles as texts
from tests.properties import trees
from tests.properties.choices import Choices
from tests.properties.rewrite import shared
from tests.properties.written import written
from tests.support.rulebook import HERE

RULES: Final = 3
ARTICLES: Final = 3
TEXTS: Final = 6
BATCHES_AT_ONCE: Final = 6


@dataclass(frozen=True)
class Batch:
    """Some queries and some articles: each with each is a case; ``entities`` are the @names."""

    queries: tuple[Node, ...]
    articles: tuple[Article, ...]
    entities: tuple[EntitySpec, ...] = ()

    @override
    def __repr__(self) -> str:
        lines = [*map(written, self.queries), *map(shown, self.articles)]
        return "\n    ".join(["Batch:", *lines])


def shown(article: Article) -> str:
    """An article in one line, without what is empty."""
    names = ("title", "lead", "text", "language", "url", "author", "tags", "carriers", "seen")
    return ", ".join(
        f"{name}={getattr(article, name)!r}" for name in names if getattr(article, name)
    )


def batch(seed: int) -> Batch:
    choose = Choices(seed)
    of = trees.world(choose)
    queries = tuple(trees.tree(choose, of) for _ in range(RULES))
    articles = tuple(texts.article(choose, of, queries) for _ in range(ARTICLES))
    return Batch(queries, articles, of.specs)


def many_languages(seed: int) -> Batch:
    """The articles of several batches and the queries of the first."""
    batches = [batch(seed + more) for more in range(BATCHES_AT_ONCE)]
    return replace(batches[0], articles=tuple(each for of in batches for each in of.articles))


@dataclass(frozen=True)
class Partial:
    """A query, an article whose text is not known yet, and what it may turn out to be."""

    query: Node
    known: Article
    full: tuple[Article, ...]


def partial(seed: int) -> Partial:
    choose = Choices(seed)
    of = trees.world(choose)
    query = trees.tree(choose, of)
    made = texts.article(choose, of, (query,))
    # Without a language the text might tell one.
    known = replace(made, text="", language=made.language or of.vocabulary.languages[0])
    full = (texts.completed(choose, of, query, known) for _ in range(TEXTS))
    return Partial(query, known, tuple(full))


def rule_set(queries: tuple[Node, ...]) -> RuleSet:
    """The rules r0, r1 … with these trees."""
    pool: dict[Positional, Positional] = {}
    rules = (_rule(f"r{number}", shared(tree, pool)) for number, tree in enumerate(queries))
    return RuleSet("test", {rule.spec.id: rule for rule in rules})


def _rule(id_: str, tree: Node) -> CompiledRule:
    spec = RuleSpec(id=id_, title=id_, query=SourceText(written(tree), HERE), place=HERE)
    return CompiledRule(spec, tree, RuleFacts(id=id_, title=id_))

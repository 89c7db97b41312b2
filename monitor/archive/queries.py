"""A query typed on the command line as a rule set of one rule."""

from typing import Final

from monitor.errors import Place
from monitor.model.alert import RuleFacts
from monitor.model.rule import RuleBook, RuleSpec, SourceText
from monitor.rules.compile import CompiledRule, RuleSet
from monitor.rules.queries import QueryCompiler

NAME: Final = "query"
_SIGNS: Final = ("@", "#", "rule:")


def refers(query: str) -> bool:
    """Whether a query may name entities, topics or rules, so that the rule files are needed."""
    return any(sign in query for sign in _SIGNS)


def query_rules(query: str, book: RuleBook | None = None) -> RuleSet:
    """The rule set whose one rule, ``query``, holds where the query does.

    Args:
        query: in the language of rules.
        book: the names that it may refer to.

    Raises:
        RuleError: it is wrong.
    """
    place = Place("QUERY")
    source = SourceText(query, place)
    names = (book.entities, book.topics, book.rules) if book else ({}, {}, {})
    spec = RuleSpec(id=NAME, title=query, query=source, place=place)
    tree, uses = QueryCompiler(*names).rule(spec)
    rule = CompiledRule(spec, tree, RuleFacts(id=NAME, title=query), uses)
    return RuleSet(NAME, {NAME: rule})

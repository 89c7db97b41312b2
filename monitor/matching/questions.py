"""Questions about an article that have nothing to do with its words: site:, tag:, feeds, until."""

from monitor.matching.meta import meta_holds, restriction_holds
from monitor.model.article import Article
from monitor.rules.tree import And, Meta, Node, Not, Or, Restriction, children


def divided(tree: Node) -> tuple[Node | None, Node | None]:
    """A tree as a question AND a rest without questions on top; None for what is not there."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    questions = tuple([part for part in parts if _is_question(part)])
    if not questions:
        return None, tree
    return _joined(questions), _joined(tuple(part for part in parts if not _is_question(part)))


def _joined(parts: tuple[Node, ...]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(parts)


def _is_question(node: Node) -> bool:
    if isinstance(node, And | Or | Not):
        return all(map(_is_question, children(node)))
    return isinstance(node, Meta | Restriction)


def answer(node: Node, article: Article, language: str | None) -> bool:
    """Whether a question is true of an article in a language (BCP 47 tag)."""
    match node:
        case And(parts):
            return all(answer(part, article, language) for part in parts)
        case Or(parts):
            return any(answer(part, article, language) for part in parts)
        case Not(part):
            return not answer(part, article, language)
        case Restriction():
            return restriction_holds(node, article, language)
        case Meta():
            return meta_holds(node, article, language)
        case _:
            raise AssertionError(node)

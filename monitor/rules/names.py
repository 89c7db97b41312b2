"""EntitySpec -> the forms its mentions take: aliases as tokens, and the surname."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import regex

from monitor.analysis.tokens import tokenise
from monitor.errors import Problem, RuleError
from monitor.model.rule import Alias, Case, EntitySpec, EntityType, SourceText
from monitor.rules.tree import AliasForm, Entity, Node
from monitor.rules.words import dotted

_SHORT: Final = 3  # a surname of up to three letters (Li, Xi, May) is too much like a word
_NO_SURNAME: Final = regex.compile(r"[IVXLC]+\.?|(?i:jr|junior|sr|senior)\.?")
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]")
_DECLINED: Final = frozenset({EntityType.PERSON, EntityType.PLACE, EntityType.ORGANISATION})


def entity_of(spec: EntitySpec, context: Callable[[SourceText], Node]) -> Entity:
    """The mentions of an entity.

    Args:
        spec: its names.
        context: the tree of a query that an alias needs beside it.

    Raises:
        RuleError: an alias has no letter or digit, or its context is wrong.
    """
    problems: list[Problem] = []
    forms: dict[object, AliasForm] = {}  # the same spelling twice is one
    for alias in spec.aliases:
        try:
            form = _form(alias, spec, context)
        except RuleError as error:
            problems.extend(error.problems)
        else:
            forms[form.raw, form.case, id(form.context)] = form
    if problems:
        raise RuleError(problems)
    return Entity(spec.id, tuple(forms.values()), _surname(spec))


def _form(alias: Alias, spec: EntitySpec, context: Callable[[SourceText], Node]) -> AliasForm:
    needed = None if alias.context is None else context(alias.context)
    form = _tokens(alias.text.text, alias.case, spec, needed)
    if form is None:
        message = f"the alias {alias.text.text!r} has no letter or digit to search for"
        raise RuleError([Problem(alias.text.place, message)])
    return form


def _tokens(
    text: str, case: Case, spec: EntitySpec, context: Node | None = None
) -> AliasForm | None:
    """The form of a spelling; None if there is nothing to search for."""
    written = dotted(text).split()
    chunks = list(map(_chunk, written))
    raw = tuple([word for chunk in chunks for word in chunk[0]])
    if not raw:
        return None
    return AliasForm(
        raw,
        tuple([word for chunk in chunks for word in chunk[1]]),
        case,
        full=len(raw) > 1 and len(written) > 1,
        inflect=spec.inflect and spec.type in _DECLINED and not text.isupper(),
        context=context,
    )


@lru_cache(2**16)
def _chunk(written: str) -> tuple[Sequence[str], Sequence[str]]:
    """Raw and folded tokens of what stands between two blanks."""
    if written.isascii() and written.isalnum():
        return (written,), (written.lower(),)
    tokens = tokenise(written, None)
    return tokens.raw, tokens.fold


def _surname(spec: EntitySpec) -> AliasForm | None:
    text = spec.surname
    if text is None:
        text = default_surname(spec.name) if spec.type is EntityType.PERSON else ""
    return _tokens(text, Case.AUTO, spec) if text else None


def default_surname(name: str) -> str:
    """The last word of a name with its lower-case particles (von der Leyen); "" if it is none.

    Names of one word, names without blanks (Han, Hangul), surnames of up to three letters and
    names that end in a number or Junior have none: it must be given in the file.
    """
    words = name.split()
    if len(words) < 2 or len(words[-1]) <= _SHORT or _UNSPACED.search(name):  # noqa: PLR2004
        return ""
    if _NO_SURNAME.fullmatch(words[-1]):
        return ""
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    return " ".join(words[first:])

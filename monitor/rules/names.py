"""EntitySpec -> the forms its mentions take: aliases as tokens, and the surname."""

from typing import Final

import regex

from monitor.analysis.tokens import tokenise
from monitor.errors import Problem, RuleError
from monitor.model.rule import Alias, Case, EntitySpec, EntityType
from monitor.rules.tree import AliasForm, Entity
from monitor.rules.words import dotted

_SHORT: Final = 3  # a surname of up to three letters (Li, Xi, May) is too much like a word
_NO_SURNAME: Final = regex.compile(r"[IVXLC]+\.?|(?i:jr|junior|sr|senior)\.?")
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]")


def entity_of(spec: EntitySpec) -> Entity:
    """The mentions of an entity.

    Raises:
        RuleError: an alias has no letter or digit.
    """
    empty = [alias for alias in spec.aliases if not len(tokenise(alias.text.text, None))]
    if empty:
        raise RuleError(
            Problem(
                alias.text.place,
                f"the alias {alias.text.text!r} has no letter or digit to search for",
            )
            for alias in empty
        )
    return Entity(spec.id, tuple(dict.fromkeys(map(_form, spec.aliases))), _surname(spec))


def _form(alias: Alias) -> AliasForm:
    return _tokens(alias.text.text, alias.case)


def _tokens(text: str, case: Case) -> AliasForm:
    tokens = tokenise(dotted(text), None)
    full = len(text.split()) > 1
    return AliasForm(tuple(tokens.raw), tuple(tokens.fold), case, full=full)


def _surname(spec: EntitySpec) -> AliasForm | None:
    text = spec.surname
    if text is None:
        text = default_surname(spec.name) if spec.type is EntityType.PERSON else ""
    return _tokens(text, Case.AUTO) if text and len(tokenise(text, None)) else None


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

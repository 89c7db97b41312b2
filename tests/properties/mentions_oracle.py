"""Where an entity is mentioned, from the manual's rules for names, by trying every range."""

from collections.abc import Iterable, Mapping, Sequence

from monitor.analysis.common import is_common
from monitor.analysis.givennames import GIVEN_NAMES
from monitor.analysis.inflection import is_case_form
from monitor.analysis.tokens import Tokens
from monitor.model.hit import FieldName
from monitor.model.rule import Case
from monitor.rules.tree import AliasForm

Range = tuple[int, int]
Place = tuple[FieldName, int, int]
Fields = Mapping[FieldName, Tokens]


def mentions(
    aliases: Sequence[AliasForm],
    surname: AliasForm | None,
    fields: Fields,
    language: str | None,
) -> set[Place]:
    """Every mention in an article; of overlapping ones the longest, of equally long ones the first."""
    found = {alias: _sightings(alias, fields, language) for alias in aliases}
    clear = {
        place
        for alias, places in found.items()
        for place in places
        if not _is_doubtful(alias, place, fields, language)
    }
    counted = set(clear)
    if clear:
        counted.update(*found.values())
    if surname is not None and any(alias.full and found[alias] for alias in aliases):
        own = {word for alias in aliases for word in alias.fold}
        counted |= {
            place
            for place in _sightings(surname, fields, language)
            if not _is_somebody_else(place, fields, own)
        }
    return _longest(counted)


def _sightings(alias: AliasForm, fields: Fields, language: str | None) -> set[Place]:
    return {
        (name, first, first + len(alias.fold) - 1)
        for name, tokens in fields.items()
        for first in range(len(tokens) - len(alias.fold) + 1)
        if len({tokens.sentence[first + k] for k in range(len(alias.fold))}) == 1
        and all(_reads(alias, k, tokens, first + k, language) for k in range(len(alias.fold)))
    }


def _reads(alias: AliasForm, k: int, tokens: Tokens, i: int, language: str | None) -> bool:
    """Whether token ``i`` is word ``k`` of the alias."""
    word, wanted = tokens.fold[i], alias.fold[k]
    is_it = word == wanted or (alias.inflect and is_case_form(wanted, word, language))
    return is_it and (alias.case is Case.ANY or _has_its_case(alias, k, tokens, i, language))


def _has_its_case(alias: AliasForm, k: int, tokens: Tokens, i: int, language: str | None) -> bool:
    raw, common = tokens.raw[i], _is_common_word(alias, language)
    if tokens.shouting[i]:
        return not common
    if alias.case is Case.EXACT:
        return raw == alias.raw[k]
    if _in_capitals(alias):
        return raw == raw.upper() or (raw == raw.capitalize() and not common)
    return raw[0].isupper() or not common


def _in_capitals(alias: AliasForm) -> bool:
    return "".join(alias.raw).isupper()


def _is_common_word(alias: AliasForm, language: str | None) -> bool:
    return len(alias.fold) == 1 and is_common(alias.fold[0], language)


def _is_doubtful(alias: AliasForm, place: Place, fields: Fields, language: str | None) -> bool:
    """Whether the capital that it needs would stand there anyway."""
    name, first, _ = place
    weak = alias.case is Case.AUTO and _is_common_word(alias, language)
    return weak and not _in_capitals(alias) and fields[name].initial[first]


def _is_somebody_else(place: Place, fields: Fields, own: set[str]) -> bool:
    """Whether another given name, with its capital, stands before a surname, but for blanks."""
    name, first, _ = place
    tokens = fields[name]
    if first == 0 or tokens.sentence[first - 1] != tokens.sentence[first]:
        return False
    if tokens.text[tokens.end[first - 1] : tokens.start[first]].strip():
        return False  # Mark, Rutte
    raw, before = tokens.raw[first - 1], tokens.fold[first - 1]
    return raw[0].isupper() and before in GIVEN_NAMES and before not in own


def _longest(places: Iterable[Place]) -> set[Place]:
    kept: set[Place] = set()
    for name, first, last in sorted(places, key=lambda each: (each[1] - each[2], each[1])):
        if all(name != other or last < i or j < first for other, i, j in kept):
            kept.add((name, first, last))
    return kept

"""Three values: true, false, and None for what only a text that is not known yet can tell.

The connectives are Kleene's: a verdict is None only if both are still possible.
"""

from collections.abc import Iterable
from math import fsum

from monitor.rules.tree import Apart, Entity, Outside, Positional, operands

Truth = bool | None


def all_of(values: Iterable[Truth]) -> Truth:
    """AND: stops at the first that is false."""
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """OR: stops at the first that is true."""
    result: Truth = False
    for value in values:
        if value:
            return True
        if value is None:
            result = None
    return result


def opposite(value: Truth) -> Truth:
    """NOT."""
    return None if value is None else not value


def at_least(minimum: int, values: Iterable[Truth]) -> Truth:
    """Whether ``minimum`` of the values are true."""
    known = list(values)
    certain = known.count(True)
    if certain >= minimum:
        return True
    return None if certain + known.count(None) >= minimum else False


def reaches(threshold: float, weighed: Iterable[tuple[Truth, float]]) -> Truth:
    """Whether the weights of the values that are true reach a threshold; sums are exact."""
    known = [(value, weight) for value, weight in weighed if value is not False]
    lowest = fsum(weight for value, weight in known if value or weight < 0)
    highest = fsum(weight for value, weight in known if value or weight > 0)
    if lowest >= threshold:
        return True
    return None if highest >= threshold else False


def is_monotone(what: Positional) -> bool:
    """Whether what follows a text can only add to the ranges of a positional in it."""
    return not isinstance(what, Apart | Outside) and all(map(is_monotone, operands(what)))


def has_entity(what: Positional) -> bool:
    """Whether its ranges in one field depend on the others, which may clear up a mention."""
    return isinstance(what, Entity) or any(map(has_entity, operands(what)))

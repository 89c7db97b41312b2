"""What differs between two rule sets."""

from monitor.rules.compile import RuleSet


def changed(before: RuleSet, now: RuleSet) -> tuple[str, ...]:
    """The rules that may find other articles than before; a title or a channel does not count."""
    return tuple(
        id_
        for id_, rule in now.rules.items()
        if (old := before.rules.get(id_)) is None or (old is not rule and old.tree != rule.tree)
    )

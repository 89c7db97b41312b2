from monitor.store import rules
from monitor.store.engine import Store
from tests.support.stored import HOUR, NOW


def test_the_rules_that_were_loaded_last_can_be_had_again(store: Store) -> None:
    with store.write() as connection:
        assert rules.last(connection) is None
        rules.save(connection, "a" * 64, {"a.toml": "first"}, NOW)
        rules.save(connection, "b" * 64, {"a.toml": "second", "b.toml": ""}, NOW + HOUR)
        assert rules.last(connection) == {"a.toml": "second", "b.toml": ""}


def test_rules_that_return_are_the_last_again(store: Store) -> None:
    with store.write() as connection:
        rules.save(connection, "a" * 64, {"a.toml": "first"}, NOW)
        rules.save(connection, "b" * 64, {"a.toml": "second"}, NOW + HOUR)
        rules.save(connection, "a" * 64, {"a.toml": "first"}, NOW + 2 * HOUR)
        assert rules.last(connection) == {"a.toml": "first"}

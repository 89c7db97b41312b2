"""Rule files cut into tables: only where the tables mean by themselves what they mean together."""

import tomllib

import pytest

from monitor.config.rule_text import split

FILE = """\
# what it is about

[rules.a]   # the first
query = 'a1'
[[rules.a.tests]]
match = true
[rules.a-b]
query = 'b1'
# the end
[topics.w]
threshold = 1
[topics.w.weights]
'x' = 1
[entities.e]
name = "[rules.x]"
"""


def test_tables_are_cut_before_their_headers() -> None:
    found = split(FILE)
    assert found is not None
    assert list(found) == [
        ("rules", "a"),
        ("rules", "a-b"),
        ("topics", "w"),
        ("entities", "e"),
    ]
    assert found["rules", "a-b"] == "[rules.a-b]\nquery = 'b1'\n# the end\n"
    whole = tomllib.loads(FILE)
    for (kind, name), text in found.items():
        assert tomllib.loads(text) == {kind: {name: whole[kind][name]}}


def test_a_file_that_says_nothing_has_no_tables() -> None:
    assert split("# nothing\n\n  # here\n") == {}


WHOLE = {
    "a text of several lines": "[rules.a]\nquery = '''\n[rules.b]\n'''\n",
    "a table twice": "[rules.a]\nquery = 'a1'\n[rules.a]\nquery = 'b1'\n",
    "a key in front": "rules.b.query = 'b1'\n[rules.a]\nquery = 'a1'\n",
    "a header above names": "[rules]\na.query = 'a1'\n[rules.b]\nquery = 'b1'\n",
    "a name in quotes": "[rules.a]\nquery = 'a1'\n[rules.\"b\"]\nquery = 'b1'\n",
    "a table below another's": "[rules.a]\nquery = 'a1'\n[rules.b]\n[[rules.a.tests]]\n",
    "an indented header": "[rules.a]\nquery = 'a1'\n  [rules.b]\nquery = 'b1'\n",
    "a list on several lines": "[rules.a]\ntopics = [\n['a1'],\n]\n",
    "another kind": "[rules.a]\nquery = 'a1'\n[rulez.b]\nquery = 'b1'\n",
}


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_a_file_that_may_mean_something_else_in_parts_stays_whole(text: str) -> None:
    assert split(text) is None

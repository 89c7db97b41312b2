"""Reading a TOML file: what is wrong with it, in plain words and with its place."""

from pathlib import Path

import pytest

from monitor.config.document import parse_toml, read_text, shown
from monitor.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "a = 1\na = 2\n",
            "x.toml:2:6: not TOML: this key has a value already; a key may stand once in a table",
            id="a key twice",
        ),
        pytest.param(
            "[a.b]\n\n[a.b]\n",
            "x.toml:3:5: [a.b] is there twice, first at x.toml:1:4; join the two",
            id="a table twice",
        ),
        pytest.param(
            "every = 10m\n",
            "x.toml:1:11: not TOML: only one key = value may stand on a line; texts need quotes",
            id="a text without quotes",
        ),
        pytest.param(
            "url = https\n",
            "x.toml:1:7: not TOML: there is no valid value here; texts need quotes",
            id="a word without quotes",
        ),
        pytest.param(
            "é = 1\n",
            'x.toml:1:1: not TOML: expected key = value or a [table]; keys are bare or in "quotes"',
            id="a strange key",
        ),
        pytest.param(
            'a = "b\n',
            "x.toml:1:7: not TOML: the quote of a text is not closed on its line",
            id="an open quote",
        ),
        pytest.param("a = '''\nb\n", "x.toml:2:2: not TOML: Expected \"'''\"", id="unended"),
        pytest.param(
            f"a = {'[' * 9999}",
            "x.toml:1:1: lists or tables are nested too deeply",
            id="deep nesting",
        ),
        pytest.param(
            f"a = {'9' * 9999}", "x.toml:1:1: a number has too many digits", id="a long number"
        ),
    ],
)
def test_what_is_not_toml_is_refused_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_toml(text, "x.toml")
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("/srv/dir/rules/a.toml", "rules/a.toml", id="below"),
        pytest.param("rules/a.toml", "rules/a.toml", id="relative"),
        pytest.param("../a.toml", "../a.toml", id="relative above"),
        pytest.param("/etc/a.toml", "/etc/a.toml", id="elsewhere"),
    ],
)
def test_files_are_named_as_the_user_would_write_them(path: str, name: str) -> None:
    assert shown(Path(path), Path("/srv/dir")) == name


def test_a_file_with_a_byte_order_mark_and_crlf_reads_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert read_text(Path("a.toml"), tmp_path) == "a = 1\nb = 2\n"


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"a = 1\nb = '\xe9'\n")
    with pytest.raises(ConfigError) as caught:
        read_text(Path("a.toml"), tmp_path)
    assert str(caught.value) == "a.toml:2:1: is not UTF-8; save the file with that encoding"


def test_a_file_that_is_not_there_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_text(Path("a.toml"), tmp_path)
    assert str(caught.value) == "a.toml:1:1: can't be read: No such file or directory"

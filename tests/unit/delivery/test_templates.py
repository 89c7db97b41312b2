"""Templates of the user: before those of the program, and refused at their line."""

from datetime import UTC
from pathlib import Path

import pytest

from monitor.delivery.templates import (
    renderers_of,
    shipped_templates,
    template_problems,
    templates_of,
)
from monitor.errors import ConfigError
from monitor.model.channel import ChannelPolicy
from tests.unit.alerts.samples import ALERT, FOLLOW_UP


def channel(name: str, folder: Path | None) -> ChannelPolicy:
    return ChannelPolicy(name=name, url="console://", templates=str(folder) if folder else None)


def refused(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        renderers_of([channel("desk", folder)])
    return [str(problem) for problem in caught.value.problems]


def test_those_in_the_folder_replace_those_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "alert.txt").write_text("{{ a.story.lead.headline }}!\n", encoding="utf-8")
    renderers = renderers_of([channel("desk", tmp_path), channel("press", None)])

    own, plain = (renderers[name].render(ALERT, UTC) for name in ("desk", "press"))
    assert own.text == f"{ALERT.story.lead.article.title}!"
    assert "WHY IT MATCHED" in plain.text
    assert own.html == plain.html


def test_a_style_of_ones_own_needs_no_other_file(tmp_path: Path) -> None:
    shipped = shipped_templates()["base.css"]
    (tmp_path / "base.css").write_text(shipped + ".pill { color: #123456 }", encoding="utf-8")
    message = renderers_of([channel("desk", tmp_path)])["desk"].render(ALERT, UTC)
    assert "color: #123456" in message.html


def test_what_is_no_template_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "alert.txt~").write_text("{{", encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(b"\xff\xd8")
    (tmp_path / "old.html").mkdir()
    assert templates_of(str(tmp_path)) == shipped_templates()


def test_channels_share_what_has_the_same_folder(tmp_path: Path) -> None:
    made = renderers_of([channel("a", tmp_path), channel("b", None), channel("c", tmp_path)])
    assert made["a"] is made["c"]
    assert made["a"] is not made["b"]


@pytest.mark.parametrize(
    ("name", "source", "problem"),
    [
        pytest.param("alert.html", "one\n{% if %}", "2:1: template: Expected", id="syntax"),
        pytest.param("digest.md", "a\n\n{{ a.nothing }}", "3:1: template: ", id="unknown"),
        pytest.param("alert.txt", "{{ a.id + 'x' }}", "1:1: template: uns", id="type"),
        pytest.param(
            "notice.txt", "{{ a.__class__.__mro__ }}", "1:1: template: access", id="unsafe"
        ),
        pytest.param(
            "alert.md", "\n{% include 'none.md' %}", "2:1: template: none.md", id="missing"
        ),
    ],
)
def test_a_wrong_template_is_refused_at_its_line(
    tmp_path: Path, name: str, source: str, problem: str
) -> None:
    (tmp_path / name).write_text(source, encoding="utf-8")
    (found,) = refused(tmp_path)
    assert found.startswith(f"{tmp_path / name}:{problem}")


def test_all_wrong_templates_are_told_at_once(tmp_path: Path) -> None:
    for name in ("alert.html", "digest.txt"):
        (tmp_path / name).write_text("{% for %}", encoding="utf-8")
    assert [line.split(": ")[0] for line in refused(tmp_path)] == [
        f"{tmp_path / 'alert.html'}:1:1",
        f"{tmp_path / 'digest.txt'}:1:1",
    ]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "alert.txt").write_bytes(b"\xff\xfe")
    assert refused(tmp_path) == [f"{tmp_path / 'alert.txt'}:1:1: template: is not UTF-8 text"]
    assert len(template_problems([channel("desk", tmp_path)])) == 1
    assert template_problems([channel("desk", None)]) == []


def test_a_folder_that_went_away_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone") == [
        f"{tmp_path / 'gone'}:1:1: template: No such file or directory"
    ]


def test_a_template_of_ones_own_may_use_all_that_a_message_says(tmp_path: Path) -> None:
    source = "{{ a.occasion }}|{{ a.story.rules | join(',') }}|{{ a.story.reach }}"
    (tmp_path / "alert.txt").write_text(source, encoding="utf-8")
    message = renderers_of([channel("desk", tmp_path)])["desk"].render(FOLLOW_UP, UTC)
    assert message.text == (
        "now 25 outlets · also: Government|Port strikes,Wages,Government|+39 other outlets"
    )

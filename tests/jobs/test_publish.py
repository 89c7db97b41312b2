"""Feeds of rules and tags in a folder."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.delivery.folder import replace_file
from monitor.errors import MonitorError
from monitor.jobs.publish import ENTRIES, Publishing, file_name, renew
from monitor.model.alert import RuleFacts
from monitor.model.channel import ChannelPolicy
from monitor.model.delivery import DeliveryState
from monitor.store import delivery_list
from monitor.store.engine import Store
from monitor.store.erase import erase
from monitor.store.tables import ARTICLE_REVISION
from tests.jobs.newsroom import Newsroom
from tests.support.stored import HOUR, MINUTE, facts, hit

DESK = ChannelPolicy(name="desk", url="json://localhost")
ATOM = "{http://www.w3.org/2005/Atom}"
RULES = {
    "troops": facts("troops"),
    "coup": replace(facts("coup"), tags=("defence", "Ämter / Staat")),
    "quiet": facts("quiet"),
}


def published(folder: Path) -> dict[str, list[str]]:
    """Of each file the titles of its articles."""
    return {
        str(path.relative_to(folder)): [
            each.findtext(f"{ATOM}title", "") for each in _root(path).findall(f"{ATOM}entry")
        ]
        for path in sorted(folder.rglob("*.atom"))
    }


def _root(path: Path) -> ET.Element:
    return ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  # ours


def publish(
    store: Store, folder: Path, rules: Mapping[str, RuleFacts] = RULES
) -> tuple[Publishing, int]:
    job = Publishing(store, folder, rules)
    return job, _all(job)


def _all(job: Publishing) -> int:
    done = 0
    while more := job.run():
        done += more
    return done


def test_each_rule_and_each_tag_has_a_feed_of_its_newest_articles(
    store: Store, tmp_path: Path
) -> None:
    room, folder = Newsroom(store, DESK), tmp_path / "feeds"
    room.publish(1)
    room.wait(MINUTE)
    room.publish(2)
    room.wait(MINUTE)
    room.publish(3, rule="coup")
    room.wait(MINUTE)
    publish(store, folder)
    tag = file_name("Ämter / Staat")
    assert published(folder) == {
        "rules/coup.atom": ["Title 3"],
        "rules/troops.atom": ["Title 2", "Title 1"],
        "tags/defence.atom": ["Title 3", "Title 2", "Title 1"],
        f"tags/{tag}.atom": ["Title 3"],
    }
    assert _root(folder / "rules" / "coup.atom").findtext(f"{ATOM}title") == "Rule coup"
    assert _root(folder / "tags" / f"{tag}.atom").findtext(f"{ATOM}title") == "Ämter / Staat"


def test_what_is_not_decided_waits(store: Store, tmp_path: Path) -> None:
    room = Newsroom(store, DESK)
    room.publish(1)
    job, done = publish(store, tmp_path / "feeds")
    assert (done, published(tmp_path / "feeds")) == (0, {})
    room.wait()
    assert _all(job) == 2
    assert published(tmp_path / "feeds")["rules/troops.atom"] == ["Title 1"]


def test_only_feeds_with_something_new_are_written(store: Store, tmp_path: Path) -> None:
    room, folder = Newsroom(store, DESK), tmp_path / "feeds"
    room.publish(1)
    room.publish(2, rule="coup")
    room.wait(HOUR)
    job, _ = publish(store, folder)
    before = {path: path.stat().st_ino for path in folder.rglob("*.atom")}
    assert _all(job) == 0
    room.publish(3, rule="coup")
    room.wait(HOUR)
    assert _all(job) > 0
    after = {path: path.stat().st_ino for path in folder.rglob("*.atom")}
    assert after.keys() == before.keys()
    assert {path.name for path in after if after[path] == before[path]} == {"troops.atom"}
    assert [path.name for path in folder.rglob(".new-*")] == []


def test_after_a_restart_it_goes_on_and_changes_nothing_that_is_right(
    store: Store, tmp_path: Path
) -> None:
    room, folder = Newsroom(store, DESK), tmp_path / "feeds"
    room.publish(1)
    room.wait(HOUR)
    publish(store, folder)
    assert publish(store, folder)[1] == 0
    (folder / ".state").write_text("torn", encoding="utf-8")
    (file := folder / "rules" / "troops.atom").unlink()
    kept = (folder / "tags" / "defence.atom").stat().st_ino
    publish(store, folder)
    assert file.exists()
    assert (folder / "tags" / "defence.atom").stat().st_ino == kept


def test_an_article_that_several_rules_hit_is_once_in_the_feed_of_their_tag(
    store: Store, tmp_path: Path
) -> None:
    room = Newsroom(store, DESK)
    first = room.publish(1)
    room.wait()
    with store.write() as connection:
        hit(connection, first, "coup", now=room.now)
    room.wait()
    publish(store, tmp_path)
    (found,) = _root(tmp_path / "tags" / "defence.atom").findall(f"{ATOM}entry")
    rules = {each.get("term") for each in found.findall(f"{ATOM}category")}
    assert rules == {"troops", "coup"}


def test_a_feed_has_the_newest_only(store: Store, tmp_path: Path) -> None:
    room = Newsroom(store, DESK)
    for story in range(ENTRIES + 5):
        room.publish(story + 1)
        room.now += MINUTE
    room.wait()
    publish(store, tmp_path)
    titles = published(tmp_path)["rules/troops.atom"]
    assert titles == [f"Title {n}" for n in range(ENTRIES + 5, 5, -1)]


def test_rules_that_are_gone_are_left_alone(store: Store, tmp_path: Path) -> None:
    room = Newsroom(store, DESK)
    room.publish(1)
    room.wait()
    assert publish(store, tmp_path, {})[1] == 0
    assert published(tmp_path) == {}


def test_a_folder_that_cant_be_written_is_told_and_tried_again(
    store: Store, tmp_path: Path
) -> None:
    room, folder = Newsroom(store, DESK), tmp_path / "feeds"
    room.publish(1)
    room.wait()
    folder.write_text("a file", encoding="utf-8")
    job = Publishing(store, folder, RULES)
    with pytest.raises(MonitorError, match=r"feeds.* can't be written"):
        job.run()
    folder.unlink()
    assert _all(job) == 2
    assert len(published(folder)) == 2


def test_an_edited_headline_comes_with_the_next_hit(store: Store, tmp_path: Path) -> None:
    room = Newsroom(store, DESK)
    room.publish(1)
    room.wait()
    job, _ = publish(store, tmp_path)
    with store.write() as connection:
        connection.execute(sa.update(ARTICLE_REVISION).values(title="Other"))
    assert _all(job) == 0
    room.publish(2)
    room.wait()
    _all(job)
    assert published(tmp_path)["rules/troops.atom"] == ["Title 2", "Other"]


def test_a_deleted_article_is_in_no_feed_any_more(store: Store, tmp_path: Path) -> None:
    room = Newsroom(store, DESK)
    room.publish(1)
    room.now += MINUTE
    room.publish(2)
    room.publish(3, rule="coup")
    room.wait(HOUR)
    with store.write() as connection:
        delivery_list.drop_all(connection, DeliveryState.PENDING)
    job, _ = publish(store, tmp_path)
    erase(store, 2)
    erase(store, 3)
    renew(tmp_path)
    _all(job)
    assert published(tmp_path) == {
        "rules/troops.atom": ["Title 1"],
        "tags/defence.atom": ["Title 1"],
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ukraine-troops_2", "ukraine-troops_2"),
        ("Defence", r"defence\.[0-9a-f]{8}"),
        ("../../etc/passwd", r"etc-passwd\.[0-9a-f]{8}"),
        ("..", r"tag\.[0-9a-f]{8}"),
        (".hidden", r"hidden\.[0-9a-f]{8}"),
        ("Ünïted\x00 Nations/EU", r"ünïted-nations-eu\.[0-9a-f]{8}"),
        ("x" * 300, r"x{40}\.[0-9a-f]{8}"),
        ("con", r"con"),
    ],
)
def test_names_are_safe_as_names_of_files(name: str, file: str) -> None:
    assert re.fullmatch(file, file_name(name))


def test_other_names_give_other_files_even_where_case_does_not_count() -> None:
    names = ["defence", "Defence", "DEFENCE", "de fence", "de-fence", "de/fence"]
    assert len({file_name(name).casefold() for name in names}) == len(names)


def test_a_file_is_replaced_in_one_step_and_only_if_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.atom"
    assert replace_file(path, "one")
    with path.open(encoding="utf-8") as reader:
        assert replace_file(path, "two")
        assert reader.read() == "one"
    assert not replace_file(path, "two")
    assert path.read_text(encoding="utf-8") == "two"
    assert path.stat().st_mode & 0o777 == 0o644
    assert list(path.parent.iterdir()) == [path]

"""Rules live in a process of their own: loaded beside matching, all or nothing."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from monitor.config.ruleset import restore_rules
from monitor.errors import RuleError, WorkerError
from monitor.matching.partial import PartialPercolator
from monitor.model.article import Article
from monitor.service.ruleprocess import RuleProcess, RunningRules
from monitor.service.wire import RuleFiles
from tests.support.rulefolder import rule_files

FLOOD = "[rules.flood]\ntitle = 'Flood'\ntags = ['water']\nquery = 'flood OR text:dam'\n"
FIRE = "[rules.fire]\nquery = 'fire'\nchannels = ['desk']\nseverity = 'high'\n"
BAD = "[rules.fire]\nquery = 'fire AND'\n"
FAILING = FIRE + "[[rules.fire.tests]]\ntitle = 'Water'\nmatch = true\n"
BOTH = Article(title="Fire after the flood", lead="A lead", text="Fire, fire and a flood.", id=1)


@pytest.fixture
def process() -> Iterator[RuleProcess]:
    with RuleProcess() as one:
        yield one


def both(folder: Path) -> RuleFiles:
    return RuleFiles(paths=(folder / "a.toml", folder / "b.toml"), channels=frozenset({"desk"}))


def found(rules: RunningRules) -> list[str]:
    (verdict,) = rules.match_batch([BOTH])
    return [match.rule for match in verdict.matches]


def descendants() -> set[int]:
    return {each.pid for each in psutil.Process().children(recursive=True)}


def test_the_process_says_the_same_as_the_rules_would_here(
    process: RuleProcess, tmp_path: Path
) -> None:
    texts = {"a.toml": FLOOD, "b.toml": FIRE}
    rules = process.load(rule_files(tmp_path / "rules", texts))
    here = PartialPercolator(restore_rules(rules.sources).rules)
    articles = [BOTH, Article(title="Nothing", id=2), Article(title="Flood", id=3)]

    assert rules.match_batch(articles) == here.match_batch(articles)
    assert rules.match_partly(articles) == here.match_partly(articles)
    assert rules.facts == here.facts
    assert rules.revision == here.revision


def test_the_old_rules_go_on_while_others_load_and_after_that_as_well(
    process: RuleProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    old = process.load(rule_files(folder, {"a.toml": FLOOD}))
    os.mkfifo(folder / "b.toml")  # who reads it waits for us: the load is under way
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(process.load, both(folder))
        with (folder / "b.toml").open("w", encoding="utf-8") as held:  # it reads
            assert not loading.done()
            assert [found(old) for _ in range(3)] == [["flood"]] * 3
            held.write(FIRE)
        new = loading.result()
    assert found(new) == ["flood", "fire"]
    assert found(old) == ["flood"]
    assert old.revision != new.revision


@pytest.mark.parametrize("text", [BAD, FAILING], ids=["syntax", "a failing rule test"])
def test_a_bad_set_is_refused_with_its_place_and_the_good_one_goes_on(
    process: RuleProcess, tmp_path: Path, text: str
) -> None:
    folder = tmp_path / "rules"
    good = process.load(rule_files(folder, {"a.toml": FLOOD}))
    with pytest.raises(RuleError) as refused:
        process.load(rule_files(folder, {"a.toml": text}))
    assert refused.value.problems[0].place.file.endswith("a.toml")
    assert found(good) == ["flood"]
    assert found(process.load(rule_files(folder, {"a.toml": FIRE}))) == ["fire"]


def test_the_fork_that_stood_in_ends_when_nobody_needs_the_old_rules(
    process: RuleProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    rules = process.load(rule_files(folder, {"a.toml": FLOOD}))
    before = descendants()
    for text in (FIRE, FLOOD, FIRE):
        rules = process.load(rule_files(folder, {"a.toml": text}))
        found(rules)
    left = [psutil.Process(pid) for pid in descendants() - before]
    assert not psutil.wait_procs(left, timeout=30)[1]


def test_if_the_process_dies_the_batch_fails_and_the_next_meets_the_same_rules(
    process: RuleProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    rules = process.load(rule_files(folder, {"a.toml": FLOOD}))
    rule_files(folder, {"a.toml": FIRE})  # nobody asked for these
    kill_matchers()
    with pytest.raises(WorkerError, match="SIGKILL"):
        rules.match_batch([BOTH])
    assert found(rules) == ["flood"]
    assert found(process.load(rule_files(folder, {"a.toml": FIRE}))) == ["fire"]


def kill_matchers() -> None:
    for each in psutil.Process().children(recursive=True):
        if each.parent() != psutil.Process():  # of the fork server
            os.kill(each.pid, signal.SIGKILL)


def test_who_waits_for_rules_is_released_when_the_program_ends(
    process: RuleProcess, tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    rule_files(folder, {"a.toml": FLOOD})
    os.mkfifo(folder / "b.toml")  # never written
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(process.load, both(folder))
        process.give_up()
        with pytest.raises(WorkerError, match="ending"):
            loading.result()

"""A folder of rule files that a test writes."""

from collections.abc import Mapping
from pathlib import Path

from monitor.service.wire import RuleFiles


def rule_files(folder: Path, texts: Mapping[str, str]) -> RuleFiles:
    """Writes rule files and says where they are; those of before go."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.toml"):
        old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return RuleFiles(paths=(folder,), channels=frozenset({"desk"}))

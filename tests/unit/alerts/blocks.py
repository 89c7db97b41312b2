"""The documented limits of Slack's Block Kit."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# What Slack would act upon: anything in angle brackets.
COMMAND = re.compile(r"<[^>]*>?")
_TYPES = {"header", "context", "section", "actions"}


def texts(blocks: tuple[Mapping[str, Any], ...]) -> Iterator[tuple[str, str, str]]:
    """Type of the block, type of the text, text: of every text there is."""
    for block in blocks:
        for each in (block, *block.get("elements", ())):
            found = each if each.get("type") == "mrkdwn" else each.get("text")
            if found is not None:
                yield block["type"], found["type"], found["text"]


def mrkdwn(blocks: tuple[Mapping[str, Any], ...]) -> str:
    """All that is formatted."""
    return "\n".join(text for _, kind, text in texts(blocks) if kind == "mrkdwn")


def assert_valid(blocks: tuple[Mapping[str, Any], ...]) -> None:
    """Slack would take them."""
    assert 0 < len(blocks) <= 50
    assert {block["type"] for block in blocks} <= _TYPES
    for place, kind, text in texts(blocks):
        assert 0 < len(text) <= (150 if place == "header" else 3000)
        assert kind == ("mrkdwn" if place in {"section", "context"} else "plain_text")
        if kind == "mrkdwn":
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    for block in blocks:
        assert len(block.get("elements", ())) <= 10
        for element in block.get("elements", ()):
            assert len(element.get("url", "")) <= 3000

"""Stories: what articles say of one event, and why an article belongs to one."""

from dataclasses import dataclass
from enum import StrEnum


class Kinship(StrEnum):
    """Why an article is in its story."""

    FIRST = "first"  # nothing like it was known: the story begins with it
    COPY = "copy"  # most of its text, or of the other's, is that of an article of the story
    SAME_STORY = "same-story"  # it tells of the same event in other words


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An article's place among the stories, as deciding sees it.

    Attributes:
        story: stored id.
        copy: its text is (nearly) that of an article that came before.
    """

    story: int
    copy: bool

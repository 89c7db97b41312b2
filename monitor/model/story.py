"""Stories: what articles say of one event, and why an article belongs to one."""

from enum import StrEnum


class Kinship(StrEnum):
    """Why an article is in its story."""

    FIRST = "first"  # nothing like it was known: the story begins with it
    COPY = "copy"  # most of its text, or of the other's, is that of an article of the story
    SAME_STORY = "same-story"  # it tells of the same event in other words

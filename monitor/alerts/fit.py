"""Ever less of a digest, for a mail program that cuts off long pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from monitor.alerts.digest import DigestView, Section
from monitor.alerts.view import StoryView

_ELSEWHERE = "and more; the text part of this mail has all"


def detailed(view: DigestView) -> Iterator[DigestView]:
    """The view itself, then with ever less: first further articles, last whole stories."""
    steps: tuple[Callable[[DigestView], DigestView], ...] = (
        partial(_each, change=partial(_naming, named=3)),
        partial(_listing, headlines=50),
        partial(_each, change=partial(_naming, named=0)),
        partial(_listing, headlines=20),
        partial(_each, change=_unquoted),
        partial(_listing, headlines=0),
    )
    yield view
    for step in steps:
        view = step(view)
        yield view
    while view.sections:
        view = replace(view, sections=_half(view.sections), unlisted=_ELSEWHERE)
        yield view


def _listing(view: DigestView, headlines: int) -> DigestView:
    if len(view.headlines) <= headlines:
        return view
    return replace(view, headlines=view.headlines[:headlines], unlisted=_ELSEWHERE)


def _each(view: DigestView, change: Callable[[StoryView], StoryView]) -> DigestView:
    sections = (
        replace(section, stories=tuple(map(change, section.stories))) for section in view.sections
    )
    return replace(view, sections=tuple(sections))


def _naming(story: StoryView, named: int) -> StoryView:
    if len(story.others) <= named:
        return story
    gone = story.articles - 1 - len(story.also) - named
    return replace(story, others=story.others[:named], unlisted=f"and {gone} more")


def _unquoted(story: StoryView) -> StoryView:
    return replace(story, lead=replace(story.lead, passages=()))


def _half(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The first half of the stories, which are the most important ones."""
    room = sum(len(section.stories) for section in sections) // 2
    kept = []
    for section in sections:
        if room > 0:
            kept.append(replace(section, stories=section.stories[:room]))
        room -= len(section.stories)
    return tuple(kept)

"""Messages in Slack's Block Kit, in which nothing of a feed can be a command."""

import re
from collections.abc import Iterable, Iterator, Mapping

from monitor.alerts.digest import DigestView, Section
from monitor.alerts.notice import NoticeView
from monitor.alerts.passages import Passage
from monitor.alerts.plain import clip, without_mentions
from monitor.alerts.view import AlertView, HeadlineView, QuoteView, StoryView

Block = Mapping[str, object]

# Slack refuses longer ones.
_HEADER = 150
_SECTION = 3000
_BLOCKS = 50

_LINK = 1500  # a longer link would leave no room for its title
_TITLE = 180
_SOURCE = 80
_BREAK = "\N{ZERO WIDTH SPACE}"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {mark: mark + _BREAK for mark in "*_~`"}
_TABLE = str.maketrans(_ESCAPES)
_HALF_A_TOKEN = re.compile(r"(?:&[a-z]*|<[^>]*)$")


def escape(text: str) -> str:
    """Returns mrkdwn that shows the text as it is: no mention, link, bold or code comes of it."""
    return text.translate(_TABLE)


def alert_blocks(view: AlertView) -> tuple[Block, ...]:
    """Returns an alert as blocks, within Slack's limits."""
    story = view.story
    parts = [
        _header(story.lead.headline),
        _context(" · ".join((_pills(story.rules), _meta(story.lead)))),
        *_sections([_bold(view.occasion)] if view.occasion else []),
        *_sections(["\n".join(("*Why it matched*", *_why(story.lead)))]),
        *_sections([_quotes(story.lead)]),
        *_sections(map(_further, story.also)),
        *_sections([_others(story)]),
    ]
    return _whole(parts, [*_button(story.lead.url), _context(_foot(view))])


def digest_blocks(view: DigestView) -> tuple[Block, ...]:
    """Returns a digest as blocks; what has no room is counted."""
    parts = [
        _header(view.title),
        _context(escape(view.period)),
        *_sections([_bold(view.occasion)] if view.occasion else []),
        *(part for section in view.sections for part in _sections(_stories(section))),
        *_sections(_headlines(view)),
    ]
    return _whole(parts, [_context(escape(view.footer))])


def notice_blocks(view: NoticeView) -> tuple[Block, ...]:
    """Returns a system alert as blocks."""
    lines = [f"• *{escape(line.name)}*: {escape(line.text)}" for line in view.lines]
    parts = [_header(view.title), *_sections([*lines, *filter(None, [escape(view.more)])], "\n")]
    return _whole(parts, [_context(escape(view.footer))])


def _whole(parts: list[Block], end: list[Block]) -> tuple[Block, ...]:
    if len(parts) + len(end) > _BLOCKS:
        parts = parts[: _BLOCKS - len(end) - 1]
        parts.append(_context("… the rest has no room here; `monitor hits` shows all"))
    return (*parts, *end)


def _header(text: str) -> Block:
    words = clip(without_mentions(clip(text, _HEADER)), _HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": clipped(text)}]}


def _button(url: str) -> Iterator[Block]:
    if url and len(url) <= _SECTION:
        label = {"type": "plain_text", "text": "Read"}
        yield {"type": "actions", "elements": [{"type": "button", "text": label, "url": url}]}


def _sections(texts: Iterable[str], between: str = "\n\n") -> Iterator[Block]:
    """As few blocks as the texts fit into; a text is cut only if it is too long for one."""
    filled = ""
    for text in map(clipped, filter(None, texts)):
        if filled and len(filled) + len(between) + len(text) > _SECTION:
            yield _section(filled)
            filled = ""
        filled += f"{between}{text}" if filled else text
    if filled:
        yield _section(filled)


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def clipped(text: str) -> str:
    """Returns mrkdwn that fits into a section."""
    if len(text) <= _SECTION:
        return text
    return _HALF_A_TOKEN.sub("", text[: _SECTION - 1]) + "…"


def _bold(text: str) -> str:
    return f"*{escape(text)}*"


def _pills(rules: Iterable[str]) -> str:
    return ", ".join(_bold(clip(rule, _SOURCE)) for rule in rules)


def _linked(named: HeadlineView) -> str:
    title = escape(clip(named.headline, _TITLE))
    url = named.url.replace("&", "&amp;")
    return f"<{url}|{title}>" if url and len(url) <= _LINK else title


def _meta(named: HeadlineView) -> str:
    source = escape(clip(named.source, _SOURCE))
    return " · ".join(filter(None, (source, named.published, named.seen)))


def _why(quote: QuoteView) -> Iterator[str]:
    return (f"• {_bold(why.rule)} — {escape(why.line)}" for why in quote.why)


def _quotes(quote: QuoteView) -> str:
    lines = [f"> {_marked(passage)}" for passage in quote.passages]
    return "\n".join([*lines, *filter(None, [quote.more])])


def _further(quote: QuoteView) -> str:
    return "\n".join(
        (f"*{_linked(quote)}*", _meta(quote), *_why(quote), *filter(None, [_quotes(quote)]))
    )


def _others(story: StoryView) -> str:
    if not story.reach:
        return ""
    return "\n".join((_bold(story.reach), *map(_line, story.others), story.unlisted)).rstrip()


def _line(named: HeadlineView) -> str:
    source = escape(clip(named.source, _SOURCE))
    return f"• {_linked(named)}{f' — {source}' if source else ''}"


def _stories(section: Section) -> Iterator[str]:
    head = f"{_bold(section.rule)} · {section.count}"
    for story in section.stories:
        lead = story.lead
        pills = f" · {_pills(story.rules[1:])}" if len(story.rules) > 1 else ""
        reach = f" · {story.reach}" if story.reach else ""
        lines = [f"*{_linked(lead)}*", f"{_meta(lead)}{reach}{pills}"]
        lines += filter(None, [_quotes(lead)])
        lines += [_line(each) for each in (*story.also, *story.others)]
        text = "\n".join(filter(None, [*lines, story.unlisted]))
        yield f"{head}\n\n{text}" if head else text
        head = ""


def _headlines(view: DigestView) -> Iterator[str]:
    if view.headlines or view.unlisted:
        yield "\n".join(("*Further headlines*", *map(_line, view.headlines[:1])))
    yield from map(_line, view.headlines[1:])
    yield escape(view.unlisted)


def _marked(passage: Passage) -> str:
    # Bold needs a boundary on both sides, which a letter beside the hit would not give.
    return "".join(
        f"{_BREAK}*{escape(piece.text)}*{_BREAK}" if piece.hit else escape(piece.text)
        for piece in passage
    )


def _foot(view: AlertView) -> str:
    commands = (f"{name}: `{line.replace('`', '')}`" for name, line in view.commands)
    return " · ".join((escape(view.footer), *commands))

"""Messages in Slack's Block Kit, in which nothing of a feed can be a command.

Besides the documented limits of its parts, a message is refused as a whole at some 13,000
characters (``msg_blocks_too_long``; slackapi/bolt-js, issues 2509 and 2867).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from monitor.alerts.digest import DigestView, Section
from monitor.alerts.fit import detailed
from monitor.alerts.notice import NoticeView
from monitor.alerts.passages import Passage
from monitor.alerts.plain import clip
from monitor.alerts.spike_words import SignView, SpikeView
from monitor.alerts.view import AlertView, HeadlineView, QuoteView, StoryView

Block = Mapping[str, object]

# Slack refuses longer ones.
_HEADER = 150
_SECTION = 3000
_BLOCKS = 50
_MESSAGE = 12_000  # characters of all blocks as JSON

_LINK = 1500  # a longer link would leave no room for its title
_TITLE = 180
_SOURCE = 80
_BREAK = "\N{ZERO WIDTH SPACE}"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_PLAIN = str.maketrans(_ESCAPES)
_TABLE = str.maketrans(_ESCAPES | {mark: mark + _BREAK for mark in "*_~`"})
_NO_ROOM = "… the rest has no room here; `monitor hits` shows all"
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
    """Returns a digest as blocks, with as much detail as Slack takes."""
    blocks: tuple[Block, ...] = ()
    for less in detailed(view, "and more; `monitor hits` shows all"):
        parts, end = _digest_parts(less)
        blocks = _whole(parts, end)
        if len(blocks) == len(parts) + len(end):
            break
    return blocks


def _digest_parts(view: DigestView) -> tuple[list[Block], list[Block]]:
    parts = [
        _header(view.title),
        _context(escape(view.period)),
        *_sections([_bold(view.occasion)] if view.occasion else []),
        *(part for section in view.sections for part in _sections(_stories(section))),
        *_sections(_headlines(view)),
    ]
    return parts, [_context(_foot(view))]


def notice_blocks(view: NoticeView) -> tuple[Block, ...]:
    """Returns a system alert as blocks."""
    lines = [f"• *{escape(line.name)}*: {escape(line.text)}" for line in view.lines]
    parts = [_header(view.title), *_sections([*lines, *filter(None, [escape(view.more)])], "\n")]
    return _whole(parts, [_context(escape(view.footer))])


def spike_blocks(view: SpikeView) -> tuple[Block, ...]:
    """Returns a message about spikes as blocks."""
    parts = [
        _header(view.title),
        *_sections([*map(_sign, view.signs), *filter(None, [escape(view.more)])]),
    ]
    return _whole(parts, [_context(_foot(view))])


def _sign(sign: SignView) -> str:
    about = filter(None, (escape(sign.when), escape(sign.outlets)))
    lines = [f"{_pills([sign.rule])} · {escape(sign.line)}", " · ".join(about)]
    lines += [f"{_line(one)}{f' · {one.reach}' if one.reach else ''}" for one in sign.stories]
    return "\n".join(lines)


def _whole(parts: list[Block], end: list[Block]) -> tuple[Block, ...]:
    """All parts, or as many as Slack takes and a word that there are more."""
    if _fits([*parts, *end]):
        return (*parts, *end)
    end = [_context(_NO_ROOM), *end]
    while not _fits([*parts, *end]):
        parts = parts[:-1]
    return (*parts, *end)


def _fits(blocks: list[Block]) -> bool:
    return len(blocks) <= _BLOCKS and len(json.dumps(blocks, ensure_ascii=False)) <= _MESSAGE


def _header(text: str) -> Block:
    words = _cut(clip(text, _HEADER).translate(_PLAIN), _HEADER)
    return {"type": "header", "text": {"type": "plain_text", "text": words, "emoji": False}}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_mrkdwn(clipped(text))]}


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
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> Block:
    # Verbatim: Slack makes no links and mentions of its own out of what the text says.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def clipped(text: str) -> str:
    """Returns mrkdwn that fits into a section."""
    return _cut(text, _SECTION)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return _HALF_A_TOKEN.sub("", text[: limit - 1]) + "…"


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
        about = (escape(clip(lead.source, _SOURCE)), lead.when, story.reach, story.number)
        lines = [f"*{_linked(lead)}*", " · ".join(filter(None, about)) + pills]
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


def _foot(view: AlertView | DigestView | SpikeView) -> str:
    commands = (f"{name}: `{line.replace('`', '')}`" for name, line in view.commands)
    return " · ".join((escape(view.footer), *commands))

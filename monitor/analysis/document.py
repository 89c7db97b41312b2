"""An article as tokens."""

from dataclasses import dataclass
from typing import Final

import regex

from monitor.analysis.detect import detect
from monitor.analysis.language import SAMPLE, of_script, primary
from monitor.analysis.tokens import Tokens, tokenise

_CUT_SHORT: Final = regex.compile(r"(?:…|\.{3})[\s\])]*$")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The fields of an article as tokens.

    Attributes:
        language: BCP 47 tag as given, or guessed from the beginning; None if unknown.
        lead_in_text: the lead is the beginning of the text and must not be counted twice.
    """

    title: Tokens
    lead: Tokens
    text: Tokens
    language: str | None
    lead_in_text: bool


def analyse(title: str, lead: str, text: str, language: str | None) -> Document:
    """Read the fields of an article; without a language it is guessed."""
    language = language_of(title, lead, text, language)
    lead_tokens, text_tokens = tokenise(lead, language), tokenise(text, language)
    return Document(
        title=tokenise(title, language, title=True),
        lead=lead_tokens,
        text=text_tokens,
        language=language,
        lead_in_text=is_beginning(lead_tokens, text_tokens),
    )


def language_of(title: str, lead: str, text: str, language: str | None) -> str | None:
    """The language that is given, or else the one that the beginning shows."""
    if primary(language) is not None:
        return language
    return guess_language(f"{title}\n{lead}\n{text[:SAMPLE]}")


def is_beginning(lead: Tokens, text: Tokens) -> bool:
    """Whether a lead is the beginning of a text, its last word cut short or not.

    All that matching reads of its tokens must be equal there: what holds in such a lead holds in
    the text.
    """
    count = len(lead) - _is_last_word_cut(lead, text)
    return count > 0 and all(
        ours[:count] == theirs[:count]
        for ours, theirs in (
            (lead.raw, text.raw),
            (lead.sentence, text.sentence),
            (lead.paragraph, text.paragraph),
            (lead.shouting, text.shouting),
            (lead.initial, text.initial),
        )
    )


def _is_last_word_cut(lead: Tokens, text: Tokens) -> bool:
    """Whether the lead stops inside a word of the text (leaders plan tro…)."""
    last = len(lead) - 1
    if not 0 <= last < len(text) or lead.raw[last] == text.raw[last]:
        return False
    return is_cut_short(lead.text) and text.raw[last].startswith(lead.raw[last])


def is_cut_short(lead: str) -> bool:
    """Whether a lead ends in … or ..., so that its last word may be part of a longer one."""
    return _CUT_SHORT.search(lead) is not None


def guess_language(text: str) -> str | None:
    """The language of a text that states none, by its script, then by its words; or None."""
    return of_script(text) or detect(text)

"""An article as tokens."""

from dataclasses import dataclass
from typing import Final

import regex

from monitor.analysis.tokens import Tokens, tokenise

# Scripts that only one language of the news writes; the first found wins, so kana before Han.
_SCRIPTS: Final = tuple(
    (language, regex.compile(pattern))
    for language, pattern in (
        ("ja", r"[\p{Hiragana}\p{Katakana}]"),
        ("ko", r"\p{Hangul}"),
        ("zh", r"\p{Han}"),
        ("el", r"\p{Greek}"),
        ("he", r"\p{Hebrew}"),
        ("th", r"\p{Thai}"),
        ("lo", r"\p{Lao}"),
        ("km", r"\p{Khmer}"),
        ("my", r"\p{Myanmar}"),
        ("ka", r"\p{Georgian}"),
        ("hy", r"\p{Armenian}"),
    )
)
_LETTER: Final = regex.compile(r"\p{L}")
_SAMPLE: Final = 2_000
_CUT_SHORT: Final = regex.compile(r"(?:…|\.{3})[\s\])]*$")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """The fields of an article as tokens.

    Attributes:
        language: BCP 47 tag as given, or guessed from the script; None if unknown.
        lead_range: number of tokens of ``text`` that the lead repeats, 0 if it is no beginning
            of the text. Such a lead must not be counted twice.
    """

    title: Tokens
    lead: Tokens
    text: Tokens
    language: str | None
    lead_range: int

    @property
    def lead_in_text(self) -> bool:
        """Whether the lead is the beginning of the text."""
        return self.lead_range > 0


def analyse(title: str, lead: str, text: str, language: str | None) -> Document:
    """Read the fields of an article; without a language it is guessed from the script."""
    if language is None:
        language = guess_language(f"{title}\n{lead}\n{text}")
    lead_tokens, text_tokens = tokenise(lead, language), tokenise(text, language)
    return Document(
        title=tokenise(title, language, title=True),
        lead=lead_tokens,
        text=text_tokens,
        language=language,
        lead_range=_beginning(lead_tokens, text_tokens),
    )


def _beginning(lead: Tokens, text: Tokens) -> int:
    """How many tokens of the text the lead repeats; its last word may be cut (deplo…)."""
    words = lead.raw
    if words and _CUT_SHORT.search(lead.text) and text.raw[: len(words)] != words:
        last = len(words) - 1
        if len(text) > last and text.raw[last].startswith(words[last]):
            words = words[:last]
    return len(words) if words and text.raw[: len(words)] == words else 0


def guess_language(text: str) -> str | None:
    """The language of a text by its script alone.

    Only for scripts that one language of the news writes: Latin, Cyrillic, Arabic and Devanagari
    text gives None. The script needs a third of the first letters, so that a name does not count.
    """
    letters = "".join(_LETTER.findall(text[:_SAMPLE]))
    for language, script in _SCRIPTS:
        if len(script.findall(letters)) * 3 > len(letters):
            return language
    return None

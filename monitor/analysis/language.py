"""Language tags (BCP 47) as analysis reads them, and languages that a script gives away."""

from functools import lru_cache
from typing import Final

import regex

SAMPLE: Final = 600  # characters from the beginning of an article that show its language

# Tags that were replaced but are still sent.
_RETIRED: Final = {"in": "id", "iw": "he", "ji": "yi", "mo": "ro", "sh": "sr"}

# Scripts that one language of the news writes, and the share of the letters that shows it. A third
# is more than a name; Japanese mixes kana with Han, so there a tenth is enough.
_THIRD: Final = 1 / 3
_SCRIPTS: Final = (
    ("ja", 1 / 10, r"\p{Hiragana}\p{Katakana}"),
    ("ko", _THIRD, r"\p{Hangul}"),
    ("zh", _THIRD, r"\p{Han}"),
    ("el", _THIRD, r"\p{Greek}"),
    ("he", _THIRD, r"\p{Hebrew}"),
    ("th", _THIRD, r"\p{Thai}"),
    ("lo", _THIRD, r"\p{Lao}"),
    ("km", _THIRD, r"\p{Khmer}"),
    ("my", _THIRD, r"\p{Myanmar}"),
    ("ka", _THIRD, r"\p{Georgian}"),
    ("hy", _THIRD, r"\p{Armenian}"),
    ("ta", _THIRD, r"\p{Tamil}"),
    ("te", _THIRD, r"\p{Telugu}"),
    ("kn", _THIRD, r"\p{Kannada}"),
    ("ml", _THIRD, r"\p{Malayalam}"),
    ("si", _THIRD, r"\p{Sinhala}"),
    ("gu", _THIRD, r"\p{Gujarati}"),
    ("pa", _THIRD, r"\p{Gurmukhi}"),
    ("or", _THIRD, r"\p{Oriya}"),
)
_LETTERS: Final = tuple(
    (language, share, regex.compile(f"[{script}]")) for language, share, script in _SCRIPTS
)
_LATIN: Final = regex.compile(r"[\x00-\u036F\u2000-\u206F]*+")  # and the usual punctuation
_LETTER: Final = regex.compile(r"\p{L}")


@lru_cache(maxsize=1_000)
def primary(language: str | None) -> str | None:
    """The primary subtag in lower case: ``en`` of ``en-GB`` or ``EN_us``; None stays None.

    A retired tag gives its successor: ``he`` of ``iw``. ``und`` (undetermined) and an empty tag
    are None too.
    """
    if not language:
        return None
    subtag = language.replace("_", "-").partition("-")[0].strip().casefold()
    return None if subtag in {"", "und"} else _RETIRED.get(subtag, subtag)


def of_script(text: str) -> str | None:
    """The language of a text by the script of its first letters alone.

    None for Latin, Cyrillic, Arabic, Devanagari and other scripts that several languages write,
    and for a text without letters.
    """
    sample = text[:SAMPLE]
    if _LATIN.fullmatch(sample):
        return None
    letters = "".join(_LETTER.findall(sample))
    for language, share, script in _LETTERS:
        if letters and len(script.findall(letters)) >= share * len(letters):
            return language
    return None

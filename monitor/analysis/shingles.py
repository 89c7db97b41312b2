"""What a text says as numbers: runs of three words (w-shingling, Broder 1997), and a sketch.

Numbers are the same on every machine and in every process, so that sketches can be stored.
"""

from operator import mul
from typing import Final
from zlib import crc32

from monitor.analysis.chunks import read_chunk
from monitor.analysis.language import SAMPLE, of_script
from monitor.analysis.lexicon import Lexicon, lexicon
from monitor.analysis.tokens import tokenise

_LEAST_WORDS: Final = 12
_LEAST_LETTERS: Final = 40  # where words are not told apart
_SCRIPTS: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_UNSPACED: Final = 15  # characters between two blanks; no script with blanks has so many
_MOST: Final = 20_000  # characters that are read
_MASK: Final = (1 << 26) - 1  # of a word: sums of a run stay below 2³⁰, where Python is fastest
_FACTORS: Final = (1, 3, 5, 2, 4)
_MODULUS: Final = 4  # one shingle of so many is in the sketch
LEAST_SHARED: Final = 3
CONTAINED: Final = 0.3
_KEPT: Final = 20_000  # chunks; about 3 MB
_LONGEST: Final = 64  # longer ones are no words, and would fill the memory


class _Chunks(dict[str, int]):
    """What stands between two blanks -> the number of its folded words, or 0; fills itself.

    Threads may share it: every entry can be computed again, so a lost one does no harm.
    """

    def __init__(self, words: Lexicon) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, chunk: str) -> int:
        folded = " ".join(word.fold for word in read_chunk(chunk, None, self._words).words)
        number = _number(folded)
        if len(chunk) <= _LONGEST:
            if len(self) >= _KEPT:
                self.clear()
            self[chunk] = number
        return number


def _number(folded: str) -> int:
    return crc32(folded.encode(errors="surrogatepass")) & _MASK


_CHUNKS: Final = _Chunks(lexicon(None))


def is_unspaced(text: str) -> bool:
    """Whether a text is of a script without blanks between words (Han, Kana, Thai, Khmer …)."""
    sample = text[:SAMPLE]
    return len(sample) >= _UNSPACED * len(sample.split()) and of_script(sample) in _SCRIPTS


def shingles(text: str) -> frozenset[int]:
    """A number for every run of three words, or of five letters in scripts without blanks.

    Words are compared as folded. Empty if the text is too short: below 12 words, or 40 letters.
    """
    return frozenset(_runs(text, 1))


def sketch(text: str) -> frozenset[int]:
    """One in four of the shingles of a text, in all texts the same ones."""
    return frozenset(_runs(text, _MODULUS))


def _runs(text: str, modulus: int) -> list[int]:
    """Those of the numbers of all runs that are multiples; factors keep the order of words."""
    text = text[:_MOST]
    if is_unspaced(text):
        return _runs_of_letters(text, modulus)
    chunks = text.split()
    words = list(filter(None, map(_CHUNKS.__getitem__, chunks)))
    if len(words) < _LEAST_WORDS:
        return []
    return [
        number
        for one, two, three in zip(words, words[1:], words[2:], strict=False)
        if not (number := one + 3 * two + 5 * three) % modulus
    ]


def _runs_of_letters(text: str, modulus: int) -> list[int]:
    letters = [_number(each) for each in tokenise(text, None).fold]
    if len(letters) < _LEAST_LETTERS:
        return []
    return [
        number
        for run in zip(*(letters[at:] for at in range(len(_FACTORS))), strict=False)
        if not (number := sum(map(mul, _FACTORS, run))) % modulus
    ]


def similar(one: str, other: str) -> bool | None:
    """Whether one text holds a good part of the other; None if one is too short to tell.

    Three tenths of the shorter one are enough: a summary is contained in its article, and texts
    are shortened and edited.
    """
    ours, theirs = shingles(one), shingles(other)
    if not ours or not theirs:
        return None
    shared = len(ours & theirs)
    return shared >= LEAST_SHARED and shared >= CONTAINED * min(len(ours), len(theirs))

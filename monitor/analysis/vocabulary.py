"""The chunks and words of one language that were seen so far, as arrays; learns new ones."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Column, HashTable, Keys
from monitor.analysis.chunks import Chunk, read_chunk
from monitor.analysis.lexicon import Word, lexicon

MOST_TOKENS: Final = 150_000  # in all chunks: about 50 MB with their words and look-ups
AFTER: Final = 3
EDGE, ODD, BROKEN = 7, 1 << 6, 1 << 7
MOST_BYTES: Final = 4_000_000  # of chunks too long to be words


class Vocabulary:
    """Numbers for chunks and words; both only grow until ``is_full``.

    Attributes:
        words: what is known of each word, by its number; ``letters`` and ``capitals`` again as
            columns.
        tokens: of a chunk: numbers into ``word``, ``start``, ``end`` and ``breaks``.
        count: of a chunk, its number of words.
        traits: of a chunk, what ``Chunk`` says of its edges as bits: ``first``, ``after`` << 3,
            ``ODD``, and ``BROKEN`` if sentences end between its words.
        word: of a token, the number of its word.
        start, end: of a token, its offsets in the chunk in characters.
        breaks: of a token, see ``Chunk``.
    """

    def __init__(self, language: str | None, most_tokens: int = MOST_TOKENS) -> None:
        self.language = language
        self._most_tokens = most_tokens
        self.words: list[Word] = []
        self.at, self.count = Column(np.int64), Column(np.int32)
        self.traits = Column(np.uint8)
        self.word, self.breaks = Column(np.int64), Column(np.int32)
        self.start, self.end = Column(np.int32), Column(np.int32)
        self._known = HashTable()
        self._long: dict[bytes, int] = {}
        self._long_bytes = 0
        self._numbers: dict[Word, int] = {}
        self.letters, self.capitals = Column(np.int32), Column(np.int32)
        self._lexicon = lexicon(language)

    @property
    def is_full(self) -> bool:
        """Whether it should be replaced by a new one."""
        return len(self.word) > self._most_tokens or self._long_bytes > MOST_BYTES

    def find(self, keys: Keys) -> NDArray[np.int32]:
        """Numbers of chunks by their hashes; -1 for unknown ones."""
        return self._known.get(keys)

    def learn(self, keys: Keys, chunks: Iterable[bytes]) -> None:
        """Read chunks that are unknown; ``keys`` are their hashes."""
        first = len(self.count)
        self._add(chunks)
        self._known.put(keys, np.arange(first, len(self.count)))

    def find_long(self, chunk: bytes) -> int:
        """The number of a chunk that is too long to be hashed."""
        number = self._long.get(chunk)
        if number is None:
            number = self._long[chunk] = len(self.count)
            self._long_bytes += len(chunk)
            self._add([chunk])
        return number

    def _add(self, chunks: Iterable[bytes]) -> None:
        read = [
            read_chunk(chunk.decode(errors="surrogatepass"), self.language, self._lexicon)
            for chunk in chunks
        ]
        at, starts = len(self.word), []
        for chunk in read:
            starts.append(at)
            at += len(chunk.words)
        self.at.extend(starts)
        self.count.extend([len(chunk.words) for chunk in read])
        self.traits.extend([_traits(chunk) for chunk in read])
        self.word.extend([self._number(word) for chunk in read for word in chunk.words])
        self.breaks.extend([number for chunk in read for number in chunk.breaks])
        new = self.words[len(self.letters) :]
        self.letters.extend([word.letters for word in new])
        self.capitals.extend([word.capitals for word in new])
        self.start.extend([offset for chunk in read for offset in chunk.start])
        self.end.extend([offset for chunk in read for offset in chunk.end])

    def _number(self, word: Word) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self.words)
            self.words.append(word)
        return number


def _traits(chunk: Chunk) -> int:
    return chunk.first | chunk.after << AFTER | ODD * chunk.odd | BROKEN * any(chunk.breaks)

"""Many texts -> tokens at once, as arrays: chunks between blanks are looked up, not read.

Works on bytes: edges between blanks and other characters, a 64-bit hash for each chunk, one table
access. Only a chunk that was never seen becomes a Python object (``chunks``). Gives exactly the
tokens and sentences of ``tokens.tokenise``.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.arrays import Ints, Keys, where
from monitor.analysis.document import Document, is_beginning, is_cut_short
from monitor.analysis.lexicon import Word
from monitor.analysis.tokens import (
    SHOUT_LETTERS,
    SHOUT_SHARE,
    Tokens,
    is_title_case,
    tokenise,
)
from monitor.analysis.vocabulary import AFTER, BROKEN, EDGE, ODD, Vocabulary

Fields = tuple[str, str, str]
"""Title, lead and text of an article."""

FIELDS: Final = 3
TITLE, LEAD, TEXT = range(FIELDS)

_CONTINUATION: Final = 0x80  # bytes of UTF-8 that begin with these bits continue a character
_LF, _CR = b"\n\r"
_LONGEST: Final = 64  # bytes of a chunk that is hashed
_WORD: Final = 8
_BLANKS: Final = b"\t\n\v\f\r "
_NEWLINES: Final = b"\n\r\v\f"
_BLANK, _LETTER, _NEWLINE = range(3)
_CLASSES: Final = bytes(
    _NEWLINE if byte in _NEWLINES else _BLANK if byte in _BLANKS else _LETTER
    for byte in range(256)
)
_MASKS: Final = np.array(
    [(1 << (8 * size)) - 1 for size in range(_WORD)] + [(1 << 64) - 1], np.uint64
)
_SHIFT: Final = np.uint64(32)
_NORMAL: Final = {
    **dict.fromkeys(map(ord, "\x1c\x1d\x1e\x85\u2028"), "\n"),
    0x2029: "\n\n",
    **dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
}


class Hasher:
    """Hashes of byte strings; the seeds are the process's own, against planted collisions."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self._seeds = np.array(seeds, np.int64).astype(np.uint64) | np.uint64(1)

    def keys(self, text: bytes, start: Ints, length: Ints) -> Keys:
        """A hash for each range of the text, which ends in 64 blanks; of 64 bytes at most."""
        words = np.ndarray((len(text) - _WORD + 1,), "<u8", text, 0, (1,))
        one, two = self._seeds[0], self._seeds[1]
        keys: Keys = (words[start] & _MASKS[np.minimum(length, _WORD)]) * one
        keys ^= keys >> _SHIFT
        keys += length.astype(np.uint64) * two
        more = where(length > _WORD)
        done = _WORD
        while len(more):
            left = length[more] - done
            word = words[start[more] + done] & _MASKS[np.minimum(left, _WORD)]
            mixed = (keys[more] ^ word) * one
            keys[more] = mixed ^ (mixed >> _SHIFT)
            done += _WORD
            more = more[left > _WORD] if done < _LONGEST else more[:0]
        keys *= two
        keys ^= keys >> _SHIFT
        return keys


class Batch:
    """The tokens of several articles, one after the other.

    A *segment* is a field of an article: number 3 * article + field. All arrays have one entry a
    token.

    Attributes:
        articles: number of articles.
        vocabulary: what the numbers of words mean.
        word: number of its word.
        segment: number of its segment.
        sentence: equal for tokens of one sentence, ascending; no two segments share one.
        starts: of each segment the number of its first token, and the number of all tokens.
        lead_in_text: of each article, see ``Document``.
    """

    def __init__(self, fields: Sequence[Fields], vocabulary: Vocabulary, hasher: Hasher) -> None:
        self._fields = fields
        self._documents: dict[int, Document] = {}
        self.articles = len(fields)
        self.vocabulary = vocabulary
        segments = [field for article in fields for field in article]
        self._odd: NDArray[np.bool_] = np.zeros(len(segments), np.bool_)
        odd = self._read(segments, hasher)
        if odd.any():
            plain = [
                text.translate(_NORMAL) if strange else text
                for text, strange in zip(segments, odd.tolist(), strict=True)
            ]
            self._read(plain, hasher)
            self._odd = odd

    def _read(self, segments: Sequence[str], hasher: Hasher) -> NDArray[np.bool_]:
        """Fill the arrays; returns which segments have chunks that can't be read alone."""
        encoded = [text.encode(errors="surrogatepass") for text in segments]
        text = b"\n".join(encoded) + b" " * (_LONGEST + _WORD)
        classes = np.frombuffer(text.translate(_CLASSES), np.int8)
        inside = classes == _LETTER
        edges = where(inside[1:] != inside[:-1]) + 1
        if inside[0]:
            edges = np.concatenate((np.zeros(1, np.int64), edges))
        start = edges[0::2]
        length = edges[1::2] - start
        sizes = np.fromiter(map(len, encoded), np.int64, len(encoded))
        begins = np.cumsum(sizes + 1) - sizes - 1
        self._text, self._start, self._begins = text, start, begins
        self._newlines = _newlines(text, classes)
        self._chunk = chunk = self._numbers(text, start, length, hasher)
        self._first_chunk = first_chunk = np.append(np.searchsorted(start, begins), len(start))
        self._split(chunk)
        odd = np.zeros(len(segments), np.bool_)
        strange = where(self._traits & ODD != 0)
        odd[np.searchsorted(first_chunk, strange, "right") - 1] = True
        return odd

    def _numbers(self, text: bytes, start: Ints, length: Ints, hasher: Hasher) -> Ints:
        """The number of each chunk in the vocabulary, which learns those it does not know."""
        keys = hasher.keys(text, start, length)
        known = self.vocabulary
        numbers = known.find(keys)
        unknown = where((numbers < 0) & (length <= _LONGEST))
        if len(unknown):
            fresh, at = np.unique(keys[unknown], return_index=True)
            first = unknown[at]
            known.learn(
                fresh,
                [
                    text[begin : begin + size]
                    for begin, size in zip(
                        start[first].tolist(), length[first].tolist(), strict=True
                    )
                ],
            )
            numbers = known.find(keys)
        for long in where(length > _LONGEST).tolist():
            begin = int(start[long])
            numbers[long] = known.find_long(text[begin : begin + int(length[long])])
        return numbers.astype(np.int64)

    def _split(self, chunk: Ints) -> None:
        """Chunks -> tokens, with the sentences they stand in."""
        known = self.vocabulary
        ends = np.ones(len(chunk), np.bool_)
        self._traits = traits = known.traits.data[chunk]
        ends[1:] = (traits[:-1] >> AFTER) & traits[1:] & EDGE
        behind = np.searchsorted(self._start, self._newlines)
        ends[behind[behind < len(chunk)]] = True
        inner = where(traits & BROKEN != 0)
        chunks = np.diff(self._first_chunk)
        title = (np.arange(len(chunks)) % FIELDS == TITLE).repeat(chunks)
        ends[title] = False
        ends[self._first_chunk[:-1][chunks > 0]] = True
        sentence = ends.cumsum()
        if len(inner):  # what ends in a chunk counts for all that follow
            last = known.at.data[chunk[inner]] + known.count.data[chunk[inner]] - 1
            more = np.zeros(len(chunk), np.int64)
            more[inner] = np.where(title[inner], 0, known.breaks.data[last])
            sentence += np.cumsum(more) - more
        count = known.count.data[chunk]
        self._count = count
        self._before = before = count.cumsum() - count
        if len(count) and not len(inner) and count.min() == count.max() == 1:
            token = known.at.data[chunk]
            self.sentence = sentence
        else:
            token = np.arange(int(count.sum())) + (known.at.data[chunk] - before).repeat(count)
            self.sentence = sentence.repeat(count)
            if len(inner):
                self.sentence += np.where(title.repeat(count), 0, known.breaks.data[token])
        self._token = token
        self.word = known.word.data[token]
        self.starts = np.append(before, len(token))[self._first_chunk]
        self.segment = np.arange(len(chunks)).repeat(np.diff(self.starts))

    @cached_property
    def lead_in_text(self) -> NDArray[np.bool_]:
        """Of each article, see ``Document``."""
        found = np.zeros(self.articles, np.bool_)
        for article in where(np.diff(self.starts)[LEAD::FIELDS] > 0).tolist():
            found[article] = self._may_begin(article) and self._is_repeated(article)
        return found

    def _may_begin(self, article: int) -> bool:
        """Whether the words of the lead but the last are those of the text."""
        lead, text, end = self.starts[3 * article + LEAD : 3 * article + FIELDS + 1].tolist()
        words = text - lead - 1
        return 0 <= words < end - text and bool(
            (self.word[lead : lead + words] == self.word[text : text + words]).all()
        )

    def _is_repeated(self, article: int) -> bool:
        """The same as ``document.is_beginning``, if the words of the lead but the last agree."""
        lead_segment, text_segment = FIELDS * article + LEAD, FIELDS * article + TEXT
        if self._odd[lead_segment] or self._odd[text_segment]:
            return self.document(article).lead_in_text
        lead, text = self.starts[lead_segment : text_segment + 1].tolist()
        count = text - lead
        ours, theirs = (
            self._words(slice(text - 1, text)),
            self._words(slice(text + count - 1, text + count)),
        )
        if ours != theirs:
            count -= 1
            if not (
                is_cut_short(self._fields[article][LEAD]) and theirs[0].raw.startswith(ours[0].raw)
            ):
                return False
        one, other = slice(lead, lead + count), slice(text, text + count)
        return count > 0 and all(
            (mine == other_).all()
            for mine, other_ in (
                (self.shouting[one], self.shouting[other]),
                (_changes(self.sentence[one]), _changes(self.sentence[other])),
                (
                    _changes(self._paragraphs(lead_segment)[:count]),
                    _changes(self._paragraphs(text_segment)[:count]),
                ),
            )
        )

    def _paragraphs(self, segment: int) -> Ints:
        """Of each token of a lead or a text a number of its paragraph, ascending."""
        chunks = slice(*self._first_chunk[segment : segment + 2].tolist())
        return np.repeat(np.cumsum(self._gaps[chunks] > 1), self._count[chunks])

    def document(self, article: int) -> Document:
        """The same as ``document.analyse`` gives."""
        if article not in self._documents:
            title, lead, text = (self._tokens(FIELDS * article + field) for field in range(FIELDS))
            self._documents[article] = Document(
                title=title,
                lead=lead,
                text=text,
                language=self.vocabulary.language,
                lead_in_text=is_beginning(lead, text),
            )
        return self._documents[article]

    def _tokens(self, segment: int) -> Tokens:
        article, field = divmod(segment, FIELDS)
        text = self._fields[article][field]
        if self._odd[segment]:
            return tokenise(text, self.vocabulary.language, title=field == TITLE)
        here = slice(*self.starts[segment : segment + 2].tolist())
        chunks = slice(*self._first_chunk[segment : segment + 2].tolist())
        count = self._count[chunks]
        known, token = self.vocabulary, self._token[here]
        at = np.repeat(self._characters(segment, chunks), count)
        sentence = _numbered(self.sentence[here])
        words = self._words(here)
        initial = np.ones(len(token), np.bool_)
        paragraph = np.zeros(len(token), np.int64)
        if field != TITLE:
            paragraph = _numbered(self._paragraphs(segment))
        if field != TITLE or not is_title_case(words):
            initial[1:] = sentence[1:] != sentence[:-1]
        return Tokens(
            text=text,
            start=(at + known.start.data[token]).tolist(),
            end=(at + known.end.data[token]).tolist(),
            raw=[word.raw for word in words],
            fold=[word.fold for word in words],
            stem=[word.stem for word in words],
            sentence=sentence.tolist(),
            paragraph=paragraph.tolist(),
            shouting=self.shouting[here].tolist(),
            initial=initial.tolist(),
        )

    def _characters(self, segment: int, chunks: slice) -> Ints:
        """Offsets of chunks in their field, in characters."""
        begin, offsets = int(self._begins[segment]), self._start[chunks]
        field = self._fields[segment // FIELDS][segment % FIELDS]
        if field.isascii():
            return offsets - begin
        end = int(offsets[-1]) if len(offsets) else begin
        raw = np.frombuffer(self._text, np.uint8, end - begin, begin)
        characters = np.cumsum((raw & 0xC0) != _CONTINUATION)
        return np.append(0, characters)[offsets - begin]

    @cached_property
    def _gaps(self) -> Ints:
        """Of each chunk, how many line ends stand before it."""
        behind = np.searchsorted(self._start, self._newlines)
        return np.bincount(behind, minlength=len(self._start) + 1)[:-1]

    @cached_property
    def shouting(self) -> NDArray[np.bool_]:
        """Of each token, see ``Tokens``."""
        known, tokens = self.vocabulary, len(self.word)
        if not tokens:
            return np.zeros(0, np.bool_)
        starts = self._before[self._gaps > 0]
        starts = np.unique(np.append(0, starts[starts < tokens]))
        letters = np.add.reduceat(known.letters.data[self.word], starts)
        capitals = np.add.reduceat(known.capitals.data[self.word], starts)
        shouting = (letters >= SHOUT_LETTERS) & (capitals > SHOUT_SHARE * letters)
        return np.repeat(shouting, np.diff(np.append(starts, tokens)))

    def initial(self, tokens: Ints) -> NDArray[np.bool_]:
        """Of some tokens, see ``Tokens``."""
        segments = self.segment[tokens]
        found: NDArray[np.bool_] = self.sentence[tokens] != self.sentence[tokens - 1]
        found |= tokens == self.starts[segments]
        titles = np.unique(segments[segments % FIELDS == TITLE]).tolist()
        found |= np.isin(segments, [each for each in titles if self._is_titled(each)])
        return found

    def _is_titled(self, segment: int) -> bool:
        return is_title_case(self._words(slice(*self.starts[segment : segment + 2].tolist())))

    def _words(self, tokens: slice) -> list[Word]:
        return list(map(self.vocabulary.words.__getitem__, self.word[tokens].tolist()))


def _newlines(text: bytes, classes: NDArray[np.int8]) -> Ints:
    """Offsets of the line ends of a text; CR LF is one."""
    found = where(classes == _NEWLINE)
    if b"\r\n" not in text:
        return found
    raw = np.frombuffer(text, np.uint8)
    single: Ints = found[(raw[found] != _LF) | (raw[found - 1] != _CR)]
    return single


def _numbered(ascending: Ints) -> Ints:
    """Numbers from 0 without gaps, equal where the given ones are."""
    numbers = np.zeros(len(ascending), np.int64)
    np.cumsum(_changes(ascending), out=numbers[1:])
    return numbers


def _changes(values: Ints) -> NDArray[np.bool_]:
    """Of each value but the first whether it differs from the one before."""
    changes: NDArray[np.bool_] = values[1:] != values[:-1]
    return changes

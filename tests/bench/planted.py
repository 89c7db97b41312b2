"""News of which it is known by construction which rules they hit, and which tell one story.

A tenth of the articles hit one rule or two, by words that are in no other article; a fifth of
these are copies of an earlier one, in another feed. Half of the others hold a part of what a rule
asks for, or all of it and what the rule forbids. The texts around are those of ``corpus``: 467
words on average.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from html import escape
from random import Random
from typing import Final

from monitor.model.article import Article
from tests.bench.corpus import generated_articles
from tests.bench.draft import Clause, Close, Draft, Prefix, Words

PER_FEED: Final = 25
"""Entries of a feed."""

_SEED: Final = 23
_ONE_IN: Final = 10  # articles is a hit
_SECOND_RULE: Final = 0.2  # of the hits
_COPIED: Final = 0.2
_NEARLY: Final = 0.5  # of the others
_NOON: Final = 1_795_000_000
_SYLLABLES: Final = tuple(one + vowel for one in "bdfgklmnprtv" for vowel in "aeiou")
_COMMON: Final = ("minister", "border", "market", "council", "energy", "court", "vote", "bank")


@dataclass(frozen=True, slots=True)
class Planted:
    """A rule, a passage that it finds, and one that it just does not."""

    draft: Draft
    passage: str
    near_miss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an article is to be.

    Attributes:
        number: of the article; the same for an article and a longer list.
        story: number of the first article with this text; None if it hits nothing.
        rules: numbers of those that it hits.
        nearly: the rule that it nearly hits.
    """

    number: int
    story: int | None = None
    rules: tuple[int, ...] = ()
    nearly: int | None = None

    @property
    def is_copy(self) -> bool:
        """Whether another one had this text before."""
        return self.story not in {None, self.number}

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://paper{self.number // PER_FEED}.example/{self.number}"


def planted_rules(count: int) -> list[Planted]:
    """Rules of every form, on words that nothing else has."""
    forms = (_word, _phrase, _entity, _topic, _boolean, _prefix)
    return [forms[number % len(forms)](_words("z", number, 3)) for number in range(count)]


def _words(first: str, number: int, count: int) -> list[str]:
    """Words of their own for every number; no word of the corpus begins with j or z."""
    return [_spelled(first, number * count + each) for each in range(count)]


def _spelled(first: str, number: int) -> str:
    base, word = len(_SYLLABLES), ""
    for _ in range(4):
        number, digit = divmod(number, base)
        word += _SYLLABLES[digit]
    return f"{first}u{word}k"  # all of one length: none begins like another


def _word(own: Sequence[str]) -> Planted:
    draft = Draft((Clause((Words((own[0],)),)),))
    return Planted(draft, f"the {own[0]} of last year", f"the {own[0]}ette of last year")


def _phrase(own: Sequence[str]) -> Planted:
    draft = Draft((Clause((Words((own[0], own[1])),)),))
    return Planted(draft, f"the {own[0]} {own[1]} again", f"the {own[1]} {own[0]} again")


def _entity(own: Sequence[str]) -> Planted:
    first, last, other = (word.title() for word in own)
    names = Clause((Words((first, last)), Words((first, other, last))))
    return Planted(
        Draft((names,), is_entity=True), f"{first} {last} himself", f"{last} and {other} herself"
    )


def _topic(own: Sequence[str]) -> Planted:
    draft = Draft((Clause((Close((own[0], own[1])),)),))
    passage = f"{own[1]} on the old {own[0]}"
    return Planted(draft, passage, f"the {own[1]} was there. But the {own[0]}")


def _boolean(own: Sequence[str]) -> Planted:
    any_of = Clause((*(Words((word,)) for word in _COMMON), Words((own[1],))))
    draft = Draft((Clause((Words((own[0],)),)), any_of, Clause((Words((own[2],)),), negated=True)))
    passage = f"a {own[0]} beside the {own[1]}"
    return Planted(draft, passage, f"{passage} or {own[2]}")


def _prefix(own: Sequence[str]) -> Planted:
    draft = Draft((Clause((Prefix(own[0]),)),))
    return Planted(draft, f"all {own[0]}ists", f"all un{own[0]}ists")


def plan(articles: int, rules: int, seed: int = _SEED) -> list[Plan]:
    """What articles are to be; a longer list begins with the shorter one."""
    draw = Random(seed)  # noqa: S311  # repeatable, not secret
    planned: list[Plan] = []
    stories: list[Plan] = []
    hit = -1
    for number in range(articles):
        if number % _ONE_IN == 0:
            hit = number + draw.randrange(_ONE_IN)
        if number != hit:
            nearly = draw.randrange(rules) if draw.random() < _NEARLY else None
            planned.append(Plan(number=number, nearly=nearly))
            continue
        planned.append(_hit(number, rules, stories, draw))
        if not planned[-1].is_copy:
            stories.append(planned[-1])
    return planned


def _hit(number: int, rules: int, stories: Sequence[Plan], draw: Random) -> Plan:
    """A story of its own, or a copy of one of another feed."""
    feed = number // PER_FEED
    copied, is_copy = (draw.choice(stories) if stories else None), draw.random() < _COPIED
    if is_copy and copied is not None and copied.number // PER_FEED < feed:
        return replace(copied, number=number)
    count = 2 if rules > 1 and draw.random() < _SECOND_RULE else 1
    return Plan(number=number, story=number, rules=tuple(draw.sample(range(rules), count)))


def hits(planned: Sequence[Plan]) -> set[tuple[str, str]]:
    """Address and rule of every hit there is to be."""
    return {(each.url, f"r{rule}") for each in planned for rule in each.rules}


def stories(planned: Sequence[Plan]) -> set[frozenset[str]]:
    """The addresses of the articles of every story there is to be."""
    found: dict[int, set[str]] = {}
    for each in planned:
        if each.story is not None:
            found.setdefault(each.story, set()).add(each.url)
    return set(map(frozenset, found.values()))


def written_out(planned: Sequence[Plan], rules: Sequence[Planted]) -> Iterator[Article]:
    """The articles."""
    told: dict[int, Article] = {}
    for each, article in zip(planned, generated_articles(len(planned)), strict=True):
        if each.is_copy and each.story is not None:
            yield _copy(told[each.story], article)
        elif each.story is not None:
            told[each.story] = _story(each, article, rules)
            yield told[each.story]
        elif each.nearly is not None:
            yield _with_passage(article, rules[each.nearly].near_miss)
        else:
            yield article


def _story(each: Plan, article: Article, rules: Sequence[Planted]) -> Article:
    """An article about somebody of whom no other one tells."""
    first, last, town = (word.title() for word in _words("j", each.number, 3))
    article = replace(
        article,
        title=f"{first} {last} in {town}",
        text=f"{article.title}, said {first} {last} of {town}. Nobody in {town} knew {last}."
        f" {article.text}",
    )
    for rule in each.rules:
        article = _with_passage(article, rules[rule].passage)
    return article


def _copy(original: Article, stranger: Article) -> Article:
    """The text of one with another one's last paragraph."""
    last = stranger.text.rpartition("\n")[2][:200].rstrip()
    return replace(original, text=f"{original.text}\n\n{last}")


def _with_passage(article: Article, passage: str) -> Article:
    """The passage in a sentence of its own, in the middle of the text."""
    paragraphs = article.text.split("\n\n")
    paragraphs.insert((len(paragraphs) + 1) // 2, f"What remains is {passage}.")
    return replace(article, text="\n\n".join(paragraphs))


def feeds(articles: Iterator[Article], planned: Sequence[Plan]) -> Iterator[bytes]:
    """The articles as feeds, so many a feed, newest first."""
    for start in range(0, len(planned), PER_FEED):
        part = planned[start : start + PER_FEED]
        items = "".join(_item(each, next(articles)) for each in part)
        number = start // PER_FEED
        yield (
            '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Paper {number}</title><link>https://paper{number}.example/</link>"
            f"<language>en</language>{items}</channel></rss>"
        ).encode()


def _item(each: Plan, article: Article) -> str:
    when = formatdate(_NOON - 60 * each.number, usegmt=True)
    text = "".join(f"<p>{escape(part)}</p>" for part in article.text.split("\n\n"))
    return (
        f"<item><title>{escape(article.title)}</title><link>{each.url}</link>"
        f"<guid>{each.url}</guid><pubDate>{when}</pubDate>"
        f"<description>{escape(article.text[:200])}</description>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>\n"
    )

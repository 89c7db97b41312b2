"""Rules of invented words, and texts of which is known by construction which rules they fulfil."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

_SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in "aeiou"]
_FILLERS, _FILLERS_KNOWN = 100_000, 2_000  # numbers of words from here on are of no rule
_WORDS_OF_A_SENTENCE = 9


def word(number: int) -> str:
    """An invented word that no other number has, and that no stemmer shortens."""
    syllables = []
    for _ in range(3):
        number, syllable = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[syllable])
    return "".join(syllables) + "x"


def fillers(random: Random, count: int) -> list[str]:
    """Words of no rule."""
    numbers = range(_FILLERS, _FILLERS + _FILLERS_KNOWN)
    return [word(random.choice(numbers)) for _ in range(count)]


def _sentences(random: Random) -> str:
    return " ".join(f"{filler.capitalize()}." for filler in fillers(random, 3))


@dataclass(frozen=True, slots=True)
class Planted:
    """A piece of a text: into which field it belongs, and its words."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that asks for its two words in one of six ways."""

    number: int

    @property
    def id(self) -> str:
        """Its name in the rule file."""
        return f"rule-{self.number}"

    @property
    def words(self) -> tuple[str, str]:
        """Those that no other rule has."""
        return word(2 * self.number), word(2 * self.number + 1)

    @property
    def query(self) -> str:
        """What the rule file says."""
        a, b = self.words
        queries = (a, f'"{a} {b}"', f"{a} AND {b}", f"{a} AND NOT {b}", f"title:{a}")
        return (*queries, f"{a} NEAR/3 {b}")[self.number % 6]

    def fulfilled(self, random: Random) -> Planted:
        """Words that make it match."""
        a, b = self.words
        between = " ".join(fillers(random, 2))
        far = _sentences(random)
        texts = (a, f"{a} {b}", f"{b}. {far} {a.capitalize()}", a, "", f"{b} {between} {a}")
        return Planted(title=a if self.number % 6 == 4 else "", text=texts[self.number % 6])

    def missed(self, random: Random) -> Planted:
        """Words that look alike, and do not."""
        a, b = self.words
        far = f"{a}. {_sentences(random)} {b.capitalize()}"
        texts = (b, f"{b} {a}", a, far, a, far)
        return Planted(title="", text=texts[self.number % 6])


@dataclass(frozen=True, slots=True)
class Story:
    """What is printed, and the numbers of the rules that must find it."""

    title: str
    text: str
    rules: frozenset[int]


def rule_file(numbers: Sequence[int], remark: str = "") -> str:
    """The text of a rule file."""
    rules = (f"[rules.{rule.id}]\nquery = '{rule.query}'\n" for rule in map(Rule, numbers))
    return f"# {remark}\n" + "\n".join(rules)


def write(name: str, rules: int, share: float) -> Story:
    """The story of a name, always the same.

    Args:
        name: of it.
        rules: that there are.
        share: of the stories fulfils a rule or two, and as many nearly do.
    """
    random = Random(name)  # noqa: S311  # repeatable, not secret
    planted: list[Planted] = []
    found: set[int] = set()
    if random.random() < share:
        for number in random.sample(range(rules), random.choice((1, 1, 2))):
            found.add(number)
            planted.append(Rule(number).fulfilled(random))
    if random.random() < share:
        number = random.randrange(rules)
        if number not in found:
            planted.append(Rule(number).missed(random))
    title = [*fillers(random, 6), *(each.title for each in planted if each.title)]
    sentences = [" ".join(fillers(random, _WORDS_OF_A_SENTENCE)) for _ in range(6)]
    for each in planted:
        sentences.insert(random.randrange(6), each.text)
    text = " ".join(f"{each[0].upper()}{each[1:]}." for each in sentences if each)
    return Story(title=" ".join(title).capitalize(), text=text, rules=frozenset(found))

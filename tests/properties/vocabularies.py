"""Words, names and marks of many scripts from which generated queries and articles are made."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Final

from monitor.analysis.stem import stem
from monitor.analysis.tokens import tokenise
from monitor.model.rule import Case, EntitySpec, EntityType
from monitor.rules.tree import CasedForm, Form, Pattern, Term, TokenTest
from tests.support.rulebook import entity, person

SPACED: Final = (
    *[" "] * 24,
    *["-", "\u00a0", ", ", " [", "] ", " (", ". ", "\n", " “", "” ", "’s ", "\u00ad ", "\u200b ", "/"],
)  # fmt: skip
UNSPACED: Final = (*[""] * 18, "，", "。", " ", "\n", "「")
SEPARATORS: Final = (
    *[" "] * 5,
    *[", ", "; ", " — ", ". ", ". ", ". The ", ".” ", "? ", "… ", " . . . ", "! ", " Gen. "],
    *["\n", "\n\n", "\n \n", "\u2028", "\u2029", "\r\n", "。", "؟ ", "। "],
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """Words as they are written in some languages, and what is named in these.

    Attributes:
        languages: of its articles; the first is the one whose stems matter most.
        text: the words.
        joins: what may stand between two neighbouring words.
        names: entities, each with further spellings that may or may not be mentions.
    """

    languages: tuple[str | None, ...]
    text: str
    names: tuple[tuple[EntitySpec, tuple[str, ...]], ...]
    joins: tuple[str, ...] = SPACED

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())


_NATO = (entity("nato", "NATO", "North Atlantic Treaty Organization"), ("Nato", "nato"))
_EU = (
    entity("eu", "European Union", "EU", "European Union Delegation", "Union Delegation Office"),
    ("European Union Delegation Office", "Eu", "eu"),
)

LATIN: Final = Vocabulary(
    languages=("en", "en-GB", None, "de", "fr"),
    text=("troop troops troop-deployment deploy deployed deployment sanction Sanctions package of the "
        "NATO Nato U.S. us US May may café cafe don’t women woman Shell package’s EU-wide"),
    names=(
        _NATO,
        _EU,
        (entity("us", "United States", "US", "USA"), ("us", "Us", "U.S.", "U.S.A.", "UNITED STATES")),
        (entity("who", "World Health Organization", "WHO"), ("who", "Who", "W.H.O.")),
        (entity("shell", "Shell"), ("shell", "SHELL", "Shell’s")),
        (person("may", "Theresa May", surname="May"), ("May", "may", "MAY", "Brian May", "Theresa May")),
        (
            person("leyen", "Ursula von der Leyen", "Commission President"),
            ("Von der Leyen", "von der Leyen", "VON DER LEYEN", "Anna von der Leyen", "Leyen"),
        ),
        (
            person("rutte", "Mark Rutte", "Nato Secretary-General", "Rutte-Possible"),
            ("Rutte", "Boris Rutte", "Mark Rutte’s", "rutte", "MARK RUTTE", "Mark. Rutte"),
        ),
        (entity("mod", "MoD", case=Case.EXACT), ("MOD", "Mod", "mod")),
        (entity("us-exact", "US", case=Case.EXACT), ("us", "U.S.")),
        (entity("it", "IT", case=Case.ANY), ("it", "It")),
        (entity("covid", "COVID-19"), ("Covid-19", "covid 19", "COVID 19")),
    ),
)  # fmt: skip

GERMAN: Final = Vocabulary(
    languages=("de", "de-AT", None, "en"),
    text=(
        "Truppe Truppen Entsendung entsenden EU-Paket Paket Pakete Sanktion Sanktionen der die Straße "
        "strasse Bild bild größer Grösse"
    ),
    names=(
        _NATO,
        (entity("bild", "Bild"), ("bild", "BILD", "Bild’s")),
        (person("mueller", "Jürgen Müller"), ("Müller", "Muller", "Hans Müller", "MÜLLER")),
    ),
)

FRENCH: Final = Vocabulary(
    languages=("fr", None, "en"),
    text=(
        "l’Union troupe troupes d’envoi envoi envoyer sanctions sanctionné paquet le élève élevé "
        "aujourd’hui"
    ),
    names=(
        (entity("otan", "OTAN"), ("Otan", "l’OTAN", "otan")),
        (person("macron", "Emmanuel Macron"), ("Macron", "Brigitte Macron", "MACRON")),
    ),
)

CYRILLIC: Final = Vocabulary(
    languages=("ru", "uk", None, "bg"),
    text=("войска войск санкция санкции санкций пакет пакета мир Мир на России Россия п’ять київ "
        "Зеленський"),
    names=(
        (entity("nato-ru", "НАТО", type_=EntityType.ORGANISATION), ("Нато", "нато", "НАТО-вский")),
        (
            person("zelenskyy", "Володимир Зеленський", "Владимир Зеленский"),
            ("Зеленского", "Владимира Зеленского", "Зеленському", "Зеленская", "Олена Зеленська",
             "Зеленський", "ЗЕЛЕНСКИЙ"),
        ),
        (person("putin", "Владимир Путин"), ("Путина", "Путин", "Путину", "Путинка")),
        (entity("mir", "Мир", type_=EntityType.ORGANISATION), ("мир", "МИР", "Мира")),
        (entity("moscow", "Москва", "Россия", type_=EntityType.PLACE), ("Москвы", "москве", "России")),
    ),
)  # fmt: skip

TURKISH: Final = Vocabulary(
    languages=("tr", None),
    text="asker askerler İstanbul ISTANBUL ısı yaptırım yaptırımlar paket ve Ankara’da",
    names=(
        (person("erdogan", "Recep Tayyip Erdoğan"), ("Erdoğan’ın", "Erdogan", "ERDOĞAN")),
        (entity("nato-tr", "NATO", type_=EntityType.ORGANISATION), ("NATO’ya", "Nato")),
        (entity("ankara", "Ankara", type_=EntityType.PLACE), ("Ankara’da", "ankarada", "Ankara’ya")),
    ),
)  # fmt: skip

POLISH: Final = Vocabulary(
    languages=("pl", "cs", None, "lt"),
    text="wojska wojsko wojskom pakiet pakietu sankcje sankcji łódź Łódź na i Tusk",
    names=(
        (person("tusk", "Donald Tusk"), ("Tuska", "Donalda Tuska", "Tuskowi", "Anna Tusk", "Musk")),
        (entity("warsaw", "Warszawa", type_=EntityType.PLACE), ("Warszawy", "Warszawie", "warszawski")),
        (entity("moscow-pl", "Moskwa", type_=EntityType.PLACE, case=Case.EXACT), ("Moskwy", "MOSKWY")),
    ),
)  # fmt: skip

ARABIC: Final = Vocabulary(
    languages=("ar", None, "fa"),
    text="قوات القوات عقوبات العقوبات عُقُوبات حزمة في نشر الناتو",
    names=((entity("nato-ar", "الناتو", "حلف الناتو"), ("ناتو", "الناتـو")),),
)

HEBREW: Final = Vocabulary(
    languages=("he", None),
    text='צה"ל צה״ל חיילים סנקציות חבילת של נאט״ו',
    names=((entity("idf", 'צה"ל', "צבא הגנה"), ("צהל", "צה״ל")),),
)

HINDI: Final = Vocabulary(
    languages=("hi", "ne", None),
    text="सेना सेनाओं प्रतिबंध प्रतिबंधों पैकेज का यूक्रेन",
    names=((entity("ukraine-hi", "यूक्रेन"), ("यूक्रेनी",)),),
)

HAN: Final = Vocabulary(
    languages=("zh", "ja", None),
    text="制裁 部队 乌克兰 一揽子 的 EU ドイツ した 派遣",
    names=(
        (person("xi", "习近平", "Xi Jinping"), ("习", "近平", "Jinping", "XI JINPING")),
        (entity("eu-zh", "欧盟", "欧盟委员会"), ("欧", "盟")),
    ),
    joins=UNSPACED,
)

HANGUL: Final = Vocabulary(
    languages=("ko", None),
    text="제재 제재를 한국 병력 파병 의 NATO",
    names=((person("yoon", "윤석열"), ("윤석열이", "석열")), (_NATO[0], ("나토",))),
    joins=(*UNSPACED, *[" "] * 12),
)

THAI: Final = Vocabulary(
    languages=("th", None),
    text="กองทัพ คว่ำบาตร กำลัง ของ ยูเครน",
    names=((entity("ukraine-th", "ยูเครน"), ("ยูเค",)),),
    joins=UNSPACED,
)

VOCABULARIES: Final = (
    *[LATIN] * 7,
    *[CYRILLIC] * 2,
    *[POLISH, GERMAN, FRENCH, TURKISH, ARABIC, HEBREW, HINDI, HAN, HAN, HANGUL, THAI],
)


_tokens = cache(tokenise)


def tests_of(word: str, kind: type[Term | Form | CasedForm]) -> tuple[TokenTest, ...]:
    """The tests of the tokens of a word."""
    tokens = _tokens(word, None)
    if kind is CasedForm:
        return tuple(map(CasedForm, tokens.raw, tokens.fold))
    return tuple(map(kind, tokens.fold))


@cache
def spellings(test: TokenTest, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Words that pass a test, or nearly: other inflections, another case, too many letters."""
    written = test.raw if isinstance(test, CasedForm) else test.fold
    made = (written.replace("*", "").replace("?", letters) for letters in ("a", "", "bc"))
    known = (word for word in vocabulary.words if _passes(word, test, vocabulary.languages[0]))
    return tuple(dict.fromkeys((*known, *made)))


def _passes(word: str, test: TokenTest, language: str | None) -> bool:
    tokens = tokenise(word, language)
    if len(tokens) != 1:
        return False
    if isinstance(test, Pattern):
        return fnmatchcase(tokens.fold[0], test.fold.replace("?", "*"))
    return stem(test.fold, language) == tokens.stem[0]

"""Whether a text is a whole article, or only its beginning with an invitation to read on."""

from typing import Final

import regex

LONGEST: Final = 3_000
"""Characters; what is longer is an article, however it ends."""

_INVITATIONS: Final = (
    "read more",
    "read the full",
    "read full",
    "read on",
    "read the rest",
    "continue reading",
    "keep reading",
    "full story",
    "full article",
    "learn more",
    "click here to read",
    "view article",
    "weiterlesen",
    "mehr lesen",
    "jetzt lesen",
    "zum artikel",
    "hier weiterlesen",
    "lesen sie mehr",
    "lire la suite",
    "lire plus",
    "lire l'article",
    "en savoir plus",
    "leer más",
    "seguir leyendo",
    "leggi tutto",
    "leggi di più",
    "continua a leggere",
    "leia mais",
    "ler mais",
    "continue lendo",
    "continuar a ler",
    "lees verder",
    "lees meer",
    "verder lezen",
    "läs mer",
    "läs hela",
    "les mer",
    "les hele",
    "læs mere",
    "læs hele",
    "lue lisää",
    "czytaj więcej",
    "czytaj dalej",
    "czytaj całość",
    "číst dále",
    "celý článek",
    "čítať ďalej",
    "celý článok",
    "citește mai mult",
    "tovább olvasom",
    "devamını oku",
    "читать далее",
    "читать дальше",
    "читать полностью",
    "подробнее",
    "читати далі",
    "читати більше",
    "детальніше",
    "прочети повече",
    "виж още",
    "اقرأ المزيد",
    "続きを読む",
    "阅读全文",
    "閱讀全文",
    "더 보기",
)
_BARRIERS: Final = (
    "subscribe to read",
    "subscribe to continue",
    "subscribe to keep",
    "subscribe to unlock",
    "subscribe now to",
    "already a subscriber",
    "already have an account",
    "sign in to read",
    "sign in to continue",
    "log in to read",
    "log in to continue",
    "register to read",
    "register to continue",
    "to continue reading",
    "to read the full",
    "this article is for subscribers",
    "jetzt weiterlesen",
    "diesen artikel weiterlesen",
    "weiterlesen mit",
    "bereits abonnent",
    "déjà abonné",
    "cet article est réservé",
    "article réservé aux abonnés",
    "il vous reste",
    "suscríbete para",
    "contenuto riservato agli abbonati",
    "abbonati per",
)
_CREDITS: Final = (
    "appeared first on",
    "first appeared on",
    "erschien zuerst auf",
    "est apparu en premier sur",
    "se publicó primero en",
    "proviene da",
    "apareceu primeiro em",
    "verscheen eerst op",
)
_ELLIPSIS: Final = regex.compile(r"(?:…|\.{3}|\[…\]|\[\.{3}\])[\s\])»”\"'’>→]*\Z")
_ENDING: Final = (
    r"(?:^|[.!?…\])]\s|\.{{3}})\s*[\[(«<]*\s*(?:{})"
    r"(?:\b|(?<=[\p{{Han}}\p{{Hiragana}}]))[^\n]{{0,200}}\Z"
)


def _ending(phrases: tuple[str, ...]) -> "regex.Pattern[str]":
    """One of the phrases at the end of a text, in a sentence of its own."""
    choice = "|".join(map(regex.escape, phrases))
    return regex.compile(_ENDING.format(choice), regex.IGNORECASE | regex.MULTILINE)


_INVITATION: Final = _ending((*_INVITATIONS, *_BARRIERS))
_BARRIER: Final = _ending(_BARRIERS)
_LINKS: Final = regex.compile(  # what stands above links to other articles
    r"(?:\s*^(?:you may also like|you might also like|related|more from|more on|see also|"
    r"also read|read also|read more|read next|recommended|lesen sie auch|mehr zum thema|"
    r"lire aussi|à lire aussi|lea también|leggi anche|leia também|lees ook|czytaj też|"
    r"czytaj także|читайте также|читайте також)\b[^\n]{0,200})+\s*\Z",
    regex.IGNORECASE | regex.MULTILINE,
)
_TAIL: Final = 700  # characters that are looked at
_CREDIT_LENGTH: Final = 400  # before its phrase
_ENDING_LENGTH: Final = 300  # of a phrase with what comes after it


def is_teaser(text: str) -> bool:
    """Whether a text ends in an ellipsis or in words such as "read more".

    A line that credits the site ("The post … appeared first on …") does not count as its end.
    """
    if len(text) > LONGEST:
        return False
    tail = _without_credit(text[-_TAIL:].rstrip())
    last = max(tail.rfind("\n") + 1, len(tail) - _ENDING_LENGTH)
    return bool(_ELLIPSIS.search(tail, last) or _INVITATION.search(tail, last))


def _without_credit(tail: str) -> str:
    above, _, last = tail.rpartition("\n")
    line = last.lower()
    credited = any(0 <= line.find(phrase) <= _CREDIT_LENGTH for phrase in _CREDITS)
    return above.rstrip() if credited else tail


def is_stub(text: str) -> bool:
    """Whether the text of a page ends in an ellipsis, or in words for those who don't pay.

    "Read more" says nothing here: on pages other articles are linked with these words.
    """
    if len(text) > LONGEST:
        return False
    tail = _LINKS.sub("", text[-_TAIL:]).rstrip()
    return bool(_ELLIPSIS.search(tail) or _BARRIER.search(tail))


def beginning(lead: str, teaser: str) -> str:
    """A lead with what a teaser adds, unless one says all that the other does."""
    longer, shorter = sorted((lead, teaser), key=len, reverse=True)
    return longer if shorter.rstrip(" .…[]") in longer else f"{lead}\n\n{teaser}"

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
    "subscribe to read",
    "subscribe to continue",
    "sign in to read",
    "sign in to continue",
    "log in to read",
    "log in to continue",
    "to continue reading",
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
_CREDIT: Final = regex.compile(
    r"\s*^[^\n]{0,400}\b(?:appeared first on|first appeared on|erschien zuerst auf|"
    r"est apparu en premier sur|se publicó primero en|proviene da|apareceu primeiro em|"
    r"verscheen eerst op)\b[^\n]{0,200}\s*\Z",
    regex.IGNORECASE | regex.MULTILINE,
)
_ELLIPSIS: Final = regex.compile(r"(?:…|\.{3}|\[…\]|\[\.{3}\])[\s\])»”\"'’>→]*\Z")
_INVITATION: Final = regex.compile(
    rf"(?:^|[.!?…\])]\s|\.{{3}})\s*[\[(«<]*\s*(?:{'|'.join(map(regex.escape, _INVITATIONS))})"
    r"(?:\b|(?<=[\p{Han}\p{Hiragana}]))[^\n]{0,200}\Z",
    regex.IGNORECASE | regex.MULTILINE,
)
_TAIL: Final = 700  # characters that are looked at


def is_teaser(text: str) -> bool:
    """Whether a text ends in an ellipsis or in words such as "read more".

    A line that credits the site ("The post … appeared first on …") does not count as its end.
    """
    if len(text) > LONGEST:
        return False
    tail = _CREDIT.sub("", text[-_TAIL:]).rstrip()
    return bool(_ELLIPSIS.search(tail) or _INVITATION.search(tail))

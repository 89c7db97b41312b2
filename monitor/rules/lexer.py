"""Query text -> tokens. No sign is lost; whether a token may stand there is the parser's question.

What is no token of the language is one of kind ``SLIP`` (an operator that is written wrongly) or
``ODD`` (a sign that means nothing there), so that the parser can say what is wrong with it.
"""

import re
from typing import Final, Literal, NamedTuple, cast

Kind = Literal[
    "LEAF", "LEFT", "RIGHT", "OR", "AND", "PROX", "NOT", "ATLEAST", "SLIP", "META", "FIELD",
    "RULE", "MINUS", "BRACES", "REGEX", "ODD", "END",
]  # fmt: skip


class Token(NamedTuple):
    """A piece of a query; ``start`` is its offset."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


QUOTES: Final = '"“”„‟«»＂'
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys(QUOTES, '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\xa0\u202f", " "),
        "（": "(",
        "）": ")",
        "：": ":",
    }
)
# Copied from web pages along with the words; analysis drops them where they stand inside one.
_INVISIBLE: Final = r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
_AT_AN_EDGE: Final = re.compile(rf'(?<![^\s("]){_INVISIBLE}|{_INVISIBLE}(?![^\s)"])')

META_FIELDS: Final = ("author", "url", "inurl", "site", "feed", "tag", "lang")
TEXT_FIELDS: Final = ("title", "lead", "text", "intitle", "ingress", "summary", "intext", "body")
_META: Final = "|".join(META_FIELDS)
_FIELD: Final = "|".join((*TEXT_FIELDS, *META_FIELDS))
_CHAR: Final = r'[^\s()":{}~!^]'  # of a word, once it has begun
_END: Final = f"(?!{_CHAR})"

# What is listed first wins; an operator is a whole word. SOON is what most operands look like and
# only there for speed: no operator begins in lower case, and before a colon stands a field.
_LEXER: Final = re.compile(
    rf"""
      (?P<SOON> [^\s()":{{}}~!^A-Z=@\#\-/]{_CHAR}*+(?!:) | "[^"]*"(?:~\d*)?+ )
    | (?P<LEFT> \( )
    | (?P<RIGHT> \) )
    | (?P<OR> OR{_END} )
    | (?P<AND> AND{_END} )
    | (?P<PROX> (?: O?NEAR(?:/\d+f?)? | PRE/\d+ | W/(?:\d+|[SP]) | SENT | PARA
                  | NOT\s+(?:IN | NEAR(?:/\d+)? | W/\d+) ){_END} )
    | (?P<NOT> NOT{_END} )
    | (?P<ATLEAST> ATLEAST/\d+{_END} )
    | (?P<SLIP> (?: (?:O?NEAR|PRE|SENT|PARA)/ | W/\d | ATLEAST(?:/|{_END}) ){_CHAR}* )
    | (?P<META> (?:{_META}):(?: "[^"]+" | [^\s()"]+ ) )
    | (?P<FIELD> (?:{_FIELD}):(?=[^\s)]) )
    | (?P<RULE> rule:[\w-]+ )
    | (?P<LEAF> (?![=@\#\-/]){_CHAR}+ | ={_CHAR}+ | [@\#][\w-]+ )
    | (?P<MINUS> -(?=[^\s)]) )
    | (?P<BRACES> \{{[^{{}}]*\}} )
    | (?P<REGEX> /(?: [^/\\\n] | \\. )*/[A-Za-z]* )
    | (?P<ODD> \S )
    """,
    re.VERBOSE,
)
_KINDS: Final = cast(
    "tuple[Kind, ...]",
    ("END", *("LEAF" if name == "SOON" else name for name in _LEXER.groupindex)),
)


def plain(text: str) -> str:
    """The query with plain quotes, dashes, brackets and blanks; every offset stays the same."""
    if text.isascii():
        return text
    return _AT_AN_EDGE.sub(lambda found: " " * len(found[0]), text.translate(_PLAIN))


def tokens_of(text: str) -> list[Token]:
    """The tokens of a query; the last one, without text, is its end."""
    found = [
        Token(_KINDS[match.lastindex or 0], match[0], match.start())
        for match in _LEXER.finditer(text)
    ]
    found.append(Token("END", "", len(text)))
    return found

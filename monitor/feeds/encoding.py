"""Bytes of a document to UTF-8: what is declared is a hint, and only known encodings count."""

import codecs
import re

# Left: names that documents declare (as Python spells them). Right: what browsers read them as.
_ALLOWED = {
    **{f"iso8859-{n}": f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    **{f"cp125{n}": f"cp125{n}" for n in range(9)},
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "cp874": "cp874",
    "cp866": "cp866",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "mac-roman": "mac-roman",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "euc_jp": "euc_jp",
    "shift_jis": "cp932",
    "cp932": "cp932",
    "iso2022_jp": "iso2022_jp",
    "euc_kr": "cp949",
    "cp949": "cp949",
}
_MARKS = (  # byte order marks, longest first; then "<" in UTF-16 without one
    (codecs.BOM_UTF32_LE, 4, "utf-32-le"),
    (codecs.BOM_UTF32_BE, 4, "utf-32-be"),
    (codecs.BOM_UTF8, 3, "utf-8"),
    (codecs.BOM_UTF16_LE, 2, "utf-16-le"),
    (codecs.BOM_UTF16_BE, 2, "utf-16-be"),
    (b"<\0", 0, "utf-16-le"),
    (b"\0<", 0, "utf-16-be"),
)
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_DECLARATION_END = 1_024
_BAD_SHARE = 10  # UTF-8 with at most one broken character in ten is still UTF-8


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """The document in UTF-8 without a byte order mark; never raises.

    A byte order mark decides; else what is valid UTF-8 is UTF-8, whatever was declared; else
    the charset of the content type, then the XML declaration, if they fit the bytes.
    """
    for mark, length, name in _MARKS:
        if body.startswith(mark):
            return body[length:].decode(name, "replace").encode()
    declared = [_allowed(name) for name in (_charset(content_type), _declaration(body))]
    if b"\x1b" in body and "iso2022_jp" in declared:  # 7 bits: looks like valid UTF-8
        declared = ["iso2022_jp"]
    elif _is_utf8(body):
        return body
    for name in filter(None, declared):
        try:
            return body.decode(name).encode()
        except UnicodeDecodeError:
            continue
    return _guess(body)


def _charset(content_type: str) -> str:
    found = _CHARSET.search(content_type)
    return found[1] if found else ""


def _declaration(body: bytes) -> str:
    found = _DECLARATION.match(body[:_DECLARATION_END])
    return found[1].decode("ascii", "ignore") if found else ""


def _allowed(name: str) -> str | None:
    try:
        return _ALLOWED.get(codecs.lookup(name).name)
    except (LookupError, ValueError):
        return None


def _is_utf8(body: bytes) -> bool:
    try:
        # Not final: a document cut off inside a character is UTF-8 all the same.
        _, used = codecs.utf_8_decode(body, "strict", False)  # noqa: FBT003
    except UnicodeDecodeError:
        return False
    return used == len(body)


def _guess(body: bytes) -> bytes:
    text = body.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = len(body) - len(text)  # every further byte of a whole character counts
    if bad * _BAD_SHARE <= good + _BAD_SHARE:
        return text.encode()
    return body.decode("cp1252", "replace").encode()

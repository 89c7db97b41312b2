"""The bytes decide; declarations are hints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.encoding import to_utf8


def _declared(name: str, text: str, codec: str) -> bytes:
    return f'<?xml version="1.0" encoding="{name}"?><a>{text}</a>'.encode(codec)


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [
        ("windows-1251", "cp1251", "Санкции против России"),
        ("koi8-r", "koi8-r", "Санкции против России"),
        ("iso-8859-1", "latin-1", "Élysée"),
        ("ISO-8859-1", "cp1252", "“smart” – quotes"),
        ("iso-8859-2", "iso8859-2", "Łódź"),
        ("gb2312", "gb18030", "北约和欧盟 镕"),
        ("euc-kr", "cp949", "우크라이나 제재"),
        ("big5", "big5", "烏克蘭制裁"),
        ("shift_jis", "cp932", "ウクライナ制裁①"),
        ("iso-2022-jp", "iso2022_jp", "ウクライナ制裁"),
        ("utf-16", "utf-16", "Łódź with BOM"),
        ("utf-16", "utf-16-le", "Łódź without BOM"),
        ("utf-16", "utf-16-be", "Łódź without BOM"),
        ("utf-8", "utf-8-sig", "Łódź"),
        ("iso-8859-1", "utf-8", "Łódź, the declaration lies"),
        ("utf-8", "cp1252", "Élysée, the déclaration lies: é è à ü ö ç ñ ß â ê î ô û"),
        ("no-such-encoding", "utf-8", "Łódź"),
        ("punycode", "utf-8", "Łódź"),
        ("idna", "utf-8", "Łódź"),
        ("unicode_escape", "utf-8", "\\u0041 Łódź"),
        ("zip_codec", "utf-8", "Łódź"),
        ("rot13", "utf-8", "Łódź"),
    ],
)
def test_a_document_is_read_in_the_encoding_it_really_has(
    name: str, codec: str, text: str
) -> None:
    assert f"<a>{text}</a>" in to_utf8(_declared(name, text, codec)).decode()


@pytest.mark.parametrize(
    ("content_type", "text"),
    [("text/xml; charset=koi8-r", "Мир"), ("text/xml; charset=rot13", "нЙТ"), ("text/xml", "нЙТ")],
    ids=["charset", "forbidden charset", "no charset"],
)
def test_the_charset_of_the_answer_comes_before_the_declaration(
    content_type: str, text: str
) -> None:
    body = '<?xml version="1.0" encoding="windows-1251"?>Мир'.encode("koi8-r")
    assert to_utf8(body, content_type).decode().endswith(f">{text}")


def test_a_broken_character_or_two_do_not_spoil_a_utf8_document() -> None:
    body = "Łódź, Kraków, Gdańsk".encode() + b"\xff" + " – koniec".encode()
    assert to_utf8(body).decode() == "Łódź, Kraków, Gdańsk\ufffd – koniec"


def test_a_document_cut_inside_a_character_is_still_utf8() -> None:
    assert to_utf8("Łódź".encode()[:-1], "text/xml; charset=iso-8859-1").decode() == "Łód\ufffd"


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_bytes_become_valid_utf8(body: bytes, content_type: str) -> None:
    to_utf8(body, content_type).decode()

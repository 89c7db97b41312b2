"""One article, one key; two articles, two keys."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.urlkey import url_key


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        pytest.param(
            "https://paper.example/world/summit-9",
            [
                "http://paper.example/world/summit-9",
                " https://www.paper.example/world/summit-9 ",
                "HTTPS://WWW.Paper.Example:443/world/summit-9",
                "https://m.paper.example/world/summit-9/",
                "https://mobile.paper.example/world//summit-9",
                "https://amp.paper.example/world/summit-9",
                "https://paper.example/world/summit-9/amp",
                "https://paper.example/world/summit-9/amp/",
                "https://paper.example/amp/world/summit-9",
                "https://paper.example/world/summit-9.amp",
                "https://paper.example/world/summit-9#comments",
                "https://paper.example./world/summit-9",
                "https://user:secret@paper.example/world/summit-9",
                "https://paper.example/world/summit-9;jsessionid=0A1B",
                "https://www.google.com/amp/s/paper.example/world/summit-9/amp",
                "https://www.google.co.uk/amp/paper.example/world/summit-9",
                "https://paper-example.cdn.ampproject.org/c/s/paper.example/world/summit-9",
            ],
            id="host, scheme and path",
        ),
        pytest.param(
            "https://paper.example/story?id=7&lang=en",
            [
                "https://paper.example/story?id=7&lang=en",
                "https://paper.example/story?lang=en&id=7",
                "https://paper.example/story?UTM_Source=rss&id=7&lang=en&utm_medium=feed",
                "https://paper.example/story?id=7&fbclid=abc&lang=en&smid=tw&ref=rss",
                "https://paper.example/story?at_medium=RSS&id=7&at_campaign=K&lang=en",
                "https://paper.example/story?srsltid=a&id=7&mkt_tok=b&lang=en&_branch_match_id=c",
                "https://paper.example/story?hsCtaTracking=a&id=7&lang=en&WT.mc_id=b&elqTrackId=c",
            ],
            id="trackers and order",
        ),
        pytest.param(
            "https://paper.example/caf%C3%A9/~jo",
            [
                "https://paper.example/café/~jo",
                "https://paper.example/caf%c3%a9/%7ejo",
            ],
            id="escapes",
        ),
        pytest.param(
            "https://xn--mller-kva.example/a",
            ["https://müller.example/a", "https://xn--mller-kva.example/a"],
            id="international names",
        ),
    ],
)
def test_spellings_of_one_address_have_one_key(key: str, spellings: list[str]) -> None:
    assert {url_key(spelling) for spelling in spellings} == {key}


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["https://a.example/s?id=1", "https://a.example/s?id=2"], id="id"),
        pytest.param(["https://a.example/?p=1", "https://a.example/?p=2"], id="p"),
        pytest.param(["https://a.example/watch?v=x", "https://a.example/watch?v=X"], id="v"),
        pytest.param(["https://a.example/x?page=2", "https://a.example/x"], id="page"),
        pytest.param(["https://news.a.example/x", "https://a.example/x"], id="other subdomain"),
        pytest.param(["https://a.example/amplifier", "https://a.example/lifier"], id="no AMP"),
        pytest.param(["https://a.example/X", "https://a.example/x"], id="case of the path"),
        pytest.param(["https://m.com/x", "https://com/x"], id="short name"),
        pytest.param(["https://a.example/#!/x", "https://a.example/#!/y"], id="path in fragment"),
        pytest.param(["https://a.example/x%2Fy", "https://a.example/x/y"], id="escaped slash"),
        pytest.param(["https://a.example/x?feed=1", "https://a.example/x?feed=2"], id="feed"),
        pytest.param(["https://a.example/x?article=1", "https://a.example/x"], id="article"),
        pytest.param(["https://a.example/amp/s/b", "https://www.google.com/amp/s/b"], id="amp"),
        pytest.param(["https://a.example:8080/x", "https://a.example/x"], id="port"),
        pytest.param(["https://[2001:db8::1]/x", "https://[2001:db8::2]/x"], id="IPv6"),
    ],
)
def test_addresses_of_different_articles_have_different_keys(addresses: list[str]) -> None:
    assert all(url_key(one) != url_key(other) for one, other in combinations(addresses, 2))


@pytest.mark.parametrize(
    "url",
    ["", "not a url", "http://", "http://[::1", "http://a.example:99999/", "http://a/\ud800"],
    ids=["empty", "words", "no host", "open bracket", "port too large", "lone surrogate"],
)
def test_what_is_not_a_valid_url_is_its_own_key(url: str) -> None:
    assert url_key(url) == url


@given(st.text(max_size=60))
def test_every_string_has_a_key(text: str) -> None:
    assert url_key(f"http://paper.example/{text}") == url_key(f"http://paper.example/{text}")
    url_key(text)

import pytest

from monitor.stories.outlets import site


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("https://feeds.bbci.co.uk/news", "bbci.co.uk"),
        ("https://edition.cnn.com/2026/1", "cnn.com"),
        ("https://CNN.com./x", "cnn.com"),
        ("https://www.lemonde.fr/a", "lemonde.fr"),
        ("https://abc.net.au/1", "abc.net.au"),
        ("https://g1.globo.com/1", "globo.com"),
        ("https://ria.ru/1", "ria.ru"),
        ("https://one.substack.com/p/1", "one.substack.com"),
        ("https://www.example.co", "example.co"),
        ("http://127.0.0.1:8000/feed", "127.0.0.1"),
        ("http://localhost/feed", "localhost"),
        ("file:///srv/news.xml", ""),
        ("http://[broken/", ""),
        ("", ""),
    ],
)
def test_the_owner_of_an_address(url: str, owner: str) -> None:
    assert site(url) == owner

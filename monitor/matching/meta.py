"""Questions about an article besides its words: author, address, feed, tags, language."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from monitor.analysis.fold import fold
from monitor.model.article import Article, Carrier
from monitor.rules.tree import Meta, MetaField, Restriction


def meta_holds(node: Meta, article: Article, language: str | None) -> bool:
    """Whether ``author:x``, ``site:x`` … is true of an article in a language."""
    match node.field:
        case MetaField.AUTHOR:
            return fold(node.value) in fold(article.author)
        case MetaField.URL:
            return node.value.casefold() in article.url.casefold()
        case MetaField.SITE:
            return _site(node.value, article.url)
        case MetaField.FEED:
            return any(carried_by(node.value, carrier) for carrier in article.carriers)
        case MetaField.TAG:
            wanted = fold(node.value)
            labels = (*article.tags, *_feed_tags(article.carriers))
            return any(fold(label) == wanted for label in labels)
        case MetaField.LANG:
            return _language(node.value, language)


def restriction_holds(node: Restriction, article: Article, language: str | None) -> bool:
    """Whether the feeds, languages and last day of a rule let it look at an article.

    An article without a feed or a known language passes; a rule sleeps for articles that were
    seen after its last day.
    """
    if node.until and article.seen and article.seen.date() > node.until:
        return False
    spoken = not (node.languages and language) or any(
        _language(each, language) for each in node.languages
    )
    carried = not (node.feeds and article.carriers) or any(
        carried_by(each, carrier) for each in node.feeds for carrier in article.carriers
    )
    return spoken and carried


def carried_by(wanted: str, carrier: Carrier) -> bool:
    """Whether a carrier has this name or URL, or for ``tag:x`` this tag."""
    if wanted.startswith("tag:"):
        return fold(wanted.removeprefix("tag:")) in map(fold, carrier.tags)
    return wanted == carrier.url or fold(wanted) == fold(carrier.name)


def _feed_tags(carriers: Iterable[Carrier]) -> Iterable[str]:
    return (tag for carrier in carriers for tag in carrier.tags)


def _language(wanted: str, language: str | None) -> bool:
    """``en`` covers ``en-GB``."""
    if language is None:
        return False
    wanted, language = (tag.casefold().replace("_", "-") for tag in (wanted, language))
    return language == wanted or language.startswith(f"{wanted}-")


def _site(wanted: str, url: str) -> bool:
    """The host is this one or below it, and the path begins with the one given."""
    host, _, path = (
        wanted.casefold().removeprefix("https://").removeprefix("http://").partition("/")
    )
    try:
        parts = urlsplit(url.casefold())
    except ValueError:
        return False
    actual = parts.hostname or ""
    if actual != host and not actual.endswith(f".{host}"):
        return False
    path = path.rstrip("/")
    return not path or parts.path == f"/{path}" or parts.path.startswith(f"/{path}/")

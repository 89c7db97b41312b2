"""Feed documents in local files, and folders that are feeds."""

from pathlib import Path

from monitor.errors import FetchError, TooLarge
from monitor.feeds.folder import folder_feed


def read_file(path: str, cap: int) -> bytes:
    """Reads a whole file, or a folder of text files as one JSON Feed.

    Args:
        path: absolute.
        cap: most bytes to read.

    Raises:
        FetchError: there is no such file, it is too large, or it can't be read.
    """
    if not Path(path).exists():
        raise FetchError(f"no such file: {path}")
    if Path(path).is_dir():
        return folder_feed(Path(path), cap)
    if not Path(path).is_file():
        raise FetchError(f"not a file: {path}")
    try:
        with Path(path).open("rb") as file:
            body = file.read(cap + 1)
    except OSError as error:
        raise FetchError(f"cannot read {path}: {error.strerror}") from error
    if len(body) > cap:
        raise too_large(cap)
    return body


def too_large(cap: int) -> TooLarge:
    """The error for a document of more than ``cap`` bytes."""
    return TooLarge(f"body is larger than {cap / 1e6:g} MB")

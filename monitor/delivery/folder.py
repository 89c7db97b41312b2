"""Files that others read while they are written anew."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_file(path: Path, text: str) -> bool:
    """Writes a file, whose reader sees the old text or the new one; returns whether it changed.

    Args:
        path: its folder is made if it is not there.
        text: what it is to hold.

    Raises:
        OSError: it can't be read or written.
    """
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut might leave an empty one
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink()
            raise
    return True

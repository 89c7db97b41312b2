"""Messages as files, to be looked at instead of sent."""

import json
from pathlib import Path

from monitor.model.alert import Message


def write_message(folder: Path, name: str, message: Message) -> tuple[Path, ...]:
    """Writes every form of a message; returns the files, which replace those of an earlier time.

    Args:
        folder: is made if it is not there.
        name: of the files, without their endings ``.txt``, ``.html``, ``.md``, ``.slack.json``.
        message: what they show.

    Raises:
        OSError: they can't be written.
    """
    slack = {"text": message.short, "blocks": message.blocks}
    forms = {
        "txt": f"{message.subject}\n\n{message.text}",
        "html": message.html,
        "md": f"{message.subject}\n\n{message.markdown}",
        "slack.json": json.dumps(slack, ensure_ascii=False, indent=2) + "\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(folder / f"{name}.{ending}", text) for ending, text in forms.items())


def _write(path: Path, text: str) -> Path:
    # Lone surrogates of a broken source must not keep the rest from being seen.
    path.write_bytes(text.encode(errors="replace"))
    return path

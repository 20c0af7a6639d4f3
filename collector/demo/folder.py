"""The demo's folder: what it holds, whether it is whole, how it begins anew."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from collector.errors import BadInput

FILES = ("afterword.db", "afterword.secret", "shop.db", "outbox.db", "demo.json")
BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Notes:
    """What the demo must remember between two starts."""

    server_key: str
    shop_secret: str
    seeded_at: str

    @property
    def seeded(self) -> datetime:
        return datetime.fromisoformat(self.seeded_at)


@dataclass(frozen=True)
class Folder:
    """A folder of the demo's own; nothing else in it is ever touched."""

    path: Path

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.path.resolve() / 'afterword.db'}"

    @property
    def shop_database_url(self) -> str:
        return f"sqlite:///{self.path.resolve() / 'shop.db'}"

    @property
    def outbox(self) -> Path:
        return self.path.resolve() / "outbox.db"

    def notes(self) -> Notes | None:
        """The notes of a demo that is whole; None where it is new or broke off while it was being made."""
        try:
            return Notes(**json.loads((self.path / "demo.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, notes: Notes) -> None:
        """Write the notes, last of all: from now on the demo is whole. They hold a key, so only the owner reads them."""
        file = os.open(self.path / "demo.json", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w") as notes_file:
            json.dump(asdict(notes), notes_file)

    def clear(self) -> None:
        """Make the folder, or remove the demo's own files from it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                for suffix in BESIDE:
                    (self.path / (name + suffix)).unlink(missing_ok=True)
        except OSError as error:
            raise BadInput(
                f"{self.path} cannot be used: {error.strerror}; choose another folder with --data."
            ) from None

"""Where Parquet lies that several machines read: a folder, or an address that fsspec knows (s3://, memory://)."""

from __future__ import annotations

from typing import Any

import fsspec

from sql.engine import Cursor


class Place:
    """A folder that cursors read and write: on this disk, on a mounted one, or in an object store."""

    def __init__(self, address: str) -> None:
        """Raises ValueError or ImportError, as fsspec does, for an address of no known kind."""
        self.is_remote = "://" in address
        self.files: Any
        self.root: str
        self.files, self.root = fsspec.core.url_to_fs(address)

    def reach(self, db: Cursor) -> None:
        """Let the cursor's DuckDB read and write here; folders it reaches by itself."""
        protocol = self.files.protocol
        name = protocol if isinstance(protocol, str) else protocol[0]
        if self.is_remote and name not in db.raw.list_filesystems():
            db.raw.register_filesystem(self.files)

    def at(self, *parts: str) -> str:
        """The address of a file or folder here."""
        path = "/".join((self.root, *parts))
        return str(self.files.unstrip_protocol(path)) if self.is_remote else path

    def make(self, *parts: str) -> str:
        """The address of a folder here, which is there from now on."""
        self.files.makedirs("/".join((self.root, *parts)), exist_ok=True)
        return self.at(*parts)

    def found(self, *parts: str) -> list[str]:
        """The addresses of the files under a folder, in order; none where there is no such folder."""
        folder = "/".join((self.root, *parts))
        paths = sorted(self.files.find(folder)) if self.files.exists(folder) else []
        return [str(self.files.unstrip_protocol(path)) for path in paths] if self.is_remote else paths

    def take_away(self) -> None:
        if self.files.exists(self.root):
            self.files.rm(self.root, recursive=True)

"""The files of a compilation, each read once."""

from __future__ import annotations

import os
from pathlib import Path

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.nodes import Document, Node
from mqbind.load.source import parse

_BYTES_MAX = 32 * 1024 * 1024


class Library:
    """Reads files and keeps their trees. The first one's directory is where names start from."""

    def __init__(self, first: Path | str, diagnostics: Diagnostics) -> None:
        self._diagnostics = diagnostics
        self._first = str(first)
        self._home = Path(first).absolute().parent
        self._trees: dict[str, Node | None] = {}
        self._paths: list[str] = []

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that was asked for, the first one first."""
        return tuple(self._paths)

    @property
    def trees(self) -> tuple[Node, ...]:
        return tuple(tree for tree in self._trees.values() if tree is not None)

    def open_first(self) -> Node | None:
        return self._open(self._first, Location(file=self._first, line=1, column=1))

    def open_beside(self, document: Document, path: str, referrer: Location) -> Node | None:
        """The file at `path`, seen from the directory of `document`."""
        return self._open(os.path.normpath(Path(document.path).parent / path), referrer)

    def _open(self, path: str, referrer: Location) -> Node | None:
        name = self._name(path)
        if name not in self._trees:
            self._paths.append(path)
            self._trees[name] = self._read(path, name, referrer)
        return self._trees[name]

    def _name(self, path: str) -> str:
        return Path(os.path.relpath(path, self._home)).as_posix()

    def _read(self, path: str, name: str, referrer: Location) -> Node | None:
        text = self._text(path, referrer)
        if text is None:
            return None
        return parse(text, Document(name=name, path=path), self._diagnostics)

    def _text(self, path: str, referrer: Location) -> str | None:
        try:
            file = Path(path)
            if file.exists() and not file.is_file():
                self._diagnostics.error(
                    referrer, f"`{path}` is no file", "name a YAML or JSON file"
                )
                return None
            if file.stat().st_size > _BYTES_MAX:
                self._diagnostics.error(
                    referrer, f"`{path}` is larger than {_BYTES_MAX} bytes", "split the document"
                )
                return None
            return self._decode(path, file.read_bytes())
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self._diagnostics.error(
                referrer, f"cannot read `{path}`: {reason}", "check the path and its permissions"
            )
            return None

    def _decode(self, path: str, data: bytes) -> str | None:
        try:
            return data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            location = Location(
                file=path,
                line=before.count(b"\n") + 1,
                column=len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1,
            )
            self._diagnostics.error(
                location,
                f"byte 0x{data[error.start]:02X} is not UTF-8",
                "save the file in UTF-8",
            )
            return None

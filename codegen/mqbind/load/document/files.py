"""The files of a compilation, each read once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.document.allowed_folders import Folders, Unreadable, limited
from mqbind.load.document.nodes import Document, Node
from mqbind.load.document.options import Options
from mqbind.load.document.overlay import apply_overlay
from mqbind.load.document.parser import parse
from mqbind.rules import Rule

_META_SCHEMAS = re.compile(r"https?://json-schema\.org/draft")


class Files:
    """Reads files and keeps their trees. Names are relative to the first one's directory."""

    def __init__(
        self, first: Path | str, diagnostics: Diagnostics, options: Options | None = None
    ) -> None:
        self._options = options or Options()
        self._diagnostics = diagnostics
        self._first = str(first)
        self._home = Path(first).absolute().parent
        self._trees: dict[str, Node | None] = {}
        self._paths: list[str] = []

    @property
    def paths(self) -> tuple[str, ...]:
        """Every file that was requested, in order."""
        return tuple(self._paths)

    @property
    def trees(self) -> tuple[Node, ...]:
        return tuple(tree for tree in self._trees.values() if tree is not None)

    def open_first(self) -> Node | None:
        """The document, changed by its overlays."""
        root = self._open_named(self._first, self._options.content)
        for path in self._options.overlays:
            changes = self._open_named(str(path))
            if root is None or changes is None:
                return None
            del self._trees[changes.document.name]
            root = apply_overlay(root, changes, self._diagnostics)
            self._trees[root.document.name] = root
        return root

    def open_beside(self, document: Document, path: str, referrer: Location) -> Node | None:
        """The file at `path`, relative to the directory of `document`."""
        return self._open_reference(Path(document.path).parent / path, referrer)

    def open_remote(self, uri: str, referrer: Location) -> Node | None:
        """The user's copy of a remote file, or the meta-schema; None if it is neither."""
        for start, folder in self._options.folders.items():
            if uri.startswith(start):
                path = folder / unquote(uri[len(start) :]).lstrip("/")
                return self._open_reference(path, referrer)
        return self._meta_schema(uri) if _META_SCHEMAS.match(uri) else None

    def is_provided(self, uri: str) -> bool:
        """True if a remote file is at hand: mapped by the user, or a meta-schema."""
        return self.is_mapped(uri) or bool(
            _META_SCHEMAS.match(uri) and self._meta_schema(uri) is not None
        )

    def is_mapped(self, uri: str) -> bool:
        """True if the user mapped this place to a folder."""
        return any(uri.startswith(start) for start in self._options.folders)

    def _meta_schema(self, uri: str) -> Node | None:
        if uri not in self._trees:
            # Imported here, because it is slow to import and rarely needed.
            from jsonschema_specifications import REGISTRY

            found = REGISTRY.get(uri)
            document = Document(name=uri, path=uri)
            text = None if found is None else json.dumps(found.contents)
            tree = None if text is None else parse(text, document, self._diagnostics)
            self._trees[uri] = tree
        return self._trees[uri]

    def _open_named(self, path: str, content: bytes | None = None) -> Node | None:
        place = Location(file=path, line=1, column=1)
        if content is None:
            return self._open(path, place, lambda: self._folders.read_named(path))
        return self._open(path, place, lambda: limited(path, content))

    def _open_reference(self, file: Path, referrer: Location) -> Node | None:
        if "\0" in str(file):
            # Some versions of Python end a path there.
            self._report_unreadable(str(file), "its name contains a NUL character", referrer)
            return None
        path = self._as_named(os.path.normpath(file))
        return self._open(path, referrer, lambda: self._folders.read(path))

    def _as_named(self, path: str) -> str:
        """The path, relative where the first file is and a `file:` URI is not."""
        if Path(path).is_absolute() and not Path(self._first).is_absolute():
            relative = os.path.relpath(path)
            return path if relative.startswith(os.pardir) else relative
        return path

    def _open(self, path: str, referrer: Location, read: Callable[[], bytes]) -> Node | None:
        name = self._name(path)
        if name not in self._trees:
            self._paths.append(path)
            text = self._text(path, referrer, read)
            document = Document(name=name, path=path)
            self._trees[name] = None if text is None else parse(text, document, self._diagnostics)
        return self._trees[name]

    def _name(self, path: str) -> str:
        return Path(os.path.relpath(path, self._home)).as_posix()

    def _text(self, path: str, referrer: Location, read: Callable[[], bytes]) -> str | None:
        try:
            return self._decode(path, read())
        except Unreadable as error:
            self._diagnostics.error(error.rule, referrer, error.message, error.remedy)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self._report_unreadable(path, reason, referrer)
        return None

    def _report_unreadable(self, path: str, reason: str, referrer: Location) -> None:
        self._diagnostics.error(
            Rule.UNREADABLE_FILE,
            referrer,
            f"cannot read `{path}`: {reason}",
            "check the path and its permissions",
        )

    @cached_property
    def _folders(self) -> Folders:
        return Folders(self._first, self._options.root, self._options.folders.values())

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
                Rule.NOT_UTF8,
                location,
                f"byte 0x{data[error.start]:02X} is not valid UTF-8",
                "save the file as UTF-8",
            )
            return None

"""The folders whose files may be read, and how a file in them is read.

A document can come from anybody, so what it refers to is read only inside a root directory or a
folder that the user opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from mqbind.rules import Rule

BYTES_MAX = 32 * 1024 * 1024

_PIECE_BYTES = 1 << 20
_PATH_ONLY = getattr(os, "O_PATH", os.O_RDONLY)
_FOLDER = _PATH_ONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A FIFO or a device that replaces the file meanwhile must not block.
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW | os.O_CLOEXEC


class Unreadable(Exception):
    """A file that cannot or must not be read: the reason, and a remedy."""

    def __init__(self, rule: Rule, message: str, remedy: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy


class Folders:
    """What may be read on behalf of a document: its root directory and the folders beside it."""

    def __init__(self, document: str, root: Path | None, others: Iterable[Path]) -> None:
        self._root = default_root(document) if root is None else _real(root)
        self._all = (self._root, *map(_real, others))

    def read(self, path: str) -> bytes:
        """The content of a file that a reference leads to; raises Unreadable or OSError."""
        return self._read_inside(path, self._all)

    def read_named(self, path: str) -> bytes:
        """The content of a file that the user named. It may be anywhere, but a symbolic link must
        not lead out of where it is; raises Unreadable or OSError."""
        real, named = _real(path), _absolute(path)
        if real == _real(named.parent) / named.name:
            return _read(path, real.parent, real)
        return self._read_inside(path, (*self._all, default_root(path)))

    def _read_inside(self, path: str, folders: Iterable[Path]) -> bytes:
        real = _real(path)
        for folder in folders:
            if real.is_relative_to(folder):
                return _read(path, folder, real)
        way = "" if real == _absolute(path) else f"links to `{real}`, which "
        raise Unreadable(
            Rule.OUTSIDE_ROOT,
            f"`{path}` {way}is outside the root directory `{self._root}`",
            "move the file inside, name a parent directory with `--root`, or allow its directory "
            "with `--map`",
        )


def default_root(document: str) -> Path:
    """The nearest folder above a document with `.git`, or else the parent of its folder. The whole
    file system is never the root."""
    named = _absolute(document).parent
    real = _real(named)
    for folder in (named, *named.parents, real, *real.parents):
        if os.path.lexists(folder / ".git") and folder != folder.parent:
            return _real(folder)
    return real if real.parent == real.parent.parent else real.parent


def _absolute(path: str) -> Path:
    """The absolute path as written: links are not resolved."""
    return Path(os.path.normpath(Path(path).absolute()))


def _real(path: Path | str) -> Path:
    return Path(os.path.realpath(path))


def _read(path: str, folder: Path, real: Path) -> bytes:
    """The content of `real`, a path without links, which is inside `folder`. If it is replaced by a
    link meanwhile, that is not followed."""
    *between, name = (".", *real.relative_to(folder).parts)
    opened = os.open(folder, _FOLDER)
    try:
        for each in between:
            outer, opened = opened, os.open(each, _FOLDER, dir_fd=opened)
            os.close(outer)
        return _read_regular(path, name, opened)
    finally:
        os.close(opened)


def _read_regular(path: str, name: str, folder: int) -> bytes:
    # Opening a device may have side effects, so the file is checked before and after.
    _check_regular(path, os.stat(name, dir_fd=folder, follow_symlinks=False))
    file = os.open(name, _FILE, dir_fd=folder)
    try:
        _check_regular(path, os.fstat(file))
        return _content(path, file)
    finally:
        os.close(file)


def _check_regular(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
        raise Unreadable(
            Rule.UNREADABLE_FILE, f"`{path}` is not a file", "name a YAML or JSON file"
        )
    if status.st_size > BYTES_MAX:
        raise _too_large(path)


def _content(path: str, file: int) -> bytes:
    """The content of the file, which may grow or be longer than its size says."""
    content = bytearray()
    while piece := os.read(file, _PIECE_BYTES):
        content += piece
        if len(content) > BYTES_MAX:
            raise _too_large(path)
    return bytes(content)


def limited(path: str, content: bytes) -> bytes:
    """The content of what is no file, unless it is too large; raises Unreadable."""
    if len(content) > BYTES_MAX:
        raise _too_large(path)
    return content


def _too_large(path: str) -> Unreadable:
    return Unreadable(
        Rule.FILE_TOO_LARGE, f"`{path}` is larger than {BYTES_MAX} bytes", "split the document"
    )

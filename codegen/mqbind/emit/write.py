"""Writes the files: only changed ones, and removes those that are no longer generated.

Files that were not generated from the same document are not touched, and no symbolic link is
followed. Files are replaced by rename, under a lock on the directory.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mqbind.emit.banner import may_have_banner, title_in

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BYTES_MAX = 64 * 1024 * 1024
_LOCK_ATTEMPTS = 600
_LOCK_PAUSE_S = 0.05


class Refused(Exception):
    """Nothing was written; the message says why, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How a directory differs from what is generated (names, sorted). What is converted is among
    the different, but only its line ends differ. What is stale was generated from the same
    document; what is foreign is in the way."""

    missing: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        return not (self.missing or self.different or self.stale)


def compare(directory: Path, files: Mapping[str, str]) -> Changes:
    """Compare a directory with the generated files; raises Refused if it is a symbolic link."""
    _refuse_link(directory)
    if not directory.is_dir():
        return Changes(missing=tuple(sorted(files)))
    with _opened(directory) as opened:
        return _changes(opened, files)


def check_place(directory: Path, files: Mapping[str, str]) -> None:
    """Raise Refused if `write` would without `force`."""
    _refuse_foreign(directory, files, compare(directory, files))


def write(directory: Path, files: Mapping[str, str], *, force: bool = False) -> Changes:
    """Make a directory equal to the generated files; returns what was changed. Raises Refused,
    before anything is written, if a file of another origin is in the way; `force` replaces it."""
    _refuse_link(directory)
    directory.mkdir(parents=True, exist_ok=True)
    with _opened(directory) as opened:
        _lock(directory, opened)
        changes = _changes(opened, files)
        _refuse_directories(directory, opened, changes.foreign)
        if not force:
            _refuse_foreign(directory, files, changes)
        _replace(opened, {name: files[name] for name in (*changes.missing, *changes.different)})
        for name in changes.stale:
            os.unlink(name, dir_fd=opened)
    return changes


@contextmanager
def _opened(directory: Path) -> Iterator[int]:
    opened = os.open(directory, _DIRECTORY)
    try:
        yield opened
    finally:
        os.close(opened)


def _lock(directory: Path, opened: int) -> None:
    """Lock the directory, so that one run at a time compares and writes. Closing it releases the
    lock."""
    for _ in range(_LOCK_ATTEMPTS):
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_LOCK_PAUSE_S)
        except OSError:
            return  # This file system has no locks. Renaming is still atomic.
    raise Refused(f"another program has locked `{directory}`; try again when it has finished")


def _changes(opened: int, files: Mapping[str, str]) -> Changes:
    title = _title(files)
    present = set(os.listdir(opened))
    found = {name: _content(name, opened) for name in set(files) & present}
    different = [name for name, content in found.items() if content != files[name].encode()]
    converted = [n for n in different if _with_lf(found[n]) == files[n].encode()]
    foreign = [n for n in different if title is None or _title_of(n, opened) != title]
    stale = [n for n in present - set(files) if title is not None and _title_of(n, opened) == title]
    return Changes(
        missing=tuple(sorted(set(files) - present)),
        different=tuple(sorted(different)),
        converted=tuple(sorted(converted)),
        stale=tuple(sorted(stale)),
        foreign=tuple(sorted(foreign)),
    )


def _with_lf(content: bytes | None) -> bytes | None:
    return None if content is None else content.replace(b"\r\n", b"\n")


def _title(files: Mapping[str, str]) -> str | None:
    """The title in the banners."""
    titles = {title_in(name, text) for name, text in files.items()} - {None}
    return titles.pop() if len(titles) == 1 else None


def _title_of(name: str, opened: int) -> str | None:
    content = _content(name, opened) if may_have_banner(name) else None
    return None if content is None else title_in(name, content.decode("utf-8", "replace"))


def _content(name: str, opened: int) -> bytes | None:
    """The content of a file; None if it is not a regular file, or larger than any generated
    file."""
    status = os.stat(name, dir_fd=opened, follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _BYTES_MAX:
        return None
    with os.fdopen(os.open(name, _READ, dir_fd=opened), "rb") as file:
        return file.read()


def _refuse_link(directory: Path) -> None:
    if directory.is_symlink():
        real = os.path.realpath(directory)
        raise Refused(f"`{directory}` is a symbolic link; use the directory it points to, `{real}`")


def _refuse_directories(directory: Path, opened: int, names: Iterable[str]) -> None:
    for name in names:
        if stat.S_ISDIR(os.stat(name, dir_fd=opened, follow_symlinks=False).st_mode):
            raise Refused(f"`{directory / name}` is a directory; move it away")


def _refuse_foreign(directory: Path, files: Mapping[str, str], changes: Changes) -> None:
    if not changes.foreign:
        return
    first, *others = (f"`{directory / name}`" for name in changes.foreign)
    more = f" and {len(others)} more" if others else ""
    verb = "were" if others else "was"
    raise Refused(
        f'{first}{more} {verb} not generated from "{_title(files)}"; choose another directory, '
        "move the existing files away, or replace them with `--force`"
    )


def _replace(opened: int, texts: Mapping[str, str]) -> None:
    """Write all files under temporary names, then rename each."""
    if not texts:
        return
    aside = f".mqbind-{secrets.token_hex(8)}"
    os.mkdir(aside, 0o700, dir_fd=opened)
    try:
        folder = os.open(aside, _DIRECTORY, dir_fd=opened)
        try:
            for name, text in texts.items():
                with os.fdopen(os.open(name, _WRITE, 0o666, dir_fd=folder), "wb") as file:
                    file.write(text.encode())
            for name in texts:
                os.replace(name, name, src_dir_fd=folder, dst_dir_fd=opened)
        finally:
            os.close(folder)
    finally:
        shutil.rmtree(aside, dir_fd=opened)

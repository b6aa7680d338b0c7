"""The user's cache. It contains compiled code, so its content is used only if nobody else can have
put it there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from platformdirs import user_cache_path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_LINKS_MAX = 40
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class NotPrivate(Exception):
    """Somebody else may have written the content; the message says why, without a full stop."""


def cache_path(name: str) -> Path:
    """The part of the cache called `name`, which need not exist."""
    return user_cache_path("mqbind") / name


def private_folder(path: Path) -> Path:
    """The folder at `path`, created if it is missing. Only the user can write there, and nobody
    else can replace it; otherwise raises NotPrivate or OSError."""
    if not path.is_absolute():
        raise NotPrivate(f"`{path}` is not an absolute path")
    _check_way(path.parent)
    status = _status(path)
    if not stat.S_ISDIR(status.st_mode):
        raise NotPrivate(f"`{path}` is not a directory")
    if status.st_uid != os.geteuid():
        raise NotPrivate(f"`{path}` belongs to another user")
    if status.st_mode & _OTHERS_WRITE:
        raise _open_to_others(path)
    return path


def is_private_file(path: Path) -> bool:
    """True if a file exists in a private folder, and belongs to the user."""
    try:
        return _is_private(path.lstat())
    except FileNotFoundError:
        return False


def read_private(path: Path) -> bytes:
    """The content of such a file; raises NotPrivate or OSError."""
    with os.fdopen(os.open(path, _READ), "rb") as file:
        if not _is_private(os.fstat(file.fileno())):
            raise NotPrivate(f"`{path}` was written by another user")
        return file.read()


def _is_private(status: os.stat_result) -> bool:
    mode = status.st_mode
    return stat.S_ISREG(mode) and status.st_uid == os.geteuid() and not mode & _OTHERS_WRITE


def _check_way(path: Path) -> None:
    """Every folder on the way to `path`, links included, belongs to root or the user, and only they
    can rename its entries."""
    at = Path(path.anchor)
    left = list(reversed(path.parts[1:]))
    links = 0
    _check_step(at, at.lstat())
    while left:
        name = left.pop()
        if name == "..":
            at = at.parent
            continue
        status = _status(at / name)
        if stat.S_ISLNK(status.st_mode):
            links += 1
            _check_owner(at / name, status)
            if links > _LINKS_MAX:
                raise NotPrivate(f"`{path}` leads through too many symbolic links")
            target = (at / name).readlink()
            left += reversed(target.parts[1:] if target.is_absolute() else target.parts)
            at = Path(target.anchor) if target.is_absolute() else at
            continue
        at /= name
        _check_step(at, status)


def _status(path: Path) -> os.stat_result:
    """The status of `path`, where a private folder is created if nothing exists."""
    try:
        return path.lstat()
    except FileNotFoundError:
        path.mkdir(mode=0o700, exist_ok=True)
        return path.lstat()


def _check_step(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    _check_owner(path, status)
    # In a sticky folder like /tmp, users can only rename their own files.
    if status.st_mode & _OTHERS_WRITE and not status.st_mode & stat.S_ISVTX:
        raise _open_to_others(path)


def _check_owner(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (0, os.geteuid()):
        raise NotPrivate(f"`{path}` belongs to another user")


def _open_to_others(path: Path) -> NotPrivate:
    return NotPrivate(f"`{path}` is writable by other users; run `chmod go-w {path}`")

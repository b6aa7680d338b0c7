"""What the user specifies in addition to the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to read a document.

    References are followed to files inside `root`, or else inside the folder that
    `folders.default_root` finds. `folders` map the start of a URI to a folder, which may then be
    read, too. `overlays` are files that change the document, one after the other. `server` names
    the server whose pathname precedes the addresses. `content` is the document itself, if that is
    in no file.
    """

    root: Path | None = None
    folders: Mapping[str, Path] = field(default_factory=dict)
    overlays: tuple[Path, ...] = ()
    server: str | None = None
    content: bytes | None = None

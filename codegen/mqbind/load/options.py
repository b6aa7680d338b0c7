"""What the user says beside the document itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to read a document.

    `folders` tell where the files of a remote place lie: the start of a URI and a folder.
    `overlays` are files that change the document, one after the other.
    """

    folders: Mapping[str, Path] = field(default_factory=dict)
    overlays: tuple[Path, ...] = ()

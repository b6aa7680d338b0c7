"""What a build system must know: which files are generated, and what they depend on."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from mqbind.emit.render import GENERATED_ABI
from mqbind.tools.engines import HOST, PACKAGE

_OTHER_FOLDERS = (PACKAGE / "c", HOST)
"""Folders of the package that no generated file depends on."""


def as_make_rule(directory: Path, outputs: Iterable[str], documents: Iterable[str]) -> str:
    """A make rule from all that the generated files depend on. Each prerequisite also gets an empty
    rule, as from `gcc -MP`: if it is gone, make generates again instead of giving up."""
    targets = " ".join(_make_path(directory.resolve() / name) for name in outputs)
    read = [_make_path(path) for path in (*_resolved(documents), *generator_files())]
    return "".join((f"{targets}: {' '.join(read)}\n", *(f"{path}:\n" for path in read)))


def as_json(outputs: Iterable[str], documents: Iterable[str]) -> str:
    """The names of the generated files, the documents that were read, and the generator. Its
    `digest` differs if the content of any of its files does, however old these files are."""
    files = generator_files()
    generator = {
        "version": metadata.version("mqbind"),
        "abi": GENERATED_ABI,
        "digest": _digest(files),
        "files": [str(path) for path in files],
    }
    read = [str(path) for path in _resolved(documents)]
    found = {"outputs": list(outputs), "documents": read, "generator": generator}
    return json.dumps(found, indent=1, ensure_ascii=False)


def generator_files() -> list[Path]:
    """The files that mqbind consists of. The path of its metadata contains the version, so an
    installation of another version is noticed even if its files are old."""
    code = (
        path
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not any(path.is_relative_to(folder) for folder in _OTHER_FOLDERS)
    )
    described = [str(path.locate()) for path in metadata.files("mqbind") or ()]
    return sorted([*code, *(Path(path) for path in described if path.endswith("/METADATA"))])


def _resolved(documents: Iterable[str]) -> list[Path]:
    return [Path(document).resolve() for document in documents]


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(b"%s %d " % (os.fsencode(path.name), len(content)) + content)
    return digest.hexdigest()


def _make_path(path: Path) -> str:
    """The path in a rule, for Make and Ninja; backslashes count double in front of a blank."""
    escaped = re.sub(r"(\\*)([ #])", r"\1\1\\\2", str(path))
    return escaped.replace("$", "$$")

"""Documents that are valid and hard to compile: odd names, every root, recursion, replies, servers.

Each shows one trait of documents that other people publish.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.codec import ROOT, STRICT

CORPUS = Path(__file__).parent
CHECK = CORPUS.parent / "protocols" / "asyncapi_parser" / "check.mjs"
DOCUMENTS = sorted(CORPUS.glob("*.yaml"))


def test_documents_are_asyncapi() -> None:
    done = subprocess.run(
        ["node", str(CHECK), *map(str, DOCUMENTS)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_document_compiles_without_a_warning(document: Path, tmp_path: Path) -> None:
    write(tmp_path, compile_schema(document, Diagnostics()).files)
    headers = tmp_path / "headers.cc"
    headers.write_text("".join(f'#include "{h.name}"\n' for h in sorted(tmp_path.glob("*.h"))))
    check_c("gcc", "-std=c11", sorted(tmp_path.glob("*.c")))
    check_c("clang", "-std=c11", sorted(tmp_path.glob("*.c")))
    check_c("g++", "-std=c++11", [headers])


def check_c(compiler: str, standard: str, files: list[Path]) -> None:
    command = [compiler, standard, *STRICT, "-fsyntax-only", "-I", str(ROOT / "include")]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

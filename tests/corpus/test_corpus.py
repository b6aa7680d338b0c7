"""Documents that are valid and hard to compile: odd names, every root, recursion, replies, servers.

Each shows one trait of documents that other people publish. Random ones show many at once.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.corpus.random_documents import random_document
from tests.support.compiler import ROOT, STRICT
from tests.support.scale import LONG

CORPUS = Path(__file__).parent
CHECK = CORPUS.parent / "protocols" / "asyncapi_parser" / "check.mjs"
DOCUMENTS = sorted(CORPUS.glob("*.yaml"))
RANDOM = 150 if LONG else 12


def test_documents_are_asyncapi() -> None:
    check_asyncapi(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_document_compiles_without_a_warning(document: Path, tmp_path: Path) -> None:
    compile_all(document, tmp_path)


def test_random_documents_compile_without_a_warning(tmp_path: Path) -> None:
    documents = [tmp_path / f"random_{seed}.json" for seed in range(RANDOM)]
    for seed, document in enumerate(documents):
        document.write_text(json.dumps(random_document(seed), ensure_ascii=False))
        compile_all(document, tmp_path / document.stem)
    check_asyncapi(documents)


def compile_all(document: Path, folder: Path) -> None:
    write(folder, compile_schema(document, Diagnostics()).files)
    headers = folder / "headers.cc"
    headers.write_text("".join(f'#include "{h.name}"\n' for h in sorted(folder.glob("*.h"))))
    check_c("gcc", "-std=c11", sorted(folder.glob("*.c")))
    check_c("clang", "-std=c11", sorted(folder.glob("*.c")))
    check_c("g++", "-std=c++11", [headers])


def check_asyncapi(documents: list[Path]) -> None:
    done = subprocess.run(
        ["node", str(CHECK), *map(str, documents)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def check_c(compiler: str, standard: str, files: list[Path]) -> None:
    command = [compiler, standard, *STRICT, "-fsyntax-only", "-I", str(ROOT / "include")]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

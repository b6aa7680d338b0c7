"""Documents that are valid and hard to compile: odd names, every root, recursion, replies, servers.

Each shows one trait of documents that other people publish.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

CORPUS = Path(__file__).parent
CHECK = CORPUS.parent / "protocols" / "asyncapi_parser" / "check.mjs"


def test_documents_are_asyncapi() -> None:
    documents = sorted(map(str, CORPUS.glob("*.yaml")))
    done = subprocess.run(["node", str(CHECK), *documents], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

"""The cases in tests/cases. Each is a folder with a schema, verdicts on payloads, and those of the
generated files that the case is about: the comment at the top of its schema says what it shows,
and names them after `# keeps:`.

`python -m tests.support.cases FOLDER [CASE...]` writes every file that the cases generate, to
FOLDER/CASE.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())
_KEEPS = re.compile(r"^# keeps: (.+)$", re.MULTILINE)


def schema(case: str) -> Path:
    return CASES / case / "schema.yaml"


def kept(case: str) -> list[str]:
    """The names of the generated files that the case keeps."""
    text = schema(case).read_text(encoding="utf-8")
    return [name.strip() for line in _KEEPS.findall(text) for name in line.split(",")]


def generate(case: str, folder: Path) -> Path:
    """Write all files that the schema of a case generates; returns the folder."""
    write(folder, compile_schema(schema(case), Diagnostics()).files)
    return folder


if __name__ == "__main__":
    for name in sys.argv[2:] or NAMES:
        generate(name, Path(sys.argv[1]) / name)

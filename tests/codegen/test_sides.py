"""What the files of the sides look like: each fact in them once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROTOCOLS = sorted(path.parent for path in ROOT.glob("generated/*/README.md"))
_PARAMETER = re.compile(r"struct mqb_parameter \w+(?:\[\])? = (\{.*?\});", re.DOTALL)
_ADDRESS = re.compile(r"struct mqb_address \w+ = \{\s*\.text = (\".*?\"),")


@pytest.mark.parametrize("folder", PROTOCOLS, ids=lambda folder: folder.name)
def test_each_parameter_and_each_address_is_one_table(folder: Path) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.c")))
    for table, sign in ((_PARAMETER, "struct mqb_parameter "), (_ADDRESS, "struct mqb_address ")):
        tables = table.findall(code)
        assert tables, table
        assert len(tables) == len(set(tables)) == len(re.findall(rf"{sign}\w+(?:\[\])? =", code))

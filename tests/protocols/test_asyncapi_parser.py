"""The schemas are AsyncAPI: its own parser, not ours, says so."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = Path(__file__).parent / "asyncapi_parser" / "check.mjs"


def check(*schemas: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["node", CHECK, *schemas], capture_output=True, text=True)


@pytest.mark.parametrize("schema", sorted((ROOT / "schema").glob("*.yaml")), ids=lambda p: p.stem)
def test_schema_is_asyncapi(schema: Path) -> None:
    done = check(schema)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_golden_cases_are_asyncapi() -> None:
    done = check(*sorted((ROOT / "tests" / "cases").glob("*/schema.yaml")))
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_no_asyncapi_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        (ROOT / "schema" / "folotoy.yaml").read_text().replace("channels:", "chan:", 1)
    )
    assert check(broken).returncode != 0

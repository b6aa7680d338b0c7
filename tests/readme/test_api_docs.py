"""What doxygen says of the headers that applications include: `make docs-api` without a warning."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.readme.pages import ROOT

DOXYFILE = ROOT / "docs" / "Doxyfile"
HEADERS = ROOT / "include" / "mqbind"


def doxygen(output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run with other options than those of the file, and without pages, which take longer."""
    quick = (f'OUTPUT_DIRECTORY = "{output}"', "GENERATE_HTML = NO", "GENERATE_XML = YES")
    configuration = "\n".join((DOXYFILE.read_text(), *quick, *options))
    return subprocess.run(
        ["doxygen", "-"], input=configuration, cwd=ROOT, capture_output=True, text=True
    )


def test_public_headers_are_documented(tmp_path: Path) -> None:
    done = doxygen(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    documented = (tmp_path / "xml" / "mqbind_8h.xml").read_text()
    assert "<name>mqb_client_receive</name>" in documented


def test_an_undocumented_function_is_reported(tmp_path: Path) -> None:
    header = tmp_path / "version.h"
    lines = (HEADERS / "version.h").read_text().splitlines(keepends=True)
    place = lines.index("const char *mqb_version(void);\n")
    assert lines[place - 1].startswith("/**")
    header.write_text("".join(lines[: place - 1] + lines[place:]))
    done = doxygen(tmp_path, f'INPUT = "{header}"')
    assert done.returncode != 0
    assert "mqb_version" in done.stderr and "not documented" in done.stderr


def test_comments_of_generated_headers_are_valid(tmp_path: Path) -> None:
    """Descriptions come from schemas, so that not everything has one."""
    folders = [HEADERS, *sorted(path for path in (ROOT / "generated").iterdir() if path.is_dir())]
    inputs = " ".join(f'"{folder}"' for folder in folders)
    done = doxygen(tmp_path, f"INPUT = {inputs}", "WARN_IF_UNDOCUMENTED = NO")
    assert (done.returncode, done.stderr) == (0, "")

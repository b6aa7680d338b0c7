"""Formatters and linters over our sources: `python -m tests.support.lint` formats in place."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.prefix) / "bin"
C_FOLDERS = ("codegen", "examples", "include", "runtime", "tests")
PYTHON_FOLDERS = ("codegen", "examples", "tests")
SHELL_FOLDERS = (".ci", "tests/support")

Command = tuple[str, ...]


def c_files() -> list[str]:
    """Our C sources; what the generator writes has its own layout."""
    files = [
        path
        for folder in C_FOLDERS
        for path in (ROOT / folder).rglob("*.[ch]")
        if not {"generated", "node_modules"} & set(path.parts)
    ]
    return sorted(str(path.relative_to(ROOT)) for path in files)


def shell_scripts() -> list[str]:
    """Programs have no suffix."""
    return sorted(
        str(path.relative_to(ROOT))
        for folder in SHELL_FOLDERS
        for path in (ROOT / folder).iterdir()
        if path.is_file() and path.suffix in ("", ".sh")
    )


def checks() -> dict[str, Command]:
    """Commands that fail on a finding and change nothing, by name."""
    ruff, clang_format = str(BIN / "ruff"), str(BIN / "clang-format")
    return {
        "ruff format": (ruff, "format", "--check", *PYTHON_FOLDERS),
        "ruff check": (ruff, "check", *PYTHON_FOLDERS),
        "mypy": (str(BIN / "mypy"),),
        "clang-format": (clang_format, "--dry-run", "-Werror", *c_files()),
        "shellcheck": ("shellcheck", "--external-sources", *shell_scripts()),
    }


def fixes() -> list[Command]:
    """Commands that put things right."""
    ruff, clang_format = str(BIN / "ruff"), str(BIN / "clang-format")
    return [
        (ruff, "check", "--fix-only", *PYTHON_FOLDERS),
        (ruff, "format", *PYTHON_FOLDERS),
        (clang_format, "-i", *c_files()),
    ]


if __name__ == "__main__":
    for command in fixes():
        subprocess.run(command, cwd=ROOT, check=True)

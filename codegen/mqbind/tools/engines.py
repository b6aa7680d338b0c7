"""The engines that read JSON, and where the C of the runtime is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

HOST = PACKAGE / "host"
"""The C of the program behind `mqbind replay`."""

FUZZ_DRIVER = PACKAGE / "fuzz"
"""The C that every fuzz target shares."""

ENGINES: Mapping[str, tuple[str, ...]] = {"jsmn": (), "direct": ("-DMQB_PARSER_DIRECT",)}
"""The default first, each with the options that a program with it takes."""


def c_folder() -> Path:
    """Where `include` and `runtime` are: inside the installed package, or else the repository."""
    packaged = PACKAGE / "c"
    return packaged if packaged.is_dir() else PACKAGE.parents[1]


def known() -> list[str]:
    """The engines that this runtime has."""
    runtime = c_folder() / "runtime"
    return [name for name in ENGINES if (runtime / f"reader_{name}.c").exists()]


def is_of_another(stem: str, engine: str) -> bool:
    """True for a source of the runtime that a program with `engine` does without."""
    return stem.startswith(tuple(f"reader_{other}" for other in ENGINES if other != engine))

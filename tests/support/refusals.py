"""A list of what mqbind refuses to compile, with the reasons; it is kept beside the tests.

The list is a golden: `--accept` takes over what is refused now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


def read(file: Path) -> dict[str, str]:
    """The reasons by name."""
    lines = file.read_text().splitlines() if file.exists() else []
    rows = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {name: reason for name, _, reason in rows}


def write(file: Path, heading: str, refused: Mapping[str, str]) -> None:
    rows = (f"{name}: {reason}\n" for name, reason in sorted(refused.items()))
    file.write_text(f"# {heading}\n\n{''.join(rows)}")


def differences(listed: Mapping[str, str], refused: Mapping[str, str]) -> list[str]:
    """What joined the list, left it, or is refused for another reason."""
    return [
        *(f"refused now: {name}: {refused[name]}" for name in _without(refused, listed)),
        *(f"no longer refused: {name}" for name in _without(listed, refused)),
        *(
            f"another reason: {name}: {refused[name]}"
            for name in refused
            if name in listed and listed[name] != refused[name]
        ),
    ]


def _without(names: Iterable[str], others: Mapping[str, str]) -> list[str]:
    return [name for name in names if name not in others]

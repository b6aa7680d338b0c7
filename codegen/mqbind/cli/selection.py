"""What the user says of a planned protocol: its parameters and roles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from mqbind.cli.options import pairs
from mqbind.pipeline import Planned


def parameter_values(planned: Planned, parameters: tuple[str, ...]) -> Mapping[str, str]:
    """The given values of topic parameters."""
    values = pairs(parameters, "--parameter", "NAME=VALUE")
    known = planned.parameters
    for name in values:
        if name not in known:
            raise click.BadParameter(
                f"no topic has a parameter `{name}`; known: {', '.join(known) or 'none'}",
                param_hint="--parameter",
            )
    return values


def check_role(role: str, known: list[str], schema: Path) -> None:
    if role not in known:
        raise click.UsageError(f"{schema} has no role `{role}`; known: {', '.join(known)}")

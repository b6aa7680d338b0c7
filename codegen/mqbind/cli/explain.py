"""`mqbind explain`."""

from __future__ import annotations

import difflib

import click

from mqbind.rules import PAGE, Rule, explanation


@click.command()
@click.argument("rule", metavar="RULE")
def explain(rule: str) -> None:
    """Explain RULE, the id or name of a diagnostic: what it means, an example, and a fix."""
    wanted = rule.lower()
    found = next((each for each in Rule if wanted in (each.id.lower(), each.slug)), None)
    if found is None:
        raise click.BadParameter(f"unknown diagnostic `{rule}`; {_hint(wanted)}", param_hint="RULE")
    click.echo(explanation(found))


def _hint(wanted: str) -> str:
    near = difflib.get_close_matches(wanted, [rule.slug for rule in Rule], n=1)
    return f"did you mean `{near[0]}`?" if near else f"all are listed in {PAGE}"

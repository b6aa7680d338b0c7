"""Prove the contracts of the runtime, then see that seeded mistakes make a goal fail.

`python -m tests.prove.run_prove` proves all and tries each mistake; `--no-bugs` only proves. Exits
with 1 if a goal fails that goals.toml does not explain, if one is proved that it explains, if less
than 95 % are proved, or if a mistake goes unnoticed.
"""

import argparse
import sys

from tests.prove import bugs, proofs

LEAST_SHARE = 0.95


def prove_all(table: proofs.Table) -> list[str]:
    """Print a line for each file; return what is wrong."""
    total = proofs.Result()
    for source in table.sources:
        result = proofs.prove(source)
        print(f"{source.path:24} {len(source.functions):3} functions  {share(result)}", flush=True)
        total += result
    print(f"{'all':24} {'':13}  {share(total)}")
    wrong = compare(total, table)
    if total.count(total.proved) < LEAST_SHARE * total.count(total.goals):
        wrong.append(f"less than {LEAST_SHARE:.0%} of the goals are proved")
    return wrong


def share(result: proofs.Result) -> str:
    proved, goals = result.count(result.proved), result.count(result.goals)
    return f"{proved:4} of {goals:4} goals proved, {proved / goals:.1%}"


def compare(total: proofs.Result, table: proofs.Table) -> list[str]:
    """Where the outcome and the table of what is not proved differ."""
    explained = table.unproved.keys()
    return [
        *(f"not proved: {goal}" for goal in sorted(total.unproved - explained)),
        *(f"proved, but listed: {goal}" for goal in sorted(explained & total.proved)),
        *(f"listed, but no goal: {goal}" for goal in sorted(explained - total.goals.keys())),
    ]


def try_bugs(table: proofs.Table) -> list[str]:
    """Print a line for each seeded mistake; return what is wrong."""
    wrong = []
    for bug in bugs.read_bugs():
        failed = sorted(bugs.failed_goals(bug, table))
        print(f"{bug.name}: {', '.join(failed) or 'UNNOTICED'}", flush=True)
        if not failed:
            wrong.append(f"no goal fails: {bug.name}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-bugs", action="store_true", help="only prove the runtime")
    options = parser.parse_args()
    table = proofs.read_table()
    try:
        wrong = prove_all(table)
        if not options.no_bugs:
            wrong += try_bugs(table)
    except (proofs.ProofError, OSError, ValueError) as error:
        wrong = [str(error)]
    for line in wrong:
        print(f"error: {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

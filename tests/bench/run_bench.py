"""Count the instructions of decoding and encoding, beside those of jsmn and cJSON; and code sizes.

Instructions, not seconds: valgrind's callgrind gives the same number on a busy machine. Each figure
is the difference between 300 and 100 repetitions, divided by 200.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "release"
PROGRAM = BUILD / "tests" / "bench" / "bench"
MESSAGES = {
    "settings": "FoloToy updatecommonconfig",
    "voice": "FoloToy voice_generated",
    "update": "ThingsPanel OTA task",
}
WORKS = {
    "jsmn": "jsmn alone: tokens only",
    "cjson": "cJSON parse and delete",
    "decode": "decode: strict, checked, in a struct",
    "encode": "encode: checked",
}
FEW, MANY = 100, 300


def count(work: str, message: str) -> int:
    """Instructions of one repetition."""
    few, many = (_run(work, message, number) for number in (FEW, MANY))
    return (many - few) // (MANY - FEW)


def _run(work: str, message: str, number: int) -> int:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*command, str(PROGRAM), work, message, str(number)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert found, done.stderr
    return int(found[1])


def payload_bytes(message: str) -> int:
    done = subprocess.run(
        [str(PROGRAM), "decode", message, "1"], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def code_bytes(library: Path) -> int:
    """Code and constants of a static library."""
    done = subprocess.run(["size", "-t", str(library)], check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1].split()[0])


def main() -> None:
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed")
    print(f"| instructions | {' | '.join(MESSAGES.values())} |")
    print("|---|" + "---|" * len(MESSAGES))
    sizes = [f"{payload_bytes(message)} bytes" for message in MESSAGES]
    print(f"| payload | {' | '.join(sizes)} |")
    for work, title in WORKS.items():
        counts = [f"{count(work, message):,}" for message in MESSAGES]
        print(f"| {title} | {' | '.join(counts)} |")
    print()
    print("| code and constants, bytes | |")
    print("|---|---|")
    for name in ("runtime/libmqbind_runtime.a", "generated/libmqbind_folotoy.a"):
        print(f"| {Path(name).stem.removeprefix('lib')} | {code_bytes(BUILD / name):,} |")


if __name__ == "__main__":
    main()

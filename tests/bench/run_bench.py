"""Count the instructions of decoding and encoding, beside those of jsmn and cJSON; and code sizes.

Instructions, not seconds: valgrind's callgrind gives the same number on a busy machine. Each figure
is the difference between 300 and 100 repetitions, divided by 200.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

MESSAGES = {
    "settings": "FoloToy updatecommonconfig",
    "voice": "FoloToy voice_generated",
    "update": "ThingsPanel OTA task",
}
WORKS = {
    ("jsmn", "jsmn"): "jsmn alone: tokens only",
    ("jsmn", "cjson"): "cJSON parse and delete",
    ("jsmn", "decode"): "decode: strict, checked, in a struct",
    ("direct", "decode"): "the same with the direct engine",
    ("jsmn", "encode"): "encode: checked",
}
"""Engine of the reader and piece of work."""
FEW, MANY = 100, 300


LIBRARIES = {
    "mqbind_runtime": "runtime/libmqbind_runtime.a",
    "mqbind_folotoy, all three sides": "generated/libmqbind_folotoy.a",
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """The benchmark as it was built."""

    build_dir: Path

    def count(self, parser: str, work: str, message: str) -> int:
        """Instructions of one repetition."""
        few, many = (self._instructions(parser, work, message, number) for number in (FEW, MANY))
        return (many - few) // (MANY - FEW)

    def payload_bytes(self, message: str) -> int:
        """Length of the payload."""
        return int(self._run([], "jsmn", "decode", message, 1).stdout)

    def code_bytes(self, library: str) -> int:
        """Code and constants of a static library."""
        command = ["size", "-t", str(self.build_dir / library)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return int(done.stdout.splitlines()[-1].split()[0])

    def _instructions(self, parser: str, work: str, message: str, number: int) -> int:
        counter = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        told = self._run(counter, parser, work, message, number).stderr
        found = re.search(r"Collected : (\d+)", told)
        if not found:
            raise SystemExit(f"valgrind did not count:\n{told}")
        return int(found[1])

    def _run(
        self, wrapper: list[str], parser: str, work: str, message: str, number: int
    ) -> subprocess.CompletedProcess[str]:
        program = self.build_dir / "tests" / "bench" / f"bench_{parser}"
        command = [*wrapper, str(program), work, message, str(number)]
        return subprocess.run(command, check=True, capture_output=True, text=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build-dir", type=Path, required=True, help="where bench is built")
    bench = Bench(build_dir=parser.parse_args().build_dir)
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed")
    print(f"| instructions | {' | '.join(MESSAGES.values())} |")
    print("|---|" + "---|" * len(MESSAGES))
    sizes = [f"{bench.payload_bytes(message)} bytes" for message in MESSAGES]
    print(f"| payload | {' | '.join(sizes)} |")
    for (engine, work), title in WORKS.items():
        counts = [f"{bench.count(engine, work, message):,}" for message in MESSAGES]
        print(f"| {title} | {' | '.join(counts)} |")
    print("\n| static library | code and constants |")
    print("|---|---|")
    for title, library in LIBRARIES.items():
        print(f"| {title} | {bench.code_bytes(library):,} bytes |")


if __name__ == "__main__":
    main()

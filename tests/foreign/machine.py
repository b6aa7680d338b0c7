"""A machine unlike the one that tests run on: a 32-bit PowerPC, in an emulator.

Its pointers have 32 bits, the highest byte of a number comes first in memory, and `char` has no
sign. Whatever the C code takes for granted of the other machine shows here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mqbind.tools.engines import runtime_options, runtime_sources
from tests.support.codec import STRICT, engine_options
from tests.support.jsmn import copy_jsmn

FOREIGN = "powerpc-linux-gnu-gcc"
NATIVE = "gcc"
EMULATOR = "qemu-ppc"


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The runtime with one engine, compiled in one way, in a folder of its own."""

    compiler: str
    parser: str
    optimization: str
    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "libmqbind.a"

    def build(self) -> None:
        copy_jsmn(self.folder)
        objects = self.compile(runtime_sources(self.parser, "loopback"))
        _run("ar", "rcs", self.archive, *objects)

    def compile(self, sources: Iterable[Path], *options: str | Path) -> list[Path]:
        """Objects of these files; every warning is an error."""

        def compile_one(source: Path) -> Path:
            compiled = self.folder / f"{source.stem}.o"
            self._compile("-c", source, "-o", compiled, *options)
            return compiled

        with ThreadPoolExecutor() as pool:
            return list(pool.map(compile_one, sources))

    def link(self, name: str, files: Iterable[Path], *options: str | Path) -> Path:
        """A program that needs no library of the machine."""
        program = self.folder / name
        self._compile(*files, self.archive, "-static", "-o", program, *options)
        return program

    def _compile(self, *arguments: str | Path) -> None:
        _run(
            *(self.compiler, "-std=c11", *STRICT, self.optimization, *engine_options(self.parser)),
            *(*runtime_options(), "-isystem", str(self.folder)),
            *arguments,
        )


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

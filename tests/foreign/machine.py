"""A machine unlike the one that tests run on: a 32-bit PowerPC, in an emulator.

Its pointers have 32 bits, the highest byte of a number comes first in memory, and `char` has no
sign. Whatever the C code takes for granted of the other machine shows here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mqbind.tools.engines import runtime_options
from tests.support.compiler import ROOT, STRICT, compile_each, engine_options, run, runtime_archive
from tests.support.jsmn import copy_jsmn

FOREIGN = "powerpc-linux-gnu-gcc"
NATIVE = "gcc"
EMULATOR = "qemu-ppc"


JSMN = ROOT / "build" / "jsmn"
"""The folder of jsmn.h: always the same one, so that the runtime is compiled once."""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The runtime with one engine, compiled in one way; programs with it go to a folder."""

    compiler: str
    parser: str
    optimization: str
    folder: Path

    def compile(self, sources: Iterable[Path], *options: str | Path) -> list[Path]:
        """Objects of these files; every warning is an error."""
        command = [*self._command(), *self._options(), *map(str, options)]
        return compile_each(command, sources, self.folder)

    def link(self, name: str, files: Iterable[Path], *options: str | Path) -> Path:
        """A program that needs no library of the machine."""
        program = self.folder / name
        command = [*self._command(), "-static"]
        archive = runtime_archive(self._command(), self.parser)
        run(*command, *self._options(), *files, archive, "-o", program, *options)
        return program

    def _command(self) -> list[str]:
        copy_jsmn(JSMN)
        return [self.compiler, "-std=c11", *STRICT, self.optimization, "-isystem", str(JSMN)]

    def _options(self) -> tuple[str, ...]:
        return (*engine_options(self.parser), *runtime_options())

"""The C compiler: builds a program from generated code and the runtime, or assembly to inspect."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mqbind.cache import NotPrivate, cache_path, is_private_file, private_folder
from mqbind.tools.engines import (
    ENGINES,
    HOST,
    c_folder,
    runtime_headers,
    runtime_options,
    runtime_sources,
)

_FLAGS = ("-std=c11", "-O1", "-DMQB_PATH_BYTES=4096")
"""Paths in errors are not cut: there is enough memory here."""

_FILES_MAX = 64
"""The number of programs, and of runtimes for them, kept in the cache: the most recently used."""


class BuildFailed(Exception):
    """The program could not be built; the message says why, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Toolchain:
    """A C compiler with its options, as `CC` names it."""

    command: tuple[str, ...]
    identity: str

    def run(self, *arguments: str | Path) -> str:
        """What the compiler prints; raises BuildFailed if it fails."""
        command = [*self.command, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            raise BuildFailed(_reason(self.command[0], done.stderr))
        return done.stdout

    @property
    def target(self) -> str:
        """What it compiles for: "x86_64-linux-gnu"."""
        return self.run("-dumpmachine").strip()


def find() -> Toolchain:
    """The compiler in `CC`, or else `cc`."""
    try:
        command = tuple(shlex.split(os.environ.get("CC", ""))) or ("cc",)
    except ValueError as error:
        raise BuildFailed(f"the environment variable CC is not a command: {error}") from None
    path = shutil.which(command[0])
    if path is None:
        raise BuildFailed(
            f"cannot find the C compiler `{command[0]}`; install one (Debian: apt-get install gcc "
            "libc6-dev), or set the environment variable CC"
        )
    status = Path(path).stat()
    identity = f"{command} {Path(path).resolve()} {status.st_mtime_ns} {status.st_size}"
    return Toolchain(command=command, identity=identity)


def includes() -> tuple[str, ...]:
    """Options with which generated code finds its headers."""
    return ("-I", str(c_folder() / "include"), "-I", str(HOST))


def build(texts: Mapping[str, str], parser: str, spare: Path) -> Path:
    """The host program of these generated files: from the cache, or compiled. It is in the folder
    `spare` if the cache cannot be written."""
    toolchain = find()
    try:
        cache = private_folder(cache_path("hosts"))
        spare = private_folder(spare)
    except OSError:
        cache = spare
    except NotPrivate as error:
        elsewhere = "set the environment variable XDG_CACHE_HOME to another directory"
        raise BuildFailed(f"the cache is not safe to use: {error}; or {elsewhere}") from None
    builder = _Builder(toolchain=toolchain, cache=cache, spare=spare, parser=parser)
    program = builder.program(texts)
    with suppress(OSError):
        _forget_oldest(cache)
    return program


@dataclass(frozen=True, kw_only=True)
class _Builder:
    """Builds what is not in the cache. A file there is named after everything it was made from."""

    toolchain: Toolchain
    cache: Path
    spare: Path
    parser: str

    def program(self, texts: Mapping[str, str]) -> Path:
        runtime = self._runtime()
        host = sorted(HOST.iterdir())
        generated = [part.encode() for pair in sorted(texts.items()) for part in pair]
        inputs = [runtime.name.encode(), *(path.read_bytes() for path in host), *generated]

        def make(folder: Path, result: Path) -> None:
            for name, text in texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            sources = [*folder.glob("*.c"), HOST / "host.c"]
            objects = self._compile(folder, sources, ("-I", str(folder)))
            self.toolchain.run(*objects, runtime, "-o", result)

        return self._cached(inputs, make)

    def _runtime(self) -> Path:
        """The runtime with one engine, without the transport that needs libmosquitto, as one
        object file."""
        sources = runtime_sources(self.parser, "loopback")
        words = [word.encode() for word in (self.toolchain.identity, *self._flags)]

        def make(folder: Path, result: Path) -> None:
            objects = self._compile(folder, sources, runtime_options())
            self.toolchain.run("-r", "-nostdlib", *objects, "-o", result)

        return self._cached(
            [*words, *(p.read_bytes() for p in (*sources, *runtime_headers()))], make
        )

    @property
    def _flags(self) -> tuple[str, ...]:
        jsmn = os.environ.get("JSMN_INCLUDE_DIR")
        return (*_FLAGS, *ENGINES[self.parser], *(("-isystem", jsmn) if jsmn else ()))

    def _cached(self, inputs: Iterable[bytes], make: Callable[[Path, Path], None]) -> Path:
        digest = hashlib.sha256()
        for data in inputs:
            digest.update(b"%d " % len(data) + data)
        found = self.cache / digest.hexdigest()
        if not is_private_file(found):
            with self._folder() as folder:
                result = Path(folder) / "result"
                make(Path(folder), result)
                result.chmod(0o700)
                found = Path(folder).parent / found.name
                result.replace(found)
        with suppress(OSError):
            os.utime(found)
        return found

    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """A new folder in the cache, or in the spare one."""
        try:
            return tempfile.TemporaryDirectory(dir=self.cache)
        except OSError:
            return tempfile.TemporaryDirectory(dir=self.spare)

    def _compile(
        self, folder: Path, sources: Sequence[Path], options: Sequence[str]
    ) -> Sequence[Path]:
        def compile_one(source: Path) -> Path:
            result = folder / f"{source.stem}.o"
            self.toolchain.run(*self._flags, *includes(), *options, "-c", source, "-o", result)
            return result

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(compile_one, sources))


def _reason(compiler: str, stderr: str) -> str:
    if "jsmn.h" in stderr:
        return (
            "cannot find the header jsmn.h; install it (Debian: apt-get install libjsmn-dev), or "
            "set the environment variable JSMN_INCLUDE_DIR to its directory"
        )
    errors = [line for line in stderr.splitlines() if "error" in line] or stderr.splitlines()
    return f"`{compiler}` failed: {errors[0] if errors else 'it printed no error'}"


def _forget_oldest(cache: Path) -> None:
    files = [path for path in cache.iterdir() if path.is_file()]
    files.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in files[_FILES_MAX:]:
        path.unlink(missing_ok=True)

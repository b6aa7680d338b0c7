"""The C compiler: generated code and the runtime become a program, or assembly to look at."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

PACKAGE = Path(__file__).resolve().parents[1]
HOST = PACKAGE / "host"

_ENGINES: Mapping[str, tuple[str, ...]] = {"jsmn": (), "direct": ("-DMQB_PARSER_DIRECT",)}
"""The engines that read JSON, the default first, and the options that a program with one takes."""

_FLAGS = ("-std=c11", "-O1", "-DMQB_PATH_BYTES=4096")
"""An error's path is told to its end: there is memory enough here."""

_PROGRAMS_MAX = 64
"""Programs that stay in the cache, the last used ones."""


class BuildFailed(Exception):
    """There is no program; the text says why, in one sentence."""


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
        raise BuildFailed(f"the variable CC is no command: {error}") from None
    path = shutil.which(command[0])
    if path is None:
        raise BuildFailed(
            f"the C compiler `{command[0]}` is missing; install one (Debian: apt-get install gcc "
            "libc6-dev) or name it in the variable CC"
        )
    status = Path(path).stat()
    identity = f"{command} {Path(path).resolve()} {status.st_mtime_ns} {status.st_size}"
    return Toolchain(command=command, identity=identity)


def includes() -> tuple[str, ...]:
    """Options with which generated code finds its headers."""
    return ("-I", str(_c_folder() / "include"), "-I", str(HOST))


def parsers() -> list[str]:
    """The engines that this runtime has."""
    runtime = _c_folder() / "runtime"
    return [name for name in _ENGINES if (runtime / f"reader_{name}.c").exists()]


def build(texts: Mapping[str, str], parser: str) -> Path:
    """The host program of these generated files: from the cache, or compiled."""
    toolchain = find()
    cache = _cache_folder()
    sources = _sources(parser)
    flags = (*_FLAGS, *_ENGINES[parser])
    program = cache / _key([toolchain.identity, *flags], [*sources, *_headers()], texts)
    if not program.exists():
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _compile(toolchain, Path(folder), texts, sources, flags).replace(program)
    os.utime(program)
    _forget_oldest(cache)
    return program


def _c_folder() -> Path:
    """Where `include` and `runtime` are: inside the installed package, or else the repository."""
    packaged = PACKAGE / "c"
    return packaged if packaged.is_dir() else PACKAGE.parents[1]


def _sources(parser: str) -> list[Path]:
    """The runtime with one engine, without the transport that needs libmosquitto, and the host."""
    runtime = (_c_folder() / "runtime").glob("*.c")
    return [*sorted(path for path in runtime if _is_used(path.stem, parser)), HOST / "host.c"]


def _is_used(stem: str, parser: str) -> bool:
    others = set(_ENGINES) - {parser}
    return not stem.startswith(("transport_mosquitto", *(f"reader_{other}" for other in others)))


def _headers() -> list[Path]:
    folder = _c_folder()
    found = (*(folder / "include").rglob("*.h"), *(folder / "runtime").glob("*.h"))
    return [*sorted(found), HOST / "host.h"]


def _cache_folder() -> Path:
    folder = user_cache_path("mqbind") / "hosts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BuildFailed(
            f"cannot write the cache {folder}: {error.strerror}; name another folder in the "
            "variable XDG_CACHE_HOME"
        ) from None
    return folder


def _key(words: Sequence[str], files: Sequence[Path], texts: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    parts = [*(word.encode() for word in words), *(path.read_bytes() for path in files)]
    for part in (*parts, *(text.encode() for pair in texts.items() for text in pair)):
        digest.update(b"%d " % len(part))
        digest.update(part)
    return digest.hexdigest()


def _compile(
    toolchain: Toolchain,
    folder: Path,
    texts: Mapping[str, str],
    sources: Iterable[Path],
    flags: Sequence[str],
) -> Path:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    generated = [folder / name for name in texts if name.endswith(".c")]
    options = [*flags, *includes(), "-I", str(_c_folder() / "runtime"), "-I", str(folder)]
    if jsmn := os.environ.get("JSMN_INCLUDE_DIR"):
        options += ["-isystem", jsmn]

    def compile_one(numbered: tuple[int, Path]) -> Path:
        number, source = numbered
        result = folder / f"{number}.o"
        toolchain.run(*options, "-c", source, "-o", result)
        return result

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        objects = list(pool.map(compile_one, enumerate([*sources, *generated])))
    program = folder / "host"
    toolchain.run(*objects, "-o", program)
    return program


def _reason(compiler: str, stderr: str) -> str:
    if "jsmn.h" in stderr:
        return (
            "the header jsmn.h is missing; install it (Debian: apt-get install libjsmn-dev) or "
            "name its folder in the variable JSMN_INCLUDE_DIR"
        )
    errors = [line for line in stderr.splitlines() if "error" in line] or stderr.splitlines()
    return f"`{compiler}` cannot compile this: {errors[0] if errors else 'it gives no reason'}"


def _forget_oldest(cache: Path) -> None:
    programs = [path for path in cache.iterdir() if path.is_file()]
    programs.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in programs[_PROGRAMS_MAX:]:
        path.unlink(missing_ok=True)

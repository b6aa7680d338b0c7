"""What the MISRA addon of cppcheck finds in C files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.lint import BIN, ROOT

ENGINES = {
    "jsmn": ("MQB_PARSER_JSMN",),
    "direct": ("MQB_PARSER_DIRECT",),
    "speed": ("MQB_PARSER_DIRECT", "MQB_PROFILE_SPEED"),
}
"""The macros that cppcheck defines for each: MQB_PARSER_JSMN means nothing, but with one defined
cppcheck looks at one configuration instead of at all."""

_PAHO = ("MQTTAsync.h", "MQTTProperties.h", "MQTTReasonCodes.h")
_FOREIGN = ("jsmn.h", "mosquitto.h", "mqtt_protocol.h", *_PAHO)
"""Headers of libraries: without them cppcheck takes what they declare for undeclared."""

_POSIX = (
    "int fcntl(int file, int command, ...);\n"
    "void freeaddrinfo(void *found);\n"
    "int inet_pton(int family, const char *text, void *address);\n"
    "int ioctl(int file, unsigned long request, ...);\n"
    "int shutdown(int socket, int how);\n"
)
"""Functions of POSIX that cppcheck's list of them lacks."""

_FAILED = re.compile(r":(?:internalError|syntaxError|preprocessorErrorDirective)$", re.MULTILINE)
_FOUND = re.compile(r"(?P<file>[^:]+):(?P<line>\d+):misra-c2012-(?P<rule>\d+\.\d+)")


@dataclass(frozen=True, kw_only=True, order=True)
class Hit:
    """A rule, and the line that breaks it."""

    file: str
    line: int
    rule: str


def scan(files: Sequence[Path], engine: str, folder: Path, root: Path = ROOT) -> set[Hit]:
    """Every hit in the files and in the headers that they include; `folder` is for cppcheck."""
    foreign = folder / "headers"
    foreign.mkdir(parents=True, exist_ok=True)
    for name in _FOREIGN:
        shutil.copy(Path("/usr/include") / name, foreign)
    (foreign / "posix.h").write_text(_POSIX)
    for openssl in (
        Path("/usr/include/openssl"),
        *Path("/usr/include").glob("*-linux-gnu/openssl"),
    ):
        shutil.copytree(openssl, foreign / "openssl", dirs_exist_ok=True)
    folders = {path.parent for path in files if not path.is_relative_to(ROOT / "runtime")}
    ours = [ROOT / "include", ROOT / "runtime", *sorted(folders)]
    command = [
        *(str(BIN / "cppcheck"), "--quiet", "--addon=misra", "--std=c11", "--platform=unix64"),
        *("--enable=style", "--inconclusive", "--library=posix", f"--cppcheck-build-dir={folder}"),
        *("--suppress=missingIncludeSystem", "--template={file}:{line}:{id}"),
        f"--include={os.path.relpath(foreign / 'posix.h', root)}",
        *(f"-j{os.cpu_count() or 1}", *(f"-D{macro}=1" for macro in ENGINES[engine])),
        *(f"-I{os.path.relpath(path, root)}" for path in (*ours, foreign)),
        *(os.path.relpath(path, root) for path in files),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode != 0 or _FAILED.search(done.stderr):
        raise RuntimeError(f"cppcheck failed: {done.stdout}{done.stderr}")
    return hits(done.stderr.splitlines())


def hits(lines: Iterable[str]) -> set[Hit]:
    """Those in the output of cppcheck; what it finds beside them is not MISRA's."""
    return {
        Hit(file=found["file"], line=int(found["line"]), rule=found["rule"])
        for found in map(_FOUND.fullmatch, lines)
        if found
    }

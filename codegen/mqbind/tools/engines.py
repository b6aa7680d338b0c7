"""The engines that read JSON, and the C files of the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

HOST = PACKAGE / "host"
"""The C of the program behind `mqbind replay`."""

ENGINES: Mapping[str, tuple[str, ...]] = {"jsmn": (), "direct": ("-DMQB_PARSER_DIRECT",)}
"""The compiler options for each engine; the default engine comes first."""

PROFILES: Mapping[str, tuple[str, ...]] = {
    **ENGINES,
    "speed": (*ENGINES["direct"], "-DMQB_PROFILE_SPEED"),
}
"""The options for each way in which generated code can read; `speed` uses the engine `direct`."""

_SHARED = ("announced", "outbox", "queue")
"""What all transports may use."""

_POSIX = ("mosquitto", "paho")
"""The transports that use the files named `posix`."""


def c_folder() -> Path:
    """Where `include` and `runtime` are: inside the installed package, or else the repository."""
    packaged = PACKAGE / "c"
    return packaged if packaged.is_dir() else PACKAGE.parents[1]


def known() -> list[str]:
    """The engines that this runtime has."""
    return [name for name in ENGINES if (_runtime() / "payload" / name).is_dir()]


def runtime_options() -> tuple[str, ...]:
    """What the compiler needs to find the headers of the runtime."""
    return ("-I", str(c_folder() / "include"), "-I", str(_runtime()))


def runtime_headers() -> list[Path]:
    """The public headers and those of the runtime."""
    folders = (c_folder() / "include", _runtime())
    return sorted(path for folder in folders for path in folder.rglob("*.h"))


def runtime_sources(engine: str, *transports: str) -> list[Path]:
    """The runtime with one engine and these transports: `loopback`, `mosquitto`, `paho`."""
    posix = ("posix",) if set(_POSIX) & set(transports) else ()
    prefixes = (*_SHARED, *posix, *transports)
    others = tuple(_runtime() / "payload" / other for other in ENGINES if other != engine)
    return sorted(
        path
        for path in _runtime().rglob("*.c")
        if path.parent not in others
        and (path.parent.name != "transport" or path.name.startswith(prefixes))
    )


def _runtime() -> Path:
    return c_folder() / "runtime"

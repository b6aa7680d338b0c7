"""The runtime as one source file and one header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from mqbind.tools.engines import c_folder, runtime_sources

BANNER = "/* Written by `mqbind amalgamate`."
"""How each file begins, so that it may be replaced."""

_ABOUT = """\
 * The runtime of mqbind {version} as {what}.
 *
 *   cc -c mqbind.c                        the engine over jsmn; needs jsmn.h
 *   cc -c -DMQB_PARSER_DIRECT mqbind.c    the engine that needs no tokens
 *   cc -c -DMQB_MOSQUITTO ...             with the transport over libmosquitto
 *
 * Compile generated code with the same MQB_PARSER_DIRECT and limits, and let it find `mqbind/`:
 * the headers there have the names that it includes.
 *
 * Copyright (c) 2026 the mqbind authors
 * SPDX-License-Identifier: MIT
 */
"""
_INCLUDE = re.compile(r'^#include (?:"([^"]+)"|<(mqbind/[^>]+)>)\n', re.MULTILINE)
_DEFINE = re.compile(r"^#define \w+.*\n", re.MULTILINE)
_UNUSED = """
#ifdef __clang__ /* Each engine leaves some inline functions to the other one. */
#pragma clang diagnostic ignored "-Wunused-function"
#endif
"""
_BLANK_LINES = re.compile(r"\n{3,}")
_TOKENIZER = "tokenizer.c"
"""The code of jsmn.h is in here, and has to come before what includes its declarations."""


@dataclass
class _Inliner:
    """Puts each of our headers in the place of the first `#include` of it, and drops the others."""

    folders: Sequence[Path]
    seen: set[Path] = field(default_factory=set)

    def text(self, path: Path) -> str:
        self.seen.add(path)
        return self._inlined(path.read_text())

    def source(self, path: Path) -> str:
        """The text without what `_defines` has."""
        before, include, rest = path.read_text().partition("#include")
        return self._inlined(_DEFINE.sub("", before) + include + rest)

    def _inlined(self, text: str) -> str:
        return _INCLUDE.sub(lambda match: self._included(match[1] or match[2]), text)

    def _included(self, name: str) -> str:
        path = next(folder / name for folder in self.folders if (folder / name).is_file())
        return "" if path in self.seen else self.text(path)

    def part(self, condition: str, sources: Iterable[Path]) -> str:
        """Sources under a condition of the preprocessor: other parts still need their headers."""
        inner = _Inliner(folders=self.folders, seen=set(self.seen))
        return f"\n#{condition}\n" + "\n".join(map(inner.source, sources))


def amalgamation() -> Mapping[str, str]:
    """The text of each file by its name."""
    include = c_folder() / "include"
    headers = sorted((include / "mqbind").rglob("*.h"))
    forwards = dict(_forwards(header.relative_to(include) for header in headers))
    whole = {"mqbind.h": _header(include, headers), "mqbind.c": _source(include, headers)}
    return {name: _BLANK_LINES.sub("\n\n", text) for name, text in whole.items()} | forwards


def _header(include: Path, headers: Iterable[Path]) -> str:
    inliner = _Inliner(folders=(include,))
    texts = [inliner.text(header) for header in headers if header not in inliner.seen]
    return _banner("one header") + "\n" + "\n".join(texts)


def _source(include: Path, headers: Iterable[Path]) -> str:
    core = runtime_sources("jsmn", "loopback", "mosquitto")
    direct = [path for path in runtime_sources("direct") if path not in core]
    jsmn = [path for path in core if path.parent.name == "jsmn"]
    jsmn.sort(key=lambda path: path.name != _TOKENIZER)
    mosquitto = [path for path in core if path.name.startswith("mosquitto")]
    shared = [path for path in core if path not in (*jsmn, *mosquitto)]
    inliner = _Inliner(folders=(c_folder() / "runtime", include), seen=set(headers))
    return "".join(
        [
            _banner("one source file"),
            _defines("ifdef MQB_PARSER_DIRECT", direct),
            _defines("ifndef MQB_PARSER_DIRECT", jsmn),
            _defines("ifdef MQB_MOSQUITTO", mosquitto),
            f'\n#include "mqbind.h"\n{_UNUSED}\n',
            "\n".join(map(inliner.text, shared)),
            inliner.part("ifdef MQB_PARSER_DIRECT", direct),
            inliner.part("else", jsmn),
            "#endif\n",
            inliner.part("ifdef MQB_MOSQUITTO", mosquitto),
            "#endif\n",
        ]
    )


def _defines(condition: str, sources: Iterable[Path]) -> str:
    """What sources define before all their headers, which therefore comes first."""
    before = (path.read_text().partition("#include")[0] for path in sources)
    defines = dict.fromkeys(line for text in before for line in _DEFINE.findall(text))
    guarded = (f"#ifndef {line.split()[1]}\n{line}#endif\n" for line in defines)
    return f"\n#{condition}\n{''.join(guarded)}#endif\n"


def _forwards(names: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for name in names:
        up = "../" * (len(name.parts) - 1)
        yield name.as_posix(), f'{BANNER} */\n#include "{up}mqbind.h"\n'


def _banner(what: str) -> str:
    return f"{BANNER}\n{_ABOUT.format(version=version('mqbind'), what=what)}"

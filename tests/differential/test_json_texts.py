"""JSON texts, checked by the runtime and by orjson, another strict parser.

The runtime is asked directly and not through generated code: a message without a schema is one call
of the reader, and so its grammar, its raw values and its typed reading are each seen by themselves.

What the runtime may refuse although it is JSON: nesting beyond its limit, the same member twice. A
number beyond the largest double is JSON to it, if nobody asks for its value; orjson refuses it, so
Python's own parser decides whether that is the only problem of the text.
"""

from __future__ import annotations

import itertools
import json
import struct
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.differential.json_texts import changed_texts, every_text
from tests.differential.refusable_json import has_beyond_double, has_twice, is_deep
from tests.differential.validators import rounds
from tests.support.codec import STATUS_NAMES
from tests.support.compiler import PARSERS, ROOT, compile_c, engine_options, runtime_library
from tests.support.scale import LONG

CHANGED = 1_000_000 if LONG else 30_000
SYMBOLS = 5 if LONG else 3
SEED = 20240607
BATCH = 20_000


@pytest.fixture(scope="module", params=PARSERS)
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    parser = str(request.param)
    built = tmp_path_factory.mktemp("json") / f"json_judge_{parser}"
    sources = [Path(__file__).parent / "json_judge.c", runtime_library(parser)]
    compile_c("gcc", sources, built, *engine_options(parser), "-I", str(ROOT / "runtime"))
    return built


def ask(program: Path, texts: list[bytes]) -> Iterator[tuple[tuple[str, ...], bytes]]:
    """The three statuses and the value written anew, for each text."""
    question = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    done = subprocess.run([program], input=question, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    at = 0
    for _ in texts:
        *codes, length = struct.unpack_from("<BBBI", done.stdout, at)
        at += 7 + length
        yield tuple(STATUS_NAMES[code] for code in codes), done.stdout[at - length : at]


def expected(text: bytes) -> tuple[bool, Any]:
    """Whether it is JSON, and its value."""
    try:
        return True, orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if "number is infinity" not in str(error):
            return False, None
    return _is_json_with_large_numbers(text), None


def _is_json_with_large_numbers(text: bytes) -> bool:
    """Numbers that orjson cannot hold become short ones."""
    try:
        whole = json.loads(
            text.decode(), parse_int=lambda _: 0, parse_float=lambda _: 0, parse_constant=_refuse
        )
        orjson.dumps(whole)  # refuses halves of surrogate pairs
    except (ValueError, TypeError):
        return False
    return True


def _refuse(_: str) -> None:
    raise ValueError


def complaint(text: bytes, statuses: tuple[str, ...], written: bytes) -> str | None:
    """What is wrong with a verdict."""
    grammar, raw, typed = statuses
    is_json, value = expected(text)
    if "LIMIT" in (grammar, raw) and is_deep(text):
        return None
    if not is_json:
        return None if statuses == ("JSON",) * 3 else "accepted, or refused otherwise"
    if grammar != "OK" or (raw != "OK" and not (raw == "DUPLICATE" and has_twice(text))):
        return "refused"
    if not (
        typed == "OK"
        or (typed == "DUPLICATE" and has_twice(text))
        or (typed == "LIMIT" and has_beyond_double(text))
        or (typed == "PRECISION" and rounds(text.decode()))
    ):
        return "refused by type"
    if raw == "OK" and value is not None and not _means(written, text, value):
        return f"understood as {written!r}"
    return None


def _means(written: bytes, text: bytes, value: Any) -> bool:
    """The same value; 1.2e19 is exact to the runtime, and a double to orjson."""
    return bool(orjson.loads(written) == value) or (
        json.loads(written, parse_int=float) == json.loads(text, parse_int=float)
    )


def judge(program: Path, texts: Iterable[bytes]) -> Counter[str]:
    """The number of JSON texts by verdict; fails on the first wrong ones."""
    counts: Counter[str] = Counter()
    wrong = []
    for batch in iter(lambda: list(itertools.islice(texts, BATCH)), []):
        for text, (statuses, written) in zip(batch, ask(program, batch), strict=True):
            counts[statuses[0]] += 1
            found = complaint(text, statuses, written)
            if found is not None:
                wrong.append(f"{text!r}: {statuses}: {found}")
        assert not wrong, "\n".join(wrong[:50])
    return counts


def test_changed_texts(program: Path) -> None:
    counts = judge(program, iter(changed_texts(SEED, CHANGED)))
    assert counts.total() == CHANGED
    assert min(counts["OK"], counts["JSON"]) > CHANGED / 5
    assert counts["LIMIT"] > 0


@pytest.mark.parametrize("length", range(SYMBOLS + 1))
def test_every_short_text(program: Path, length: int) -> None:
    texts = every_text(length)
    counts = judge(program, texts)
    assert counts.total() == 16**length

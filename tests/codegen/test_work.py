"""The compiler's own contract: a document of up to 1 MB ends within 10 s of the processor and 1 GB
of memory, in C or in a diagnostic that says where, and its work grows with its size.

Growth is counted in calls of functions, which are the same on every machine. Limits of the system
stop what takes long without calling anything.
"""

from __future__ import annotations

import cProfile
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mqbind.diagnostics import WORK_MAX, Diagnostics, Failed
from mqbind.pipeline import compile_schema
from mqbind.rules import Rule
from tests.codegen.hostile_documents import HEAD, OVERLAYS, SHAPES, chain, plain_channels
from tests.support.scale import LONG

SIZE = 1_000_000
SECONDS, BYTES = 10, 1 << 30
SMALL, GROWTH_MAX = 3_000, 2.3
ALWAYS = (
    "messages",
    "messages that share a tree",
    "members",
    "diamonds of any objects",
    "inherited members",
    "a string of capitals",
    "parts with patterns",
    "empty lists",
)
"""Shapes that each stage of the compiler once took far too long for, or is nearest to."""

MULTIPLYING = ("inherited members", "wrong references")
"""Shapes whose work grows faster up to a limit, which they meet. A schema that joins all others has
all their members, so that the C is as long as the square of the document; a name that is not known
is compared with the first 200 that are."""

LOCATED = re.compile(r"^\S+?:\d+:\d+: (error|warning): .+; .+", re.DOTALL)


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def generate(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a document, within the limits."""
    source = folder / "d.yaml"
    source.write_text(text)
    command = (sys.executable, "-m", "mqbind", "generate", str(source), "-o", str(folder / "c"))
    return subprocess.run(
        [*command, *options], preexec_fn=limited, capture_output=True, text=True, cwd=folder
    )


def check_end(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    """It ended in C, or in diagnostics that say where."""
    lines = done.stderr.splitlines()
    assert done.returncode in (0, 1), done.stderr[-2000:]
    assert all(LOCATED.match(line) for line in lines), done.stderr[-2000:]
    if done.returncode == 0:
        assert list((folder / "c").glob("*.cmake"))
        assert not any(": error: " in line for line in lines)
    else:
        assert any(": error: " in line for line in lines)


@pytest.mark.parametrize("name", SHAPES if LONG else ALWAYS)
def test_a_document_of_a_megabyte_ends_within_the_limits(name: str, tmp_path: Path) -> None:
    check_end(generate(tmp_path, SHAPES[name](SIZE)), tmp_path)


def test_eight_megabytes_of_lists_end_within_the_limits(tmp_path: Path) -> None:
    done = generate(tmp_path, SHAPES["empty lists"](8 * SIZE))
    check_end(done, tmp_path)
    assert "too large" in done.stderr


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_ends_within_the_limits(name: str, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    size = SIZE // 2 if LONG else SIZE // 20
    overlay.write_text(OVERLAYS[name](size))
    document = HEAD + plain_channels(size)
    check_end(generate(tmp_path, document, "--overlay", str(overlay)), tmp_path)


def test_a_file_that_is_referred_to_ends_within_the_limits(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(SHAPES["any of any"](SIZE))
    channel = "{address: a, messages: {m: {payload: {$ref: 'other.yaml#/components/schemas/S0'}}}}"
    check_end(generate(tmp_path, f"{HEAD}channels: {{c: {channel}}}\n"), tmp_path)


def calls(folder: Path, text: str) -> int:
    """How many functions are called to compile a document."""
    source = folder / "d.yaml"
    source.write_text(text)
    profile = cProfile.Profile()
    diagnostics = Diagnostics()
    profile.enable()
    try:
        compile_schema(source, diagnostics)
    except Failed:
        pass
    finally:
        profile.disable()
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in MULTIPLYING])
def test_work_grows_with_the_document(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    calls(tmp_path, shape(SMALL // 8))  # whatever is done once
    small, large = (calls(tmp_path, shape(size)) for size in (SMALL, 2 * SMALL))
    assert large <= GROWTH_MAX * small


FORMS = "{anyOf: [{allOf: [NEXT], title: A}, {allOf: [NEXT], title: B}]}"
FIRST = "{$ref: '#/components/schemas/S0'}"
SHARED_FORMS: Mapping[str, Callable[[str], str]] = {
    "text": lambda text: f"defaultContentType: text/plain\n{text}",
    "text that deletes": lambda text: (
        "defaultContentType: text/plain\n"
        + text.replace("m: {", "m: {x-mqbind-empty-deletes: true, ")
    ),
    "a default": lambda text: text.replace(
        FIRST, f"{{properties: {{d: {{allOf: [{FIRST}], default: 5}}}}, type: object}}", 1
    ),
}
"""Unions of two forms that are both the next union, so that the last has ever more paths to it."""


@pytest.mark.parametrize("name", SHARED_FORMS)
def test_forms_that_unions_share_are_looked_at_once(name: str, tmp_path: Path) -> None:
    shape = chain(FORMS, "{anyOf: [{type: integer}, {enum: [a]}]}")
    texts = [SHARED_FORMS[name](shape(size)) for size in (500, 1_000, 2_000)]
    for text in texts:
        calls(tmp_path, text)  # whatever is done once
    small, large = (calls(tmp_path, text) for text in texts[1:])
    assert large <= GROWTH_MAX * small


def test_work_is_counted_up_to_a_limit(tmp_path: Path) -> None:
    """What is counted grows with the document, and ends it in one error."""
    diagnostics = Diagnostics()
    source = tmp_path / "d.yaml"
    source.write_text(SHAPES["any of any"](SIZE))
    with pytest.raises(Failed):
        compile_schema(source, diagnostics)
    [found] = diagnostics
    assert found.rule is Rule.DOCUMENT_TOO_LARGE
    assert found.location.line > 1
    assert diagnostics.work <= WORK_MAX * 1.1


def test_errors_are_reported_up_to_a_limit(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    source = tmp_path / "d.yaml"
    source.write_text(SHAPES["wrong keywords"](SIZE // 10))
    with pytest.raises(Failed):
        compile_schema(source, diagnostics)
    found = list(diagnostics)
    assert len(found) == 1001
    assert found[-1].message == "more than 1000 errors; the rest are not reported"

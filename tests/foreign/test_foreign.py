"""The C tests, and generated code, on a machine with 32 bits and the other byte order."""

from __future__ import annotations

import math
import random
import struct
import subprocess
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

from tests.foreign.machine import EMULATOR, FOREIGN, NATIVE, Runtime
from tests.fuzz.engines import corpus, verdicts_of
from tests.support.codec import Judge, main_program, targets_of
from tests.support.compiler import ROOT

HERE = Path(__file__).parent
C_TESTS = ROOT / "tests" / "runtime"
LEFT_OUT = {
    "test_arguments": "needs the code of a protocol",
    "test_arguments_mosquitto": "needs libmosquitto",
    "test_call_fleet": "needs the code of a case",
    "test_captured": "needs the code of a case",
    "test_constraint_hostile": "is about time, and takes a minute in an emulator",
    "test_entropy": "needs libmosquitto",
    "test_messages": "needs the code of a case",
    "test_mosquitto_version": "needs libmosquitto",
    "test_properties": "needs the code of a case",
    "test_properties_sent": "needs the code of a case",
    "test_number_oracle": "needs integers of 128 bits",
    "test_topic_counters": "needs the code of a case",
    "test_utf8": "goes through all texts of four bytes, one by one",
}
PROGRAMS = [path.stem for path in sorted(C_TESTS.glob("test_*.c")) if path.stem not in LEFT_OUT]
MUTANTS = 2000
DECIMALS = 2000


def reading() -> list[str]:
    """The C tests that CMakeLists.txt builds with both engines."""
    text = (ROOT / "tests" / "CMakeLists.txt").read_text()
    _, _, names = text.partition("# What reads payloads, with each engine.\nforeach(name ")
    return names.partition(")")[0].split()


def build(
    compiler: str, parser: str, optimization: str, factory: pytest.TempPathFactory
) -> Runtime:
    folder = factory.mktemp(parser)
    return Runtime(compiler=compiler, parser=parser, optimization=optimization, folder=folder)


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(NATIVE, "jsmn", "-O1", tmp_path_factory)


@pytest.fixture(scope="module")
def jsmn(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(FOREIGN, "jsmn", "-O2", tmp_path_factory)


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return build(FOREIGN, "direct", "-O2", tmp_path_factory)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """Functions that are inline elsewhere are called here."""
    return build(FOREIGN, "direct", "-Os", tmp_path_factory)


@pytest.mark.parametrize("name", PROGRAMS)
def test_c_tests(jsmn: Runtime, name: str) -> None:
    run_c_test(jsmn, name)


@pytest.mark.parametrize("name", reading())
def test_c_tests_of_the_reader(small: Runtime, name: str) -> None:
    run_c_test(small, f"test_{name}")


def run_c_test(runtime: Runtime, name: str) -> None:
    program = runtime.link(name, [C_TESTS / f"{name}.c"], "-isystem", HERE, "-lm")
    done = subprocess.run([EMULATOR, program], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "[       OK ]" in done.stdout


def test_small_code_has_the_same_verdicts(native: Runtime, small: Runtime) -> None:
    schema = ROOT / "schema" / "folotoy.yaml"
    questions = [*payloads(schema), *decimals(random.Random(schema.stem))]
    compare(questions, codec(native, schema), codec(small, schema))


def test_small_code_runs_over_any_runtime(native: Runtime, direct: Runtime) -> None:
    schema = ROOT / "schema" / "thingspanel.yaml"
    compare(payloads(schema), codec(native, schema), codec(direct, schema, "-Os"))


def compare(questions: Sequence[tuple[str, bytes]], native: Path, foreign: Path) -> None:
    judges = [Judge(native), Judge(EMULATOR, foreign)]
    expected, verdicts = [judge.judge_all(questions) for judge in judges]
    for judge in judges:
        judge.close()
    for question, verdict, wanted in zip(questions, verdicts, expected, strict=True):
        assert verdict == wanted, question
    assert {verdict.status for verdict in verdicts} >= {"", "JSON", "TYPE", "VALUE"}


def codec(runtime: Runtime, schema: Path, *options: str) -> Path:
    """The messages of a schema as a program, with the files under generated/."""
    generated = ROOT / "generated" / schema.stem
    main_c = runtime.folder / f"{schema.stem}_main.c"
    main_c.write_text(main_program(targets_of(schema)))
    sources = [*sorted(generated.glob("*.c")), main_c]
    objects = runtime.compile(sources, f"-I{generated}", *options)
    return runtime.link(schema.stem, objects)


def payloads(schema: Path) -> Sequence[tuple[str, bytes]]:
    """Those of the documents and of our verdicts; and the same with a few bytes changed."""
    lines = [line.split(" ") for line in corpus(schema, verdicts_of(schema)).splitlines()]
    known = [(message, bytes.fromhex(payload)) for message, payload in lines]
    chance = random.Random(schema.stem)
    return [*known, *(mutant(chance, *chance.choice(known)) for _ in range(MUTANTS))]


def mutant(chance: random.Random, message: str, payload: bytes) -> tuple[str, bytes]:
    changed = bytearray(payload)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(changed) + 1)
        changed[at : at + chance.randint(0, 2)] = chance.choice(
            [b'#"', b"]\\", b"1", b"-", b"\xc3\xa9"]
        )
    return message, bytes(changed)


def decimals(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Numbers that a short way and an exact one read; some lie between two doubles, or nearly."""
    for _ in range(DECIMALS):
        digits = str(chance.getrandbits(chance.randint(1, 64)))
        number = chance.choice([digits, f"{digits}e{chance.randint(-345, 300)}", middle(chance)])
        yield (
            "folotoy_update_common_config",
            b'{"msgId":1,"identifier":"updatecommonconfig","inputParams":{"voltage_alarm":%s}}'
            % number.encode(),
        )


def middle(chance: random.Random) -> str:
    """Exactly between two doubles, or a digit away from there."""
    low = abs(struct.unpack("d", chance.randbytes(8))[0])
    if not math.isfinite(low):
        return "1e309"
    with localcontext(prec=800):
        between = (Decimal(low) + Decimal(math.nextafter(low, 0))) / 2
    digits, _, power = f"{between:e}".partition("e")
    return f"{digits}{chance.choice(['', '1'])}e{power}"

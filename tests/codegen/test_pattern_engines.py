"""Regular expressions as automata: node, Python and the C runtime find the same."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mqbind.plan.patterns.compiler import (
    STATES_MAX,
    Automaton,
    PatternError,
    compile_pattern,
    compile_plain,
    count_rounds,
    matches,
)
from mqbind.plan.patterns.parser import parse
from mqbind.tools.engines import runtime_options
from tests.codegen.pattern_cases import CASES, REFUSED
from tests.support.waiting import DEADLINE_S

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A random pattern, the same in Python's dialect, and strings to search."""

    ecma: str
    python: str
    texts: tuple[str, ...]


# Pieces whose two dialects differ: ECMA-262, Python with re.ASCII.
SPACES = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
PIECES = [
    ("a", "a"),
    ("b", "b"),
    ("1", "1"),
    ("-", "-"),
    ("é", "é"),
    ("中", "中"),
    ("😀", "😀"),
    ("\\u{1F600}", "😀"),
    ("\\ud83d\\ude01", "😁"),
    ("\\u2028", "\u2028"),
    (".", "[^\\n\\r\u2028\u2029]"),
    ("\\d", "\\d"),
    ("\\D", "\\D"),
    ("\\w", "\\w"),
    ("\\W", "\\W"),
    ("\\s", f"[{SPACES}]"),
    ("\\S", f"[^{SPACES}]"),
    ("[^]", "[\\s\\S]"),
    ("[ab]", "[ab]"),
    ("[^a\\d]", "[^a\\d]"),
    ("[é-中]", "[é-中]"),
    ("[^é-😀]", "[^é-😀]"),
    ("[\\w-]", "[\\w-]"),
    ("[\\ud83d\\ude00-\\u{1f602}]", "[😀-😂]"),
]
ANCHORS = [("^", "^"), ("$", "\\Z"), ("\\b", "\\b"), ("\\B", "\\B")]
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "*?", "+?", "??", "{2,3}?"]
ALPHABET = "aab1_- \n\u2028éè中😀😁😂\u00a0"


def _random_node(generator: random.Random, depth: int) -> tuple[str, str]:
    kind = generator.random()
    if depth == 0 or kind < 0.3:
        return generator.choice(PIECES)
    if kind < 0.42:
        return generator.choice(ANCHORS)
    parts = [_random_node(generator, depth - 1) for _ in range(generator.randint(1, 3))]
    if kind < 0.65:
        return "".join(part[0] for part in parts), "".join(part[1] for part in parts)
    ecma = "|".join(part[0] for part in parts)
    python = "|".join(part[1] for part in parts)
    suffix = generator.choice(["", *QUANTIFIERS])
    return f"({ecma}){suffix}", f"(?:{python}){suffix}"


def _samples() -> Iterator[Sample]:
    generator = random.Random(20240607)
    for _ in range(4000):
        ecma, python = _random_node(generator, generator.randint(1, 3))
        texts = tuple(
            "".join(generator.choices(ALPHABET, k=generator.randint(0, 7))) for _ in range(12)
        )
        yield Sample(ecma=ecma, python=python, texts=texts)


NODE = """
const lines = require('fs').readFileSync(0, 'utf8').trimEnd().split('\\n');
for (const line of lines) {
    const {pattern, texts} = JSON.parse(line);
    let found = null;
    try {
        const regex = new RegExp(pattern, 'u');
        found = texts.map(text => regex.test(text));
    } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
    }
    console.log(JSON.stringify(found));
}
"""


def _ask_node(questions: list[tuple[str, tuple[str, ...]]]) -> list[list[bool] | None]:
    """What node finds; None for what it refuses."""
    lines = [json.dumps({"pattern": pattern, "texts": texts}) for pattern, texts in questions]
    run = subprocess.run(
        ["node", "-e", NODE],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE_S,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def _verdicts(automaton: Automaton, texts: tuple[str, ...]) -> list[bool]:
    return [matches(automaton, text.encode()) for text in texts]


def _node_is_right(text: str) -> bool:
    """V8 finds \\B between the two halves of a character beyond U+FFFF, and its release of node 18
    loses its way behind such a character. Python decides about those strings."""
    return max(text, default="") <= "\uffff"


def _python_is_right(pattern: str, text: str) -> bool:
    """Python before 3.14 does not find \\B in the empty text."""
    return "\\B" not in pattern or text != ""


def test_node_and_python_find_the_same() -> None:
    samples = list(_samples())
    answers = _ask_node([(sample.ecma, sample.texts) for sample in samples])
    seen: dict[bool, int] = {True: 0, False: 0}
    for sample, answer in zip(samples, answers, strict=True):
        assert answer is not None, sample.ecma
        python = re.compile(sample.python, re.ASCII)
        verdicts = _verdicts(compile_pattern(sample.ecma), sample.texts)
        for text, verdict, found in zip(sample.texts, verdicts, answer, strict=True):
            seen[verdict] += 1
            if _node_is_right(text):
                assert verdict == found, (sample.ecma, text)
            if _python_is_right(sample.ecma, text):
                assert verdict == bool(python.search(text)), (sample.ecma, text)
    assert min(seen.values()) > 5000


def test_node_agrees_with_the_tables() -> None:
    lenient = {"^\\-\\@\\_\\ \\\"\\'$", "^{}]a{b{1$"}
    questions = [(pattern, (*found, *absent)) for pattern, (found, absent) in CASES.items()]
    for (pattern, _), answer in zip(questions, _ask_node(questions), strict=True):
        found, absent = CASES[pattern]
        wanted = None if pattern in lenient else [True] * len(found) + [False] * len(absent)
        assert answer == wanted, pattern


def test_node_refuses_what_is_no_pattern() -> None:
    beyond_us = ("look-", "back-reference", "nested", "states", "Unicode property")
    broken = [
        pattern
        for pattern, named in REFUSED.items()
        if not named.startswith(beyond_us) and "states" not in named
    ]
    assert len(broken) > 25
    for pattern, answer in zip(broken, _ask_node([(p, ()) for p in broken]), strict=True):
        assert answer is None, pattern


def test_random_syntax_never_crashes_and_node_agrees() -> None:
    generator = random.Random(7)
    symbols = ["a", "1", "(", ")", "[", "]", "{", "}", ",", "-", "^", "$", "\\", "|", "*", "+", "?"]
    symbols += ["(?:", "(?<n>", "\\u{61}", "\\b", "\\w", "{1,2}", "[^", "."]
    patterns = ["".join(generator.choices(symbols, k=generator.randint(1, 7))) for _ in range(4000)]
    texts = ("", "a", "1a", "{a}", "a-", "]^", "\\", "a{1,2}")
    compiled = 0
    answers = _ask_node([(pattern, texts) for pattern in patterns])
    for pattern, answer in zip(patterns, answers, strict=True):
        try:
            automaton = compile_pattern(pattern)
        except PatternError as error:
            assert answer is None or "back-reference" in error.message, pattern
            continue
        compiled += 1
        if answer is not None:
            assert _verdicts(automaton, texts) == answer, pattern
    assert compiled > 500


# ---- Counting ----

PIECES_TO_COUNT = ["a", "b", "[ab]", "[a1]", "-", ".", "é", "[é-中]", "\\w", "^", "$", "\\b", "\\B"]
ROUNDS = ["", "*", "+", "?", "{2}", "{2,}", "{0,3}", "{1,3}", "{2,4}", "{3,5}"]


def _to_count(generator: random.Random, depth: int) -> str:
    if depth == 0 or generator.random() < 0.4:
        return generator.choice(PIECES_TO_COUNT)
    parts = [_to_count(generator, depth - 1) for _ in range(generator.randint(1, 3))]
    if generator.random() < 0.3:
        return "".join(parts)
    return f"({'|'.join(parts)}){generator.choice(ROUNDS)}"


def test_counting_finds_the_same() -> None:
    """Short repeats, which could also be spelled out."""
    generator = random.Random(20240608)
    counting = 0
    for _ in range(2500):
        pattern = _to_count(generator, 3)
        pattern = generator.choice([pattern, f"^{pattern}$"])
        try:
            counted = count_rounds(parse(pattern), STATES_MAX, 2)
        except PatternError:
            continue
        if not counted.counters:
            continue
        counting += 1
        plain = compile_plain(pattern)
        for _ in range(40):
            text = "".join(generator.choices("ab1-é中", k=generator.randint(0, 12))).encode()
            assert matches(counted, text) == matches(plain, text), (pattern, text.decode())
    assert counting > 150


# ---- The runtime ----


def _c_tables(number: int, automaton: Automaton) -> str:
    accepting = bytearray((len(automaton.accepting) + 7) // 8)
    for state, accepts in enumerate(automaton.accepting):
        accepting[state // 8] |= accepts << state % 8
    entries = ",".join(str(target) for row in automaton.next for target in row)
    ranges = [f"{{{first}, {last}, {kind}}}" for first, last, kind in automaton.ranges]
    dead = "UINT16_MAX" if automaton.dead is None else automaton.dead
    pairs = (
        (each.low, "UINT32_MAX" if each.high is None else each.high) for each in automaton.counters
    )
    counters = ",".join(f"{{{low}, {high}}}" for low, high in pairs)
    pointer = f"counters_{number}" if counters else "NULL"
    return f"""
static const struct mqb_pattern_counter counters_{number}[] = {{{counters or "{0, 0}"}}};
static const struct mqb_byte_range ranges_{number}[] = {{{",".join(ranges)}}};
static const uint16_t next_{number}[] = {{{entries}}};
static const uint8_t accepting_{number}[] = {{{",".join(map(str, accepting))}}};
static const struct mqb_pattern pattern_{number} = {{
    ranges_{number}, next_{number}, accepting_{number}, {len(automaton.next[0])}, {dead},
    {automaton.counting}, {pointer}}};
"""


def test_runtime_reads_the_tables(tmp_path: Path) -> None:
    tables = []
    checks = []
    for number, (pattern, (found, absent)) in enumerate(CASES.items()):
        tables.append(_c_tables(number, compile_pattern(pattern)))
        for text in (*found, *absent):
            data = "".join(f"\\x{byte:02x}" for byte in text.encode())
            wanted = str(text in found).lower()
            checks.append(
                f'check(&pattern_{number}, (struct mqb_str){{"{data}", {len(text.encode())}}}, '
                f"{wanted}, {number});"
            )
    source = tmp_path / "patterns.c"
    source.write_text(
        "#include <mqbind/detail/values.h>\n#include <stdio.h>\n"
        + "".join(tables)
        + """
static unsigned checks, failures;

static void check(const struct mqb_pattern *p, struct mqb_str text, bool wanted, int number)
{
    checks++;
    if (mqb_pattern_matches(p, text) == wanted)
        return;
    failures++;
    printf("pattern %d: %.*s\\n", number, (int)text.len, text.ptr);
}

int main(void)
{
"""
        + "\n".join(checks)
        + '\n    printf("%u checks\\n", checks);\n    return failures != 0;\n}\n'
    )
    program = tmp_path / "patterns"
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *runtime_options()]
    flags += ["-Wno-unused-const-variable", "-Wno-overlength-strings"]
    runtime = ROOT / "runtime" / "payload" / "constraint" / "pattern.c"
    subprocess.run(["cc", *flags, "-o", program, source, runtime], check=True)
    run = subprocess.run([program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, f"{len(checks)} checks\n")

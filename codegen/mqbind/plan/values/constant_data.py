"""The constant data of one C file: automata, spellings, constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.constraints import Constraint, Pattern
from mqbind.model.types import Choice
from mqbind.plan.nodes.tables import ChoiceTable, PatternTable, StaticArray
from mqbind.plan.patterns.compiler import WORK_MAX, PatternError, compile_pattern
from mqbind.plan.patterns.parser import Counter
from mqbind.plan.symbols.table import SymbolTable, is_constant
from mqbind.plan.text import comments, literals, rules
from mqbind.plan.values.constraint_tables import ConstraintTables

_TABLE_WORK, _ROW_WORK = 50, 10


@dataclass
class ConstantData:
    """Collects tables, each once."""

    symbols: SymbolTable
    diagnostics: Diagnostics
    patterns: list[PatternTable] = field(default_factory=list)
    choices: list[ChoiceTable] = field(default_factory=list)
    defaults: dict[tuple[str, tuple[str, ...]], StaticArray] = field(default_factory=dict)
    constraints: ConstraintTables = field(init=False)
    _taken: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)
    """For each requested name, a number below which none is free."""
    _by_regex: dict[str, str] = field(default_factory=dict)
    _by_choice: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.constraints = ConstraintTables(
            shared=self.symbols.constraints,
            patterns=self,
            claim=self.claim,
            release=self._release,
            diagnostics=self.diagnostics,
        )

    def claim(self, stem: str, ending: str) -> str:
        """A name for a table that nothing else in the file has."""
        plain = f"{stem}_{ending}"
        number = self._numbers.get(plain, 1)
        while (name := _numbered(plain, number)) in self._taken or name in self.symbols.identifiers:
            number += 1
        self._numbers[plain] = number
        self._taken.add(name)
        return name

    def _release(self, name: str) -> None:
        """Release a name that is not used."""
        self._taken.discard(name)
        plain, _, number = name.rpartition("_")
        if number.isdigit() and self._numbers.get(plain, 0) > int(number):
            self._numbers[plain] = int(number)
        self._numbers.pop(name, None)

    def constraint(self, constraint: Constraint, stem: str, location: Location) -> str:
        """A pointer to the table of a constraint on the value named `stem`."""
        return f"&{self.constraints.table(constraint, stem, location)}"

    def static(self, c_type: str, rows: Sequence[str], stem: str) -> str:
        """A pointer to the first item of an array of constants; equal arrays are one."""
        key = (c_type, tuple(rows))
        if key not in self.defaults:
            name = self.claim(stem, "default")
            self.defaults[key] = StaticArray(
                c_name=name, c_type=c_type, rows=tuple(f"{row}," for row in rows)
            )
        return self.defaults[key].c_name

    def pattern(self, pattern: Pattern, stem: str) -> str:
        """The C name of the table of a regular expression."""
        if pattern.regex not in self._by_regex:
            self._by_regex[pattern.regex] = self._new_pattern(pattern, stem)
        return self._by_regex[pattern.regex]

    def _new_pattern(self, pattern: Pattern, stem: str) -> str:
        """The C name of a new table; NULL after an error."""
        try:
            automaton = compile_pattern(pattern.regex)
        except PatternError as error:
            self.diagnostics.spend(WORK_MAX, pattern.location)
            self.diagnostics.error(error.rule, pattern.location, error.message, error.remedy)
            return "NULL"
        self.diagnostics.spend(automaton.work, pattern.location)
        name = self.claim(stem, "pattern")
        self.patterns.append(
            PatternTable(
                c_name=name,
                comment=comments.comment_text(pattern.regex),
                ranges=tuple(_range(*each) for each in automaton.ranges),
                next=tuple(state for row in automaton.next for state in row),
                accepting=_bits(automaton.accepting),
                class_count=len(automaton.next[0]),
                dead="UINT16_MAX" if automaton.dead is None else str(automaton.dead),
                counting=automaton.counting,
                counters=tuple(map(_counter, automaton.counters)),
            )
        )
        return name

    def choice(self, choice: Choice) -> str:
        """The C name of the table of the spellings of an enumerated string."""
        if choice.key not in self._by_choice:
            self._by_choice[choice.key] = self._new_choice(choice)
        return self._by_choice[choice.key]

    def _new_choice(self, choice: Choice) -> str:
        self.diagnostics.spend(_TABLE_WORK + _ROW_WORK * len(choice.values), choice.location)
        name = f"{self.symbols.place(choice.key).stem}_choices"
        bare = is_constant(choice) and choice.key not in self.symbols.held
        rows = tuple(
            literals.choice_initializer(
                str(spelling), "1" if bare else self.symbols.constant_name(choice.key, index)
            )
            for index, value in enumerate(choice.values)
            for spelling in value.spellings
        )
        rule = literals.rule(f"must be {rules.choice_spellings([choice])}")
        escaped = any(
            literals.needs_escape(str(spelling))
            for value in choice.values
            for spelling in value.spellings
        )
        self.choices.append(ChoiceTable(c_name=name, rows=rows, rule=rule, escaped=escaped))
        return name

    def forms(self, stem: str, rows: Sequence[tuple[str, str]]) -> str:
        """The C name of a table that maps each string to the constant of a form."""
        name = self.claim(stem, "forms")
        rule = f"must be {rules.either([comments.json_text(text) for text, _ in rows])}"
        self.choices.append(
            ChoiceTable(
                c_name=name,
                rows=tuple(literals.choice_initializer(*row) for row in rows),
                rule=literals.rule(rule),
                escaped=any(literals.needs_escape(text) for text, _ in rows),
            )
        )
        return name


def _range(first: int, last: int, byte_class: int) -> str:
    """The initializer of a `struct mqb_byte_range`."""
    return f"{{{literals.character(first)}, {literals.character(last)}, {byte_class}}}"


def _counter(counter: Counter) -> str:
    """The initializer of a `struct mqb_pattern_counter`."""
    high = "UINT32_MAX" if counter.high is None else f"{counter.high}U"
    return f"{{{counter.low}U, {high}}}"


def _numbered(plain: str, number: int) -> str:
    return plain if number == 1 else f"{plain}_{number}"


def _bits(flags: tuple[bool, ...]) -> tuple[int, ...]:
    octets = [0] * ((len(flags) + 7) // 8)
    for index, flag in enumerate(flags):
        octets[index // 8] |= flag << (index % 8)
    return tuple(octets)

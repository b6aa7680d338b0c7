"""What the compiler reports: a place in a file, what is wrong there, what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mqbind.rules import Rule


@dataclass(frozen=True, kw_only=True, order=True)
class Location:
    """A place in a source file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


_TEXT_MAX = 2000
"""Characters of a message or a remedy, which may quote a long name."""

FOUND_MAX = 1000
"""Errors that are reported of a document, and warnings."""

WORK_MAX = 6_000_000
"""What a document may ask for, far above what any asks for that people write."""


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One finding. `message` says what is wrong, `remedy` what to do about it."""

    severity: Severity
    rule: Rule
    location: Location
    message: str
    remedy: str

    def __str__(self) -> str:
        text = f"{self.location}: {self.severity}: {self.message}; {self.remedy} [{self.rule}]"
        return printable(text)


def printable(text: str) -> str:
    """The text on one line, with an escape for each character that would steer a terminal."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode()


def _shortened(text: str) -> str:
    return (
        text if len(text) <= _TEXT_MAX else f"{text[: _TEXT_MAX // 2]}...{text[-_TEXT_MAX // 2 :]}"
    )


@dataclass
class Diagnostics:
    """Collects findings, so that one run reports as many mistakes as it can. `strict`: warnings end
    a command like errors, and are reported as such, but do not keep a stage from running."""

    strict: bool = False
    _found: dict[Diagnostic, None] = field(default_factory=dict)
    _counts: Counter[Severity] = field(default_factory=Counter)
    _spent: int = 0

    def error(self, rule: Rule, location: Location, message: str, remedy: str) -> None:
        """Raises GivenUp once nobody would read the rest."""
        self._add(Severity.ERROR, rule, location, message, remedy)
        if self._counts[Severity.ERROR] > FOUND_MAX:
            raise GivenUp

    def warning(self, rule: Rule, location: Location, message: str, remedy: str) -> None:
        self._add(Severity.WARNING, rule, location, message, remedy)

    def _add(
        self, severity: Severity, rule: Rule, location: Location, message: str, remedy: str
    ) -> None:
        count = self._counts[severity]
        if count > FOUND_MAX:
            return
        if count == FOUND_MAX:
            rule = Rule.TOO_MANY_FINDINGS
            message = f"more than {FOUND_MAX} {severity}s; the rest are not reported"
            remedy = "fix the reported ones first"
        found = Diagnostic(
            severity=severity,
            rule=rule,
            location=location,
            message=_shortened(message),
            remedy=_shortened(remedy),
        )
        if found not in self._found:
            self._found[found] = None
            self._counts[severity] += 1

    def spend(self, work: int, location: Location) -> None:
        """Count work that the part of the document at `location` asks for, in about microseconds of
        a small computer. Reports an error and raises GivenUp where all of it gets too much."""
        self._spent += work
        if self._spent > WORK_MAX:
            self.error(
                Rule.DOCUMENT_TOO_LARGE,
                location,
                "too large: the document up to here takes too long to compile",
                "split it into several documents",
            )
            raise GivenUp

    @property
    def work(self) -> int:
        """What was counted so far."""
        return self._spent

    def add_work(self, others: Diagnostics) -> None:
        """Count what was counted there as well."""
        self._spent += others._spent

    @property
    def failed(self) -> bool:
        return self._counts[Severity.ERROR] > 0

    @property
    def refused(self) -> bool:
        """Whether the command must fail."""
        return self.failed or (self.strict and bool(self._found))

    def __iter__(self) -> Iterator[Diagnostic]:
        """Findings in the order of the file, errors and warnings together."""
        for found in sorted(self._found, key=lambda found: found.location):
            yield replace(found, severity=Severity.ERROR) if self.strict else found


class GivenUp(Exception):
    """A document is too large, or has too many errors, which is reported."""


class Failed(Exception):
    """Compilation stopped because of the errors in `diagnostics`."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__("\n".join(str(found) for found in diagnostics))
        self.diagnostics = diagnostics

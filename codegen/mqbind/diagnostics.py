"""What the compiler tells its user: a place in a file, what is wrong there, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


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


_PARTICULARS = re.compile(r"`[^`]*`|\"[^\"]*\"|:.*|\S*\d\S*", re.DOTALL)
_RULE_WORDS = 7


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """One finding. `message` says what is wrong, `remedy` what to do about it."""

    severity: Severity
    location: Location
    message: str
    remedy: str

    def __str__(self) -> str:
        text = f"{self.location}: {self.severity}: {self.message}; {self.remedy}"
        return printable(text)

    @property
    def rule(self) -> str:
        """What kind of finding it is: "unknown-keyword-in-a-schema". These are the words of the
        message without what it quotes, counts or cites, so the same mistake has the same rule."""
        words = re.findall(r"[a-z]+", _PARTICULARS.sub(" ", self.message.lower()))
        return "-".join(words[:_RULE_WORDS]) or "mistake"


def printable(text: str) -> str:
    """The text on one line, with an escape for each character that would steer a terminal."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(char: str) -> str:
    return char if char.isprintable() else char.encode("unicode_escape").decode()


@dataclass
class Diagnostics:
    """Collects findings, so that one run tells all of a file's mistakes."""

    _found: dict[Diagnostic, None] = field(default_factory=dict)

    def error(self, location: Location, message: str, remedy: str) -> None:
        self._add(Severity.ERROR, location, message, remedy)

    def warning(self, location: Location, message: str, remedy: str) -> None:
        self._add(Severity.WARNING, location, message, remedy)

    def _add(self, severity: Severity, location: Location, message: str, remedy: str) -> None:
        found = Diagnostic(severity=severity, location=location, message=message, remedy=remedy)
        self._found.setdefault(found)

    @property
    def failed(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self._found)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Findings in the order of the file, errors and warnings together."""
        return iter(sorted(self._found, key=lambda found: found.location))


class Failed(Exception):
    """Compilation stopped because of the errors in `diagnostics`."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        super().__init__("\n".join(str(found) for found in diagnostics))
        self.diagnostics = diagnostics

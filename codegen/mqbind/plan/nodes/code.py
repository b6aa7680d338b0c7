"""Parts of C code: calls, checks, members of structs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


def declared(c_type: str, name: str) -> str:
    """ "struct x *name": no space behind an asterisk."""
    return f"{c_type}{name}" if c_type.endswith("*") else f"{c_type} {name}"


class FirstPass(StrEnum):
    """What a function of the first pass of the profile `speed` takes as its first argument: the
    pass itself, or the reader, at the next value."""

    PASS = "f"
    READER = "mqb_fast_out(f)"


@dataclass(frozen=True, kw_only=True)
class Call:
    """A function call: `function(arguments)`, its result cast to `cast` and put into `target`.

    `first_pass` says that there is a function of the first pass as well, which reads the same.
    `only` is the C literal of the only string that the call accepts.
    """

    function: str
    arguments: tuple[str, ...]
    target: str | None = None
    cast: str | None = None
    first_pass: FirstPass | None = None
    only: str | None = None


@dataclass(frozen=True, kw_only=True)
class Function:
    """The head of a C function; one that is not exported is static."""

    name: str
    parameters: tuple[str, ...]
    result: str = "void"
    exported: bool = False


@dataclass(frozen=True, kw_only=True)
class Check:
    """A condition that `value` must satisfy, and the rule in words (a C string literal)."""

    condition: str
    rule: str

    @property
    def read(self) -> Call:
        """The check of a value that was read."""
        return Call(function="mqb_reader_check", arguments=("r", self.condition, self.rule))

    @property
    def write(self) -> Call:
        """The check of a value that is written."""
        return Call(function="mqb_writer_check", arguments=("w", self.condition, self.rule))

    @property
    def written(self) -> Call:
        """The check of what was written since `mark`."""
        arguments = ("w", "mark", self.condition, self.rule)
        return Call(function="mqb_writer_check_since", arguments=arguments)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A member of a C struct."""

    c_type: str
    c_name: str
    comment: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Returns `result`, or nothing, if a condition on the result of a call holds:
    `unless` precedes the call in it, `compared` follows."""

    call: Call
    result: str = ""
    unless: str = ""
    compared: str = ""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A variable in C: "const int values[]", and its initializers."""

    declaration: str
    values: tuple[str, ...] | None = None

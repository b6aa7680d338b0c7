"""The common part of C structs that have functions to read and write them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mqbind.plan.nodes.code import Call, Function
from mqbind.plan.nodes.first_pass import first_pass_name
from mqbind.plan.nodes.values import READER, WRITER


@dataclass(frozen=True, kw_only=True)
class CType:
    """The common part of C structs. `constraint` points to the table of further constraints.
    `own_comment` is the part of the comment that is not derived from where the type is used.

    `is_payload`: the runtime calls the functions, for a message of any type, and so they take a
    `void *`. `needs` are the C types that C must know whole before, `points_to` those that it must
    have heard of, `calls` what the functions of the struct call.
    """

    c_type: str
    read_name: str
    write_name: str
    exported: bool
    constraint: str | None
    comment: tuple[str, ...]
    own_comment: tuple[str, ...] = ()
    is_payload: bool = False
    has_first_pass: bool = False

    @property
    def reader(self) -> Function:
        """The head of the function that reads a value."""
        out = "void *message" if self.is_payload else f"{self.c_type} *out"
        return self._function(self.read_name, READER, out)

    @property
    def first_reader(self) -> Function | None:
        """The head of the function that reads a value in the first pass of the profile `speed`."""
        if not self.has_first_pass:
            return None
        return replace(self.reader, name=first_pass_name(self.read_name))

    @property
    def attempt(self) -> Call | None:
        """The call of that function for a payload."""
        if not (self.first_reader and self.is_payload):
            return None
        return Call(function=self.first_reader.name, arguments=("r", "message"))

    @property
    def writer(self) -> Function:
        """The head of the function that validates and writes a value."""
        value = "const void *message" if self.is_payload else f"const {self.c_type} *in"
        return self._function(self.write_name, WRITER, value)

    @property
    def initializer(self) -> Function | None:
        """The head of the function that sets defaults, if there is one."""
        return None

    @property
    def heads(self) -> tuple[Function, ...]:
        """The heads of all functions."""
        first = (self.initializer,) if self.initializer else ()
        return (*first, self.reader, self.writer)

    def _function(self, name: str, *parameters: str) -> Function:
        return Function(name=name, parameters=parameters, exported=self.exported)

    @property
    def needs(self) -> tuple[str, ...]:
        return ()

    @property
    def points_to(self) -> tuple[str, ...]:
        return self.needs

    @property
    def calls(self) -> tuple[Call, ...]:
        return ()

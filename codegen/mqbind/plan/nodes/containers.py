"""The part of the plan about containers: C structs of items, of entries, of a string, or of a value
that may be null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from mqbind.plan.nodes.c_type import CType
from mqbind.plan.nodes.code import Call, Check, Function
from mqbind.plan.nodes.values import READER, WRITER


@dataclass(frozen=True, kw_only=True)
class ItemList(CType):
    """A C struct of items and count, of at most `most` items. `capacity`: the items are stored
    in the struct itself, with room for this many. `write_draft` writes a unique item for
    comparison."""

    form: ClassVar[str] = "list"
    item_c_type: str
    most: str
    read_checks: tuple[Check, ...]
    write_checks: tuple[Check, ...]
    read_item: Call
    write_item: Call
    write_draft: Call | None
    capacity: int | None

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.item_c_type,) if self.capacity else ()

    @property
    def points_to(self) -> tuple[str, ...]:
        return (self.item_c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read_item, self.write_item)


@dataclass(frozen=True, kw_only=True)
class MapEntry:
    """A C struct of a key and a value."""

    form: ClassVar[str] = "entry"
    comment: tuple[str, ...]
    c_type: str
    value_c_type: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.value_c_type,)

    @property
    def points_to(self) -> tuple[str, ...]:
        return self.needs


@dataclass(frozen=True, kw_only=True)
class EntryMap(CType):
    """A C struct of entries and count. `beside`: they are the members of an object that have no
    field, beside the fields of a struct."""

    form: ClassVar[str] = "map"
    entry: MapEntry
    read_checks: tuple[Check, ...]
    write_checks: tuple[Check, ...]
    read_value: Call
    write_value: Call
    beside: bool = False

    @property
    def reader(self) -> Function:
        if not self.beside:
            return super().reader
        others = "const struct mqb_others *others"
        return self._function(self.read_name, READER, others, f"{self.c_type} *out")

    @property
    def writer(self) -> Function:
        if not self.beside:
            return super().writer
        fields = ("const struct mqb_members *members", "const uint32_t *fields")
        return self._function(self.write_name, WRITER, *fields, f"const {self.c_type} *in")

    @property
    def points_to(self) -> tuple[str, ...]:
        return (self.entry.c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read_value, self.write_value)


@dataclass(frozen=True, kw_only=True)
class NullableValue(CType):
    """A C struct of a flag for null and a value."""

    form: ClassVar[str] = "nullable"
    value_c_type: str
    read: Call
    write: Call

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.value_c_type,)

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.read, self.write)


@dataclass(frozen=True, kw_only=True)
class InlineText(CType):
    """A C struct of a length and as many bytes as the string may have."""

    form: ClassVar[str] = "text"
    bytes: int
    checks: tuple[Check, ...]
    size_rule: str

    @property
    def setter(self) -> Function:
        """The head of the inline function that copies a string into it."""
        return Function(
            name=string_setter(self.c_type),
            parameters=(f"{self.c_type} *text", "struct mqb_str value"),
            result="inline bool",
        )


def string_setter(c_type: str) -> str:
    """The name of the function that copies a string into a C struct."""
    return f"{c_type.removeprefix('struct ')}_set"


Container: TypeAlias = ItemList | EntryMap | NullableValue | InlineText

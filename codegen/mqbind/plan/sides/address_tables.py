"""The addresses of a protocol as constants shared by its sides, without duplicates of addresses or
parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics
from mqbind.model.address import Parameter
from mqbind.model.protocol import Channel, Protocol
from mqbind.plan.nodes.topics import AddressTable, ParameterTable, TopicsFile
from mqbind.plan.sides import comments
from mqbind.plan.sides.address_levels import ends, value_pattern
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.identifiers import Settling, Wish
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import literals, rules
from mqbind.plan.text.comments import source_heading
from mqbind.plan.values.constant_data import ConstantData

_FILE = "topics"


@dataclass
class AddressTables:
    """Collects the requested addresses."""

    protocol: Protocol
    symbols: SymbolTable
    diagnostics: Diagnostics
    names: Mapping[str, str] = field(init=False)
    """The C names of all addresses, by the keys of their channels."""
    _asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        taken = dict.fromkeys(self.symbols.identifiers, "a type or a function")
        wishes = [_wish(self.protocol.prefix, each) for each in self.protocol.channels.values()]
        self.names = Settling("topics", self.diagnostics, taken).settle(wishes)

    def address(self, channel: Channel) -> str:
        """The C name of the address of a channel, which is added to the file."""
        self._asked.add(channel.key)
        return self.names[channel.key]

    def file(self) -> TopicsFile | None:
        """The file with all requested addresses."""
        channels = [each for each in self.protocol.channels.values() if each.key in self._asked]
        if not channels:
            return None
        stem = f"{self.protocol.prefix}_{_FILE}"
        tables = _Parameters(ConstantData(symbols=self.symbols, diagnostics=self.diagnostics))
        addresses = tuple(self._table(channel, tables) for channel in channels)
        return TopicsFile(
            file_stem=stem,
            guard=f"{stem.upper()}_H",
            heading=comments.topics_heading(self.protocol, f"{stem}.h"),
            source_heading=source_heading(self.protocol, f"{stem}.c"),
            patterns=tuple(tables.tables.patterns),
            parameters=tuple(tables.parameters.values()),
            addresses=addresses,
        )

    def _table(self, channel: Channel, tables: _Parameters) -> AddressTable:
        end_texts = ends(channel, typed=False)
        return AddressTable(
            c_name=self.names[channel.key],
            literal=literals.string(channel.address.shape),
            parameters=tuple(
                tables.pointer(
                    each, end_texts.get(each.name), bound=each.per_side or channel.dynamic
                )
                for each in channel.parameters
            ),
        )


@dataclass(frozen=True)
class _Parameters:
    """The tables of parameters, by their rules."""

    tables: ConstantData
    parameters: dict[tuple[str, ...], ParameterTable] = field(default_factory=dict)

    def pointer(self, parameter: Parameter, end: str | None, *, bound: bool) -> str:
        """The address of the table of a parameter."""
        stem = identifiers.short(identifiers.identifier(parameter.name))
        values = tuple(self._values(parameter, stem, end, bound=bound))
        if values not in self.parameters:
            self.parameters[values] = ParameterTable(
                c_name=self.tables.claim(stem, "parameter"), values=values
            )
        return f"&{self.parameters[values].c_name}"

    def _values(
        self, parameter: Parameter, stem: str, end: str | None, *, bound: bool
    ) -> list[str]:
        values = [f".name = {literals.string(parameter.name)}"]
        if pattern := value_pattern(parameter):
            values.append(f".pattern = &{self.tables.pattern(pattern, stem)}")
        if parameter.max_length:
            values.append(f".max_length = {parameter.max_length}")
        if rule := _rule(parameter):
            values.append(f".rule = {literals.string(rule)}")
        if parameter.multi_level:
            values.append(".multi_level = true")
        if bound:
            values.append(".bound = true")
        if end:
            values.append(f".end = {literals.string(end)}")
        return values


def _wish(prefix: str, channel: Channel) -> Wish:
    return Wish(
        owner=channel.key,
        words=channel.key,
        name=f"{prefix}_{identifiers.short(identifiers.snake(channel.key))}_address",
        location=channel.location,
    )


def _rule(parameter: Parameter) -> str | None:
    parts = []
    if parameter.max_length:
        parts.append(f"have at most {parameter.max_length} characters")
    if parameter.enum:
        parts.append(f"be {rules.either(parameter.enum)}")
    elif parameter.pattern:
        parts.append(f"match {parameter.pattern.regex}")
    return f"{parameter.name} must {' and '.join(parts)}" if parts else None

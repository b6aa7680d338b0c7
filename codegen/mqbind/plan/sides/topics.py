"""The topics of a side: addresses, their parameters, and the side's values for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mqbind.model.address import Parameter
from mqbind.model.protocol import Channel
from mqbind.plan.nodes.code import Call, Field, Function, Guard, Variable
from mqbind.plan.nodes.sides import SideValue
from mqbind.plan.nodes.topics import AddressCode, ParameterCode
from mqbind.plan.sides import comments
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.names import SideNames
from mqbind.plan.text import literals
from mqbind.plan.values import integer_types


@dataclass
class Topics:
    """Plans the addresses of one side; `incoming` and `outgoing` are its channels."""

    names: SideNames
    tables: AddressTables
    incoming: list[Channel]
    outgoing: list[Channel]
    addresses: dict[str, AddressCode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        received = [parameter for channel in self.incoming for parameter in channel.parameters]
        sent = [
            parameter
            for channel in self.outgoing
            for parameter in channel.parameters
            if parameter.per_side
        ]
        self._given = {parameter.name: parameter for parameter in reversed([*received, *sent])}
        # The runtime finds bindings by the first 32 values; those per side must be among them. The
        # order by name stays as it is when a topic is added.
        order = sorted([*received, *sent], key=lambda each: (not each.per_side, each.name))
        self._order = list(dict.fromkeys(parameter.name for parameter in order))
        fields = [self.names.fields[name] for name in self._order]
        self._places = {name: place for place, name in enumerate(self._order)}
        self.constants = self.names.constants.names("value", fields)
        self._dynamic = {
            channel.parameters[0].name: channel for channel in self.incoming if channel.dynamic
        }

    def values(self) -> tuple[SideValue, ...]:
        """The fields of the side, one for each parameter that can have a value."""
        return tuple(self._value(self._given[name]) for name in self._order)

    def places(self, channel: Channel) -> tuple[int, ...]:
        """For each parameter of a received address, the index of the side's value for it."""
        return tuple(self._places[parameter.name] for parameter in channel.parameters)

    def sent_places(self, channel: Channel) -> tuple[str, ...]:
        """For each parameter of a sent address, the constant of the side's value for it, or what
        says that each message has its own; empty if all have."""
        names = [parameter.name if parameter.per_side else "" for parameter in channel.parameters]
        if not any(names):
            return ()
        return tuple(
            self.constants[self._places[name]] if name else "MQB_VALUE_SENT" for name in names
        )

    def link_words(self, keys: Sequence[int]) -> list[str]:
        """A name for each set of values."""
        fields = [self.names.fields[name] for name in self._order]
        return [
            "_".join(name for place, name in enumerate(fields) if key >> place & 1) for key in keys
        ]

    def address(self, channel: Channel) -> AddressCode:
        if channel.key not in self.addresses:
            c_names = self.names.parameters(channel)
            self.addresses[channel.key] = AddressCode(
                c_name=self.tables.address(channel),
                texts=channel.address.texts,
                parameters=tuple(
                    self._parameter(parameter, c_names[parameter.name], place, channel)
                    for place, parameter in enumerate(channel.parameters)
                ),
            )
        return self.addresses[channel.key]

    def _parameter(
        self, parameter: Parameter, name: str, place: int, channel: Channel
    ) -> ParameterCode:
        text = ParameterCode(
            c_type="struct mqb_str",
            name=name,
            literal=literals.string(parameter.name),
            level=self._value(parameter).value if parameter.per_side else name,
            received=f"in->parameters[{place}]",
            printer="host_text",
            per_side=parameter.per_side,
            multi_level=parameter.multi_level,
            bound=parameter.per_side or channel.dynamic,
        )
        return _integer(text, parameter.storage) if parameter.storage else text

    def _value(self, parameter: Parameter) -> SideValue:
        c_name = self.names.fields[parameter.name]
        side = self.names.variable
        getter = None
        value = f"{side}->{c_name}"
        if parameter.per_side and parameter.default:
            getter = Function(
                name=f"{c_name}_of",
                parameters=(f"const struct {self.names.side} *{side}",),
                result="struct mqb_str",
            )
            value = f"{getter.name}({side})"
        comment = comments.side_value(parameter, self._dynamic.get(parameter.name))
        return SideValue(
            name=literals.string(parameter.name),
            field=Field(c_type="struct mqb_str", c_name=c_name, comment=comment),
            getter=getter,
            otherwise=f"MQB_STR({literals.string(parameter.default or '')})",
            constant=self.constants[self._places[parameter.name]],
            value=value,
            is_required=parameter.per_side and not parameter.default,
        )


def _integer(text: ParameterCode, storage: str) -> ParameterCode:
    """The parameter as an integer, converted from and to text."""
    kind = integer_types.stored(storage)
    suffix = "int" if kind.signed else "uint"
    arguments = (text.received, kind.literal(kind.low), kind.literal(kind.high), f"&{text.name}")
    return replace(
        text,
        c_type=kind.c_name,
        level=f"mqb_topic_level_from_{suffix}({text.name}, {text.name}_text)",
        received=f"({kind.c_name}){text.name}",
        printer=f"host_{suffix}",
        buffer=Variable(declaration=f"char {text.name}_text[MQB_NUMBER_BYTES]"),
        variable=Variable(declaration=f"{suffix}64_t {text.name}"),
        check=Guard(
            unless="!",
            call=Call(function=f"mqb_topic_level_to_{suffix}", arguments=arguments),
            result="mqb_inbound_refuse_parameter(in)",
        ),
    )

"""The topics of a side: addresses, their parameters, and the side's values for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from mqbind.model.address import Parameter
from mqbind.model.protocol import Channel
from mqbind.plan.nodes.code import Field
from mqbind.plan.nodes.sides import AddressCode, ParameterCode, SideValue
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.names import SideNames
from mqbind.plan.text import comments, literals
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
        # The runtime finds bindings by the first 32 values; those per side must be among them.
        order = sorted([*received, *sent], key=lambda parameter: not parameter.per_side)
        names = dict.fromkeys(parameter.name for parameter in order)
        self._order = {name: place for place, name in enumerate(names)}
        self._told = {
            channel.parameters[0].name: channel for channel in self.incoming if channel.dynamic
        }

    def side_values(self) -> tuple[SideValue, ...]:
        """The fields of the side, one for each parameter that can have a value."""
        return tuple(self._side_value(self._given[name]) for name in self._order)

    def places(self, channel: Channel) -> tuple[int, ...]:
        """For each parameter of a received address, the index of the side's value for it."""
        return tuple(self._order[parameter.name] for parameter in channel.parameters)

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
        self, parameter: Parameter, c_name: str, place: int, channel: Channel
    ) -> ParameterCode:
        kind = integer_types.stored(parameter.storage) if parameter.storage else None
        return ParameterCode(
            c_name=c_name,
            c_type=kind.c_name if kind else "struct mqb_str",
            place=place,
            value=self._side_value(parameter).value if parameter.per_side else c_name,
            per_side=parameter.per_side,
            multi_level=parameter.multi_level,
            bound=parameter.per_side or channel.dynamic,
            suffix="int" if kind and kind.signed else "uint",
            bounds=(kind.literal(kind.low), kind.literal(kind.high)) if kind else (),
            literal=literals.string(parameter.name),
        )

    def _side_value(self, parameter: Parameter) -> SideValue:
        c_name = self.names.fields[parameter.name]
        side = self.names.variable
        getter = f"{c_name}_of" if parameter.per_side and parameter.default else None
        member = f"{side}->{c_name}"
        return SideValue(
            name=literals.string(parameter.name),
            field=Field(c_type="struct mqb_str", c_name=c_name, comment=self._comment(parameter)),
            getter=getter,
            otherwise=f"MQB_STR({literals.string(parameter.default or '')})",
            value=f"{getter}({side})" if getter else member,
        )

    def _comment(self, parameter: Parameter) -> tuple[str, ...]:
        about = comments.sentence(parameter.description or parameter.name)
        if parameter.name in self._told:
            return comments.paragraphs(
                f"Topic to receive the messages of {self._told[parameter.name].key} on, which is "
                "not in the schema. Empty: none is received."
            )
        if not parameter.per_side:
            return comments.paragraphs(
                f"{about} Receives only topics with this value; empty takes any."
            )
        otherwise = f'empty means "{parameter.default}"' if parameter.default else "must be set"
        return comments.paragraphs(f"{about} A part of the server's topics; {otherwise}.")

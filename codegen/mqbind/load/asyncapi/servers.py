"""Servers: only their pathname, which precedes every address, affects the C code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mqbind.diagnostics import Location
from mqbind.load.asyncapi.addresses import parameters_of
from mqbind.load.asyncapi.bindings import check_bindings, connection
from mqbind.load.asyncapi.parameters import check_values, usable_values
from mqbind.load.document import object_specs, suggestions
from mqbind.load.document.nodes import Node, ObjectNode
from mqbind.load.jsonschema.context import Context
from mqbind.model.address import Parameter
from mqbind.model.protocol import Connection
from mqbind.rules import Rule

_OTHERS = re.compile(
    "amqp.*|anypointmq|googlepubsub|https?|ibmmq|jms|kafka.*|mercure|nats|pulsar|redis|ros2|sns|"
    "solace|sqs|stomps?"
)


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """The part that a server puts before an address: text that ends in a slash or is empty, and its
    parameters; `location` is that of the text."""

    prefix: str = ""
    location: Location | None = None
    parameters: tuple[Parameter, ...] = ()


class Servers:
    """The servers of a document, each with its part of the address. If `wanted` names one, only
    that one is used."""

    def __init__(self, document: ObjectNode, context: Context, wanted: str | None = None) -> None:
        self._context = context
        self._names: dict[Node, str] = {}
        self._entrances: dict[Node, Entrance] = {}
        self._connections: dict[Node, Connection] = {}
        self._location = document.key_location("servers")
        self._has_reported_others = wanted is not None
        for name, entry in context.table(document, "servers"):
            self._add(name, entry.value)
        self._wanted = None if wanted is None else self._named(wanted)
        if self._names and not self._entrances:
            context.diagnostics.warning(
                Rule.NO_MQTT_SERVER,
                self._location,
                "no MQTT server defined",
                "add one with `protocol: mqtt`, or check that this is the right document",
            )

    @property
    def connection(self) -> Connection | None:
        """How to connect to the server that is used, or else to the first one."""
        server = self._wanted or next(iter(self._entrances), None)
        return None if server is None else self._connections.get(server)

    def entrance(self, channel: ObjectNode) -> Entrance | None:
        """The text before the address of `channel`; None if no MQTT server that is used provides
        it."""
        carriers = self._of(channel)
        speaking = [server for server in carriers if server in self._entrances]
        if self._wanted is not None:
            return self._entrances[self._wanted] if self._wanted in speaking else None
        if not speaking:
            return None if carriers and self._entrances else Entrance()
        first = self._entrances[speaking[0]]
        if any(self._entrances[server].prefix != first.prefix for server in speaking):
            self._report_others(speaking)
        return first

    def _add(self, name: str, node: Node) -> None:
        server = self._context.object(node, object_specs.SERVER)
        if server is None:
            return
        self._names[server] = name
        variables = self._variables(server)
        if _OTHERS.fullmatch((server.text("protocol") or "").lower()):
            return
        binding = check_bindings(server, "server", self._context)
        if binding is not None:
            self._connections[server] = connection(name, binding, self._context)
        self._entrances[server] = self._read(server, variables)

    def _named(self, wanted: str) -> Node | None:
        """The server called `wanted`."""
        for server, name in self._names.items():
            if name == wanted and server in self._entrances:
                return server
        known = [self._names[server] for server in self._entrances]
        self._context.diagnostics.error(
            Rule.UNKNOWN_SERVER,
            self._location,
            f"no MQTT server is named `{wanted}`",
            suggestions.remedy(wanted, known, f"MQTT servers here: {suggestions.listing(known)}"),
        )
        return None

    def _variables(self, server: ObjectNode) -> dict[str, ObjectNode]:
        found = {
            name: self._context.object(entry.value, object_specs.SERVER_VARIABLE)
            for name, entry in self._context.table(server, "variables")
        }
        return {name: node for name, node in found.items() if node is not None}

    def _read(self, server: ObjectNode, variables: dict[str, ObjectNode]) -> Entrance:
        bare = (server.text("pathname") or "").rstrip("/")
        location = server.key_location("pathname")
        names = parameters_of(bare)
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._context.diagnostics.error(
                Rule.REPEATED_VARIABLE,
                location,
                f"variable `{name}` occurs more than once in the pathname",
                "use a different variable for each place",
            )
        return Entrance(
            prefix=f"{bare}/" if bare else "",
            location=location,
            parameters=tuple(
                self._parameter(name, variables.get(name), location)
                for name in dict.fromkeys(names)
            ),
        )

    def _parameter(self, name: str, variable: ObjectNode | None, location: Location) -> Parameter:
        if variable is None:
            self._context.diagnostics.warning(
                Rule.UNDECLARED_PARAMETER,
                location,
                f"variable `{name}` of the pathname is not declared",
                f"add `{name}` under the server's `variables`",
            )
            return Parameter(name=name, location=location, multi_level=True, per_side=True)
        check_values(variable, self._context.diagnostics)
        return Parameter(
            name=name,
            description=variable.text("description"),
            examples=variable.texts("examples"),
            location=variable.location,
            enum=usable_values(variable, self._context.diagnostics, multi_level=True),
            default=variable.text("default") or None,
            multi_level=True,
            per_side=True,
        )

    def _of(self, channel: ObjectNode) -> list[Node]:
        if not channel.items("servers"):
            return list(self._names)
        chosen = []
        for item in channel.items("servers"):
            target = self._context.references.follow(item)
            if target is None:
                continue
            if target not in self._names:
                self._context.diagnostics.error(
                    Rule.UNKNOWN_SERVER,
                    item.location,
                    "not a server of this document",
                    "refer to one: `$ref: '#/servers/...'`",
                )
                continue
            chosen.append(target)
        return chosen

    def _report_others(self, speaking: list[Node]) -> None:
        if self._has_reported_others:
            return
        self._has_reported_others = True
        first, *others = [self._names[server] for server in speaking]
        self._context.diagnostics.warning(
            Rule.DIFFERENT_PATHNAMES,
            self._location,
            f"the servers have different pathnames; the one of `{first}` is used",
            f"choose another with `--server NAME`: {suggestions.listing(others)}",
        )

"""Side files: what one role receives, sends and calls."""

from __future__ import annotations

from collections.abc import Mapping

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Connection, Protocol
from mqbind.plan.nodes.sides import Macro, SideFile
from mqbind.plan.sides import comments
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.handlers import Handlers
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.overlaps import Rivals
from mqbind.plan.sides.receiving import Receiving
from mqbind.plan.sides.replies import Replies
from mqbind.plan.sides.requests import Requests
from mqbind.plan.sides.sending import Sending
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import literals
from mqbind.plan.text.comments import comment_text, source_heading


def plan_side(
    protocol: Protocol,
    role: str,
    symbols: SymbolTable,
    c_types: Mapping[str, str],
    rivals: Rivals,
    tables: AddressTables,
    diagnostics: Diagnostics,
) -> SideFile:
    """The file of one role. `c_types` are those of payloads, by the key of the message."""
    side = SideContext(protocol, role, symbols, c_types, rivals, tables, diagnostics)
    replies = Replies(side)
    for pair in side.pairs:
        replies.type_of(pair)
    receiving = Receiving(side, Handlers(side, replies))
    routes, route_order = receiving.routes()
    sending = Sending(side)
    requests = Requests(side, replies).requests()
    connection = protocol.connection if role == protocol.role else None
    constants = side.names.constants
    return SideFile(
        file_stem=side.prefix,
        guard=f"{side.prefix.upper()}_H",
        role=role,
        c_name=side.prefix,
        variable=side.names.variable,
        heading=comments.side_heading(protocol, role, f"{side.prefix}.h"),
        source_heading=source_heading(protocol, f"{side.prefix}.c"),
        server=comment_text(connection.server) if connection else "",
        connection=_macros(connection, side.prefix.upper()) if connection else (),
        includes=_includes(side),
        values=side.topics.values(),
        value_numbers=constants.numbering(
            "value", side.topics.constants, "Private: the values of topic parameters."
        ),
        links=receiving.links(),
        request_numbers=constants.numbering(
            "request", list(side.names.kinds.values()), "The operations that calls are of."
        ),
        takes_properties=any(map(_has_properties, side.incoming)),
        gives_properties=any(map(_has_properties, side.outgoing)),
        chooses_qos=any(traffic.operation.qos_choice for traffic in side.outgoing),
        correlates=any(request.correlate for request in requests),
        routes=routes,
        route_order=route_order,
        echo_places=receiving.echo_places(),
        router=receiving.router() if routes else None,
        rivals=sending.rivals(),
        senders=sending.senders(),
        reply_types=tuple(replies.types.values()),
        requests=requests,
        host_role=literals.string(role),
        host_bind=f"bind_{side.names.variable}" if routes else "NULL",
    )


def _has_properties(traffic: Traffic) -> bool:
    return any(traffic.properties.values())


def _includes(side: SideContext) -> tuple[str, ...]:
    used = [m for traffic in (*side.incoming, *side.outgoing) for m in traffic.messages]
    headers = {f"{side.symbols.message_name(message)}.h" for message in used}
    return tuple(sorted(headers))


def _macros(connection: Connection, prefix: str) -> tuple[Macro, ...]:
    values: dict[str, str] = {}
    if connection.client_id is not None:
        values["CLIENT_ID"] = literals.string(connection.client_id)
    if connection.keep_alive_s is not None:
        values["KEEPALIVE_S"] = str(connection.keep_alive_s)
    if connection.clean_session is not None:
        values["KEEP_SESSION"] = literals.flag(not connection.clean_session)
    if connection.will is not None:
        values["WILL_TOPIC"] = literals.string(connection.will.topic)
        values["WILL_PAYLOAD"] = f"MQB_STR({literals.string(connection.will.payload)})"
        values["WILL_QOS"] = str(connection.will.qos)
        values["WILL_RETAIN"] = literals.flag(connection.will.retain)
    return tuple(Macro(c_name=f"{prefix}_{name}", value=value) for name, value in values.items())

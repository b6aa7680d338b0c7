"""Side files: what one role receives, sends and calls."""

from __future__ import annotations

from collections.abc import Mapping

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Connection, Protocol
from mqbind.plan.nodes.sides import Macro, SideFile
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.overlaps import Rivals
from mqbind.plan.sides.receiving import Receiving
from mqbind.plan.sides.replies import Replies
from mqbind.plan.sides.requests import Requests
from mqbind.plan.sides.sending import Sending
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals


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
    receiving = Receiving(side, replies)
    routes, route_order = receiving.routes()
    senders = Sending(side).senders()
    calls = Requests(side, replies).calls()
    connection = protocol.connection if role == protocol.role else None
    return SideFile(
        file_stem=side.prefix,
        guard=f"{side.prefix.upper()}_H",
        role=role,
        c_name=side.prefix,
        variable=side.names.variable,
        heading=comments.side_heading(protocol, role, f"{side.prefix}.h"),
        server=comments.comment_text(connection.server) if connection else "",
        connection=_macros(connection, side.prefix.upper()) if connection else (),
        includes=_includes(side),
        filters=side.topics.side_values(),
        routes=routes,
        route_order=route_order,
        router=receiving.router(route_order),
        rivals=tuple(dict.fromkeys(each.rivals for each in senders if each.rivals)),
        senders=senders,
        reply_types=tuple(replies.types.values()),
        calls=calls,
    )


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

"""Servers: all that reaches C is the prefix that they put before every address."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mqbind.load import shapes
from mqbind.load.bindings import check_bindings
from mqbind.load.context import Context
from mqbind.load.nodes import Node, ObjectNode, ScalarNode

_OTHERS = re.compile(
    "amqp.*|anypointmq|googlepubsub|https?|ibmmq|jms|kafka.*|mercure|nats|pulsar|redis|ros2|sns|"
    "solace|sqs|stomps?"
)


class Servers:
    """The servers of a document, each with its part of the address."""

    def __init__(self, document: ObjectNode, context: Context) -> None:
        self._context = context
        self._pathnames: dict[Node, ScalarNode | None] = {}
        self._all: list[Node] = []
        entries = context.table(document, "servers")
        for _, entry in entries:
            self._add(entry.value)
        if entries and not self._pathnames:
            context.diagnostics.warning(
                document.key_location("servers"),
                "no server speaks MQTT",
                "add one with `protocol: mqtt`, or check that this is the right document",
            )

    def _add(self, node: Node) -> None:
        server = self._context.object(node, shapes.SERVER)
        if server is None:
            return
        self._all.append(server)
        for _, entry in self._context.table(server, "variables"):
            self._context.object(entry.value, shapes.SERVER_VARIABLE)
        if _OTHERS.fullmatch((server.text("protocol") or "").lower()):
            return
        check_bindings(server, "server", self._context)
        pathname = server.get("pathname")
        self._pathnames[server] = pathname if isinstance(pathname, ScalarNode) else None

    def prefix(self, channel: ObjectNode) -> str:
        """What stands before the address of `channel`, with its slash."""
        chosen = self._of(channel)
        found = [self._pathnames[server] for server in chosen if server in self._pathnames]
        texts = {_text(pathname) for pathname in found}
        if len(texts) > 1:
            last = [pathname for pathname in found if pathname is not None][-1]
            self._context.diagnostics.error(
                last.location,
                "servers with different pathnames are not compiled",
                "keep the servers of one pathname, or give each its own document",
            )
        if "{" in "".join(texts):
            self._report_variable(pathname for pathname in found if "{" in _text(pathname))
            return ""
        return texts.pop() if len(texts) == 1 else ""

    def _of(self, channel: ObjectNode) -> list[Node]:
        if "servers" not in channel or not channel.items("servers"):
            return self._all
        chosen = []
        for item in channel.items("servers"):
            target = self._context.references.follow(item)
            if target is None:
                continue
            if target not in self._all:
                self._context.diagnostics.error(
                    item.location,
                    "this is none of the document's servers",
                    "refer to one: `$ref: '#/servers/...'`",
                )
            chosen.append(target)
        return chosen

    def _report_variable(self, pathnames: Iterable[ScalarNode | None]) -> None:
        for pathname in pathnames:
            if pathname is not None:
                self._context.diagnostics.error(
                    pathname.location,
                    "variables in a pathname are not compiled",
                    "write the value, or make that level a parameter of the channels' addresses",
                )


def _text(pathname: ScalarNode | None) -> str:
    if pathname is None or not isinstance(pathname.value, str):
        return ""
    bare = pathname.value.rstrip("/")
    return f"{bare}/" if bare else ""

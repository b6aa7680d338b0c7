"""Operations: who sends which messages over which channel, and who answers."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.load import shapes, suggest
from mqbind.load.bindings import delivery
from mqbind.load.channels import Channels, Source
from mqbind.load.context import Context, description_of
from mqbind.load.messages import Messages
from mqbind.load.nodes import Entry, Node, ObjectNode
from mqbind.load.traits import merge_traits
from mqbind.model.protocol import Operation, Reply


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Whose view the document describes, and who is at the other end unless a channel or an
    operation says otherwise."""

    own: str
    peer: str


@dataclass(frozen=True, kw_only=True)
class Operations:
    """Reads the operations of a document."""

    channels: Channels
    messages: Messages
    roles: Roles
    context: Context

    def read(self, document: ObjectNode) -> tuple[Operation, ...]:
        found = [
            self._operation(key, entry) for key, entry in self.context.table(document, "operations")
        ]
        return tuple(operation for operation in found if operation is not None)

    def _operation(self, key: str, entry: Entry) -> Operation | None:
        bare = self.context.object(entry.value, shapes.OPERATION)
        if bare is None:
            return None
        node = merge_traits(bare, shapes.OPERATION_TRAIT, self.context)
        how = delivery(node, self.context)
        sends = self._sends(node)
        channel = self._channel(node)
        if channel is None:
            return None
        peer = node.text("x-mqbind-peer-role") or channel.peer or self.roles.peer
        self._check_peer(peer, node)
        return Operation(
            key=key,
            name=node.text("x-mqbind-name"),
            title=node.text("title"),
            description=description_of(node),
            channel=channel.key,
            messages=self._messages(node, channel),
            sender=self.roles.own if sends else peer,
            receiver=peer if sends else self.roles.own,
            qos=how.qos,
            retain=how.retain,
            reply=self._reply(node),
            location=entry.location,
            group=node.text("x-mqbind-shared-group"),
        )

    def _sends(self, node: ObjectNode) -> bool:
        action = node.text("action")
        if action is not None and action not in ("send", "receive"):
            value = node.get("action")
            assert value is not None
            self.context.diagnostics.error(
                value.location,
                f"unknown action `{action}`",
                suggest.remedy(action, ("send", "receive"), "write `send` or `receive`"),
            )
        return action == "send"

    def _check_peer(self, peer: str, node: ObjectNode) -> None:
        if peer == self.roles.own:
            self.context.diagnostics.error(
                node.key_location("x-mqbind-peer-role"),
                f"`{peer}` is the document's own role",
                "name the role at the other end",
            )

    def _channel(self, node: ObjectNode) -> Source | None:
        channel = node.get("channel")
        return None if channel is None else self._named_channel(channel)

    def _named_channel(self, node: Node) -> Source | None:
        if isinstance(node, ObjectNode) and "$ref" not in node:
            self.context.diagnostics.error(
                node.location,
                "a channel is named by a reference",
                "write it under `channels` and `$ref: '#/channels/...'` here",
            )
            return None
        return self.channels.source(node)

    def _messages(self, node: ObjectNode, channel: Source) -> tuple[str, ...]:
        """The messages that `node` lists, or all of the channel's."""
        if "messages" not in node:
            return channel.messages
        keys = [self._message(item, channel) for item in node.items("messages")]
        if not keys:
            self.context.diagnostics.error(
                node.key_location("messages"),
                "`messages` is empty",
                "list messages of the channel, or leave `messages` out for all of them",
            )
        return tuple(dict.fromkeys(key for key in keys if key is not None))

    def _message(self, node: Node, channel: Source) -> str | None:
        target = self.context.references.follow(node)
        if target is None:
            return None
        key = self.messages.key(target)
        if key in channel.messages:
            return key
        if key is None or not self.messages.failed(target):
            self.context.diagnostics.error(
                node.location,
                f"this is no message of channel `{channel.key}`",
                f"add it to the channel, or refer to one: `#/channels/{channel.key}/messages/...`",
            )
        return None

    def _reply(self, node: ObjectNode) -> Reply | None:
        value = node.get("reply")
        reply = None if value is None else self.context.object(value, shapes.REPLY)
        if reply is None:
            return None
        if "address" in reply:
            self.context.diagnostics.error(
                reply.key_location("address"),
                "a reply address that is told at run time is not compiled",
                "name the `channel` that carries the reply",
            )
            return None
        channel = reply.get("channel")
        if channel is None:
            self.context.diagnostics.error(
                reply.location,
                "a reply without `channel` is not compiled",
                "name the `channel` that carries the reply",
            )
            return None
        source = self._named_channel(channel)
        if source is None:
            return None
        return Reply(channel=source.key, messages=self._messages(reply, source))

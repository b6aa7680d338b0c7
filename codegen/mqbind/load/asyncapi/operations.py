"""Operations: who sends which messages over which channel, and who replies."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mqbind.load.asyncapi.bindings import Delivery, delivery, qos_choice, reply_delivery
from mqbind.load.asyncapi.channels import Channels, Source
from mqbind.load.asyncapi.messages import Messages, checked_expression
from mqbind.load.asyncapi.traits import merge_traits
from mqbind.load.document import object_specs, suggestions
from mqbind.load.document.nodes import Entry, Node, ObjectNode, ScalarNode, escape, segments
from mqbind.load.jsonschema.context import Context, description_of
from mqbind.load.jsonschema.type_hint import last_word
from mqbind.model.protocol import Operation, Reply
from mqbind.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The role whose view the document describes, and the role at the other end unless a channel or
    an operation says otherwise."""

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
        """The operations, each followed by its reply unless another operation carries that."""
        found = [
            operation
            for key, entry in self.context.table(document, "operations")
            if (operation := self._operation(key, entry)) is not None
        ]
        every: list[Operation] = []
        for operation in found:
            every.append(operation)
            answer = _answer(operation, [*found, *every])
            if answer is not None:
                every.append(answer)
        return tuple(every)

    def _operation(self, key: str, entry: Entry) -> Operation | None:
        bare = self.context.object(entry.value, object_specs.OPERATION)
        if bare is None:
            return None
        node = merge_traits(bare, object_specs.OPERATION_TRAIT, self.context)
        sends = self._sends(node)
        channel = self._channel(node)
        how = delivery(node, None if channel is None else channel.binding, self.context)
        if channel is None:
            return None
        peer = node.text("x-mqbind-peer-role") or channel.peer or self.roles.peer
        self._check_peer(peer, node)
        messages = self._messages(node, channel)
        timeout = node.get("x-mqbind-timeout-ms")
        limit = timeout.value if isinstance(timeout, ScalarNode) else None
        return Operation(
            key=key,
            name=node.text("x-mqbind-name"),
            title=node.text("title"),
            description=description_of(node),
            channel=channel.key,
            messages=messages,
            sender=self.roles.own if sends else peer,
            receiver=peer if sends else self.roles.own,
            qos=how.qos,
            retain=how.retain,
            reply=self._reply(node, messages, how),
            location=entry.location,
            group=node.text("x-mqbind-shared-group"),
            timeout_ms=limit if isinstance(limit, int) else None,
            qos_choice=qos_choice(node, how, self.context),
        )

    def _sends(self, node: ObjectNode) -> bool:
        action = node.text("action")
        if action is not None and action not in ("send", "receive"):
            value = node.get("action")
            assert value is not None
            self.context.diagnostics.error(
                Rule.INVALID_FIELD_VALUE,
                value.location,
                f"unknown action `{action}`",
                suggestions.remedy(action, ("send", "receive"), "write `send` or `receive`"),
            )
        return action == "send"

    def _check_peer(self, peer: str, node: ObjectNode) -> None:
        if peer == self.roles.own:
            self.context.diagnostics.error(
                Rule.PEER_IS_OWN_ROLE,
                node.key_location("x-mqbind-peer-role"),
                f"`{peer}` is the document's own role",
                "name the role at the other end",
            )

    def _channel(self, node: ObjectNode) -> Source | None:
        channel = node.get("channel")
        return None if channel is None else self._named_channel(channel)

    def _named_channel(self, node: Node) -> Source | None:
        if isinstance(node, ObjectNode) and "$ref" not in node and not self.channels.lists(node):
            self.context.diagnostics.error(
                Rule.INLINE_CHANNEL,
                node.location,
                "`channel` must be a reference",
                "define the channel under `channels` and write `$ref: '#/channels/...'` here",
            )
            return None
        return self.channels.source(node)

    def _messages(self, node: ObjectNode, channel: Source) -> tuple[str, ...]:
        """The messages that `node` lists, or all of the channel's."""
        if "messages" not in node:
            if channel.silent:
                self.context.diagnostics.warning(
                    Rule.NO_MESSAGES,
                    node.key_location("channel"),
                    f"channel `{channel.key}` has no messages: no code is generated for this",
                    "list its messages under the channel's `messages`",
                )
            return channel.messages
        if not node.items("messages"):
            self.context.diagnostics.warning(
                Rule.NO_MESSAGES,
                node.key_location("messages"),
                "`messages` is empty: no code is generated for this",
                "list messages of the channel, or omit `messages` to use all of them",
            )
        keys = [self._message(item, channel) for item in node.items("messages")]
        return tuple(dict.fromkeys(key for key in keys if key is not None))

    def _message(self, node: Node, channel: Source) -> str | None:
        target = self.context.references.follow(node)
        if target is None:
            return None
        key = self.messages.key(target)
        if key in channel.messages:
            return key
        if segments(target.pointer)[-3:-1] == ["components", "messages"]:
            self._report_unlisted(node, target, channel)
            return self.messages.add(target)
        if key is None or not self.messages.failed(target):
            self.context.diagnostics.error(
                Rule.MESSAGE_NOT_IN_CHANNEL,
                node.location,
                f"not a message of channel `{channel.key}`",
                f"add it to the channel, or refer to one: `#/channels/{channel.key}/messages/...`",
            )
        return None

    def _report_unlisted(self, node: Node, message: Node, channel: Source) -> None:
        word = last_word(message)
        self.context.diagnostics.warning(
            Rule.MESSAGE_NOT_IN_CHANNEL,
            node.location,
            f"`{word}` is not a message of channel `{channel.key}`, but is used anyway",
            f"add `{word}: {{$ref: '#{message.pointer}'}}` to the channel's `messages`, and write "
            f"`$ref: '#/channels/{escape(channel.key)}/messages/{escape(word)}'` here",
        )

    def _reply(self, node: ObjectNode, asked: tuple[str, ...], request: Delivery) -> Reply | None:
        value = node.get("reply")
        reply = None if value is None else self.context.object(value, object_specs.REPLY)
        if reply is None:
            return None
        address = reply.get("address")
        where = (
            None if address is None else self.context.object(address, object_specs.REPLY_ADDRESS)
        )
        channel = reply.get("channel")
        if channel is None:
            self.context.diagnostics.warning(
                Rule.NO_MESSAGES,
                reply.location,
                "a reply without `channel` has no messages: no code is generated for it",
                "name the `channel` of the reply; its `address` may be null",
            )
            return None
        source = self._named_channel(channel)
        if source is None:
            return None
        location = None
        if where is not None and self.channels.found[source.key].dynamic:
            location = self._reply_location(where, asked)
        elif where is not None:
            self.context.diagnostics.warning(
                Rule.UNUSED_REPLY_ADDRESS,
                reply.key_location("address"),
                f"`address` has no effect: replies go to the address of channel `{source.key}`",
                "set the channel's `address` to null if requests say where to reply",
            )
        how = reply_delivery(source.binding, request, self.context)
        return Reply(
            channel=source.key,
            messages=self._messages(reply, source),
            qos=how.qos,
            retain=how.retain,
            location=location,
        )

    def _reply_location(self, address: ObjectNode, asked: tuple[str, ...]) -> str | None:
        """Where a request, one of the messages `asked`, says where to reply."""
        text = address.text("location")
        if text is None:
            return None
        location = checked_expression(text, address.key_location("location"), self.context)
        if location is None:
            return None
        return self.messages.in_payload(location, asked)


def _answer(operation: Operation, others: list[Operation]) -> Operation | None:
    """The reply as a separate operation, with the messages that no other operation carries."""
    answer = operation.answer()
    if answer is None:
        return None
    carried = {
        key
        for other in others
        if other.channel == answer.channel and other.receiver == answer.receiver
        for key in other.messages
    }
    missing = tuple(key for key in answer.messages if key not in carried)
    return replace(answer, messages=missing) if missing else None

"""The types of replies, and which calls a message may complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mqbind.model.protocol import Message
from mqbind.plan.nodes.code import Field, Function
from mqbind.plan.nodes.sides import ReplyType
from mqbind.plan.sides.calls import Pair
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.names import reply_owner
from mqbind.plan.symbols import identifiers
from mqbind.plan.text import comments, rules


@dataclass
class Replies:
    """The types, by the operation or message that they are named after, each planned once."""

    side: SideContext
    types: dict[str, ReplyType] = field(default_factory=dict)

    def completed_by(self, message: Message) -> Sequence[Pair]:
        return self._pairs_by_reply.get(message.key, ())

    @cached_property
    def _pairs_by_reply(self) -> Mapping[str, list[Pair]]:
        """The calls that each message may end, by its key."""
        found: dict[str, list[Pair]] = {}
        for pair in self.side.pairs:
            for key in dict.fromkeys(reply.key for reply in pair.replies):
                found.setdefault(key, []).append(pair)
        return found

    def type_of(self, pair: Pair) -> ReplyType:
        owner = reply_owner(pair)
        if owner not in self.types:
            self.types[owner] = self._new_type(pair)
        return self.types[owner]

    def _new_type(self, pair: Pair) -> ReplyType:
        name = self.side.names.replies[reply_owner(pair)]
        if len(pair.replies) == 1:
            [reply] = pair.replies
            forms: tuple[Field, ...] = ()
            c_type, title = self.side.c_types[reply.key], reply.title or reply.name
        else:
            forms = tuple(map(self._form, pair.replies))
            c_type = f"struct {self.side.prefix}_{name}"
            title = f"{rules.either([reply.name for reply in pair.replies])}: one is not NULL"
        c_name = f"{self.side.prefix}_on_{name}"
        return ReplyType(
            c_name=c_name,
            forms=forms,
            comment=comments.paragraphs(comments.sentence(title)),
            message_c_type=c_type,
            pointer=f"{c_name} *const on_reply",
            cast=f"({c_name} *)finished->on_reply",
            callback=Function(
                name=c_name,
                parameters=(
                    self.side.struct,
                    "void *user",
                    "enum mqb_status status",
                    f"const {c_type} *reply",
                ),
                result="typedef void",
                exported=True,
            ),
            finish=Function(
                name=f"finish_{name}",
                parameters=(
                    "const struct mqb_call *finished",
                    "enum mqb_status status",
                    "const void *reply",
                ),
            ),
        )

    def _form(self, reply: Message) -> Field:
        c_name = identifiers.identifier(self.side.symbols.message_stems[reply.key])
        return Field(c_type=f"const {self.side.c_types[reply.key]} *", c_name=c_name, comment=())

    def expression(self, pair: Pair, message: Message, spelled: str) -> str:
        """The type of the reply of a call."""
        reply = self.type_of(pair)
        if not reply.forms:
            return spelled
        form = reply.forms[pair.replies.index(message)]
        return f"&(const {reply.message_c_type}){{.{form.c_name} = {spelled}}}"

"""Writes the C that lets sides.c drive every side of a schema: generate.py SCHEMA OUTPUT."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import read
from mqbind.plan.build import build_plan
from mqbind.plan.nodes.files import Plan
from mqbind.plan.nodes.sides import Exchange, PropertyCode, ReplyType, Sender, SideFile
from mqbind.plan.nodes.topics import ParameterCode

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A message as one side meets it: a handler, an action, or a reply."""

    name: str
    c_name: str
    c_type: str | None
    """None for the event that a retained message was deleted."""
    is_typed: bool
    arguments: tuple[str, ...] = ()
    """The parameters of its handler."""
    function: str = ""
    """What sends it."""
    parameters: tuple[ParameterCode, ...] = ()
    properties: tuple[PropertyCode, ...] = ()
    reply: str | None = None
    """The name of the message that answers it, if it can be called with."""
    forms: tuple[Spoken, ...] = ()
    """The messages of which a reply is one, if there are several."""

    @property
    def values(self) -> tuple[str, ...]:
        """What goes with the payload when it is sent or received: names, as C literals."""
        parameters = tuple(each.literal for each in self.parameters)
        return parameters + tuple(each.literal for each in self.properties)

    @property
    def encoder(self) -> str:
        return f"{self.c_name}_print" if self.is_typed else "side_encode_bytes"


@dataclass(frozen=True, kw_only=True)
class Role:
    file: SideFile
    name: str
    handlers: tuple[Spoken, ...]
    actions: tuple[Spoken, ...]
    replies: tuple[Spoken, ...]


def role(plan: Plan, side: SideFile) -> Role:
    handlers = [handler for route in side.routes for handler in route.every_handler]
    return Role(
        file=side,
        name=side.variable,
        handlers=tuple(
            replace(exchanged(handler.message), arguments=handler.pointer.parameters)
            for handler in handlers
        ),
        actions=tuple(action(side, sender) for sender in side.senders),
        replies=tuple(replied(plan, side, reply) for reply in side.reply_types),
    )


def exchanged(message: Exchange, reply: str | None = None) -> Spoken:
    return Spoken(
        name=message.name,
        c_name=message.c_name,
        c_type=message.c_type,
        is_typed=message.is_typed,
        parameters=message.address.arguments,
        properties=message.properties,
        reply=reply,
    )


def action(side: SideFile, sender: Sender) -> Spoken:
    replies = {each.message.name: reply_name(side, each.reply) for each in side.requests}
    message = sender.message
    spoken = exchanged(message, replies.get(message.name) if message.c_type else None)
    verb = "" if message.c_type else "delete_"
    return replace(spoken, name=verb + spoken.name, function=sender.function.name)


def replied(plan: Plan, side: SideFile, reply: ReplyType) -> Spoken:
    name = reply_name(side, reply)
    return Spoken(
        name=name,
        c_name=f"{plan.prefix}_{name}",
        c_type=reply.message_c_type,
        is_typed=True,
        forms=tuple(
            Spoken(
                name=form.c_name,
                c_name=f"{plan.prefix}_{form.c_name}",
                c_type=form.c_type.removeprefix("const ").removesuffix(" *"),
                is_typed=True,
            )
            for form in reply.forms
        ),
    )


def reply_name(side: SideFile, reply: ReplyType) -> str:
    return reply.c_name.removeprefix(f"{side.c_name}_on_")


def main(schema: Path, output: Path) -> None:
    diagnostics = Diagnostics()
    plan = build_plan(read(schema, diagnostics), diagnostics)
    roles = [role(plan, side) for side in plan.sides]
    spoken = [
        each
        for one in roles
        for heard in (*one.handlers, *one.replies)
        for each in heard.forms or (heard,)
    ]
    encoders = {each.c_name: each for each in spoken if each.is_typed}
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    template = environment.get_template("roles.c.j2")
    output.write_text(template.render(plan=plan, roles=roles, encoders=encoders.values()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

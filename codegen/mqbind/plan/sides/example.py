"""The example in the generated README: a handler, how a side is bound, and how it sends."""

from __future__ import annotations

from collections.abc import Sequence

from mqbind.plan.nodes.code import Call, Function, Variable
from mqbind.plan.nodes.sides import (
    Example,
    ExampleHandler,
    ExampleSender,
    Handler,
    Sender,
    SideFile,
)

_NAMES = ("client", "handlers", "start")
"""Names in the example that the side must not have."""


def plan_example(sides: Sequence[SideFile]) -> Example | None:
    """The example for the first side that sends and receives, or else for one that does either."""
    used = [side for side in sides if side.routes or side.senders]
    if not used:
        return None
    side = next((each for each in used if each.routes and each.senders), used[0])
    handlers = [handler for route in side.routes for handler in route.handlers]
    return Example(
        role=side.role,
        include=f"{side.file_stem}.h",
        handler=_handler(side, handlers[0]) if handlers else None,
        sender=_sender(side, side.senders[0]) if side.senders else None,
    )


def _handler(side: SideFile, handler: Handler) -> ExampleHandler:
    name = f"on_{handler.message.name}"
    parameters = handler.pointer.parameters
    variable = "side" if side.variable in _NAMES else side.variable
    required = [value.field.c_name for value in side.values if value.is_required]
    return ExampleHandler(
        comment=handler.comment,
        function=Function(name=name, parameters=parameters, result="enum mqb_status"),
        unused=tuple(parameter.replace("*", " ").split()[-1] for parameter in parameters),
        handlers=Variable(
            declaration=f"static const struct {side.c_name}_handlers handlers",
            values=(f".{handler.message.name} = {name}",),
        ),
        side=Variable(
            declaration=f"static struct {side.c_name} {variable}",
            values=(".handlers = &handlers",),
        ),
        settings=(
            f"{variable}.client = client",
            *(f'{variable}.{name} = MQB_STR("...")' for name in required),
        ),
        bind=Call(function=f"{side.c_name}_bind", arguments=(f"&{variable}",)),
    )


def _sender(side: SideFile, sender: Sender) -> ExampleSender:
    message = sender.message
    return ExampleSender(
        comment=sender.comment,
        function=Function(
            name=f"send_{message.name}",
            parameters=sender.function.parameters[:-1],
            result=sender.function.result,
            exported=True,
        ),
        message=Variable(declaration=f"{message.c_type} message")
        if message.is_typed
        else Variable(declaration=f"const {message.c_type} message", values=('"bytes"', "5")),
        init=Call(function=f"{message.c_name}_init", arguments=("&message",))
        if message.is_typed
        else None,
        send=Call(
            function=sender.function.name,
            arguments=(
                side.variable,
                *(each.name for each in message.address.arguments),
                *(each.c_name for each in message.properties),
                "&message",
            ),
        ),
    )

"""The calls that read values in the first pass of the profile `speed`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mqbind.plan.nodes.code import Call, FirstPass

_RUNTIME = {
    "mqb_reader_int": "mqb_fast_int",
    "mqb_reader_uint": "mqb_fast_uint",
    "mqb_reader_double": "mqb_fast_double",
    "mqb_reader_bool": "mqb_fast_bool",
    "mqb_reader_string": "mqb_fast_string",
    "mqb_reader_scalar": "mqb_fast_scalar",
    "mqb_reader_null": "mqb_fast_null",
    "mqb_reader_check": "mqb_fast_check",
}
"""The functions of the runtime that have another one for the first pass."""

_WITHOUT_RULE = frozenset({"mqb_reader_int", "mqb_reader_uint", "mqb_reader_check"})
"""Those that are given a rule in words, at the end, which the others do without."""


def first_pass_name(function: str) -> str:
    """The function of the first pass beside a generated one."""
    if function.startswith("read_"):
        return f"fast_{function.removeprefix('read_')}"
    return f"{function.removesuffix('_read')}_fast"


def first_pass(call: Call) -> Iterator[Call]:
    """The statements that do in the first pass what a call does, if it is not of that pass."""
    if call.arguments[0] == FirstPass.PASS:
        yield call
        return
    if call.only and call.cast == "void":
        text = f"MQB_FAST_NAME({call.only})"
        yield Call(function="mqb_fast_constant", arguments=(FirstPass.PASS, text))
        return
    if call.function in _RUNTIME:
        end = -1 if call.function in _WITHOUT_RULE else None
        yield replace(
            call,
            function=_RUNTIME[call.function],
            arguments=(FirstPass.PASS, *call.arguments[1:end]),
        )
        return
    if call.first_pass is None:
        yield replace(call, arguments=(FirstPass.READER, *call.arguments[1:]))
    else:
        yield replace(
            call,
            function=first_pass_name(call.function),
            arguments=(call.first_pass, *call.arguments[1:]),
        )
    if call.first_pass is not FirstPass.PASS:
        yield Call(function="mqb_fast_in", arguments=(FirstPass.PASS,))

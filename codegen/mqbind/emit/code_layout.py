"""Layout of statements: calls, conditions, variables."""

from __future__ import annotations

from collections.abc import Sequence

from mqbind.emit.layout import COLUMNS, doc_comment, parenthesised, statement
from mqbind.plan.nodes.code import Call, Guard, Variable
from mqbind.plan.nodes.sides import Numbering


def step(made: Call | Guard, indent: int = 4) -> str:
    """A call as a statement, or with the return that depends on its result."""
    if isinstance(made, Call):
        return statement(made, indent)
    margin = " " * indent
    call = made.call
    head = parenthesised(
        f"if ({made.unless}{call.function}", call.arguments, f"{made.compared}) {{", indent
    )
    result = f" {made.result}" if made.result else ""
    return f"{head}\n{margin}    return{result};\n{margin}}}"


def switch(choose: Call, indent: int = 4) -> str:
    """The head of a switch over the result of a call."""
    return parenthesised(f"switch ({choose.function}", choose.arguments, ") {", indent)


def expression(call: Call) -> str:
    """The call as a part of an expression."""
    return f"{call.function}({', '.join(call.arguments)})"


def any_of(conditions: Sequence[str], indent: int = 4) -> str:
    """The head of an `if` with several conditions."""
    return parenthesised("if ", [" || ".join(conditions)], " {", indent)


def variable(declared: Variable, indent: int = 4) -> str:
    """The definition of a variable, its values on one line or on one line each."""
    margin = " " * indent
    if declared.values is None:
        return f"{margin}{declared.declaration};"
    line = f"{margin}{declared.declaration} = {{{', '.join(declared.values)}}};"
    if len(line) <= COLUMNS:
        return line
    rows = "".join(f"{margin}    {value},\n" for value in declared.values)
    return f"{margin}{declared.declaration} = {{\n{rows}{margin}}};"


def table(declared: Variable) -> str:
    """The definition of a constant, with one value a line."""
    rows = "".join(f"    {value},\n" for value in declared.values or ())
    return f"{declared.declaration} = {{\n{rows}}};"


def numbering(numbers: Numbering) -> str:
    """An enum whose last constant is the number of the others."""
    rows = "".join(f"    {name},\n" for name in (*numbers.constants, numbers.count))
    return f"{doc_comment(numbers.comment)}enum {{\n{rows}}};"

"""Layout of C: calls and comments on lines of at most 100 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from mqbind.plan.nodes.code import Call, Function, declared
from mqbind.plan.nodes.files import Constant

COLUMNS = 100

_LITERAL_MAX = 4095

_OPERATOR = re.compile(r'"(?:\\.|[^"\\])*"| (&&|\|\|) ')
"""A string literal, or an operator outside of one."""

_PART = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^,"])+(?:,|$) ?')
"""What ends with a comma outside of a string literal."""


def statement(call: Call, indent: int = 4) -> str:
    """The call as a statement."""
    target = f"{call.target} = " if call.target else ""
    return _lay_out(target, call, ";", indent)


def returned(call: Call, indent: int = 4) -> str:
    """The call as the result of the function that it is in."""
    return _lay_out("return ", call, ";", indent)


def declaration(call: Call, c_type: str, name: str, indent: int = 4) -> str:
    """A constant variable initialized with the result of the call."""
    return _lay_out(f"const {c_type} {name} = ", call, ";", indent)


def _lay_out(before: str, call: Call, after: str, indent: int) -> str:
    cast = f"({call.cast})" if call.cast else ""
    head = f"{cast}{call.function}"
    line = f"{head}({', '.join(call.arguments)}){after}"
    if before.endswith("= ") and _fits(line, indent + 4) and not _fits(before + line, indent):
        margin = " " * indent
        return f"{margin}{before.rstrip()}\n{margin}    {line}"
    return parenthesised(f"{before}{head}", call.arguments, after, indent)


def _fits(line: str, indent: int) -> bool:
    return indent + len(line) <= COLUMNS


def parenthesised(head: str, arguments: Sequence[str], after: str = "", indent: int = 0) -> str:
    """`head(arguments)after` on one line, or the arguments on further lines, as many on each as
    fit."""
    margin = " " * indent
    line = f"{head}({', '.join(arguments)}){after}"
    if _fits(line, indent):
        return f"{margin}{line}"
    rows = _filled(
        [f"{each}," for each in arguments[:-1]] + [f"{arguments[-1]}){after}"], indent + 4
    )
    return f"{margin}{head}(\n{rows}"


def _filled(pieces: Sequence[str], indent: int) -> str:
    """The pieces on lines of their own, as many on each as fit."""
    lines: list[str] = []
    for piece in pieces:
        if lines and _fits(f"{lines[-1]} {piece}", indent):
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    margin = " " * indent
    return "\n".join(f"{margin}{_broken(line, indent)}" for line in lines)


def _broken(expression: str, indent: int) -> str:
    """A condition that is too long for a line, broken after its operators."""
    if _fits(expression, indent):
        return expression
    margin = " " * (indent + 4)
    return _OPERATOR.sub(
        lambda found: f" {found[1]}\n{margin}" if found[1] else found[0], expression
    )


def function(head: Function, after: str = "", indent: int = 0) -> str:
    """A function's head, on one line or with one parameter a line."""
    margin = " " * indent
    storage = "" if head.exported else "static "
    start = f"{margin}{storage}{declared(head.result, head.name)}"
    line = f"{start}({', '.join(head.parameters)}){after}"
    if _fits(line, 0):
        return line
    rows = f",\n{margin}    ".join(head.parameters)
    return f"{start}(\n{margin}    {rows}){after}"


def assignment(left: str, right: str, indent: int = 4) -> str:
    """`left = right;`, with the right side on its own line if that gets too long."""
    margin = " " * indent
    line = f"{margin}{left} = {right};"
    return line if len(line) <= COLUMNS else f"{margin}{left} =\n{margin}    {right};"


def either(conditions: Sequence[str], indent: int = 8) -> str:
    """`a || b`, each on its own line if that gets too long after `return`."""
    line = " || ".join(conditions)
    if len("    return ;") + len(line) <= COLUMNS:
        return line
    return f" ||\n{' ' * indent}".join(conditions)


def initializer(values: Sequence[str], indent: int = 0) -> str:
    """`{a, b}` after the name of an object, or each value on its own line."""
    line = f"{{{', '.join(values)}}}"
    if len(values) == 1 or len(line) <= COLUMNS // 3:
        return line
    margin = " " * indent
    return "{\n" + "".join(f"{margin}    {value},\n" for value in values) + f"{margin}}}"


def wrapped(text: str, indent: int = 4) -> str:
    """An assignment or a row of a table, broken between the parts of its initializer if that gets
    too long."""
    if _fits(text, indent):
        return f"{' ' * indent}{text}"
    first, *rest = [part.rstrip() for part in _PART.findall(text)]
    rows = _filled(rest, indent + 4) if rest else ""
    return f"{' ' * indent}{first}" + (f"\n{rows}" if rows else "")


def array(values: Sequence[str], c_type: str, indent: int = 0) -> str:
    """An array of constants that needs no name."""
    return f"({c_type}[]){initializer(values, indent)}"


def designator(text: str, indent: int = 4) -> str:
    """`.field = a | b,` of an initializer, broken after each "|" if that gets too long."""
    margin = " " * indent
    line = f"{margin}.{text},"
    return line if len(line) <= COLUMNS else line.replace(" | ", f" |\n{margin}    ")


def indented(text: str, indent: int) -> str:
    """The lines, indented."""
    return textwrap.indent(text, " " * indent)


def sum_in_macro(terms: Sequence[str]) -> str:
    """The sum as the body of a macro, one term a line."""
    lines = " + \\\n     ".join(terms)
    return f"    ({lines})"


def tidied(text: str) -> str:
    """Reduce several empty lines to one, and remove them at the end."""
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def tolerated(text: str) -> str:
    """The text of a file, with a pragma if a string in it is longer than C requires compilers to
    support."""
    if all(len(line) <= _LITERAL_MAX for line in text.splitlines()):
        return text
    head, end, body = text.partition("*/\n")
    return f'{head}{end}#pragma GCC diagnostic ignored "-Woverlength-strings"\n{body}'


def block_comment(lines: Sequence[str]) -> str:
    """A comment at the top of a file."""
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/*\n{body}\n */"


def doc_comment(lines: Sequence[str], indent: int = 0) -> str:
    """A documentation comment with its newline; nothing for no lines."""
    margin = " " * indent
    if not lines:
        return ""
    if len(lines) == 1 and len(lines[0]) + indent + 7 <= COLUMNS:
        return f"{margin}/** {lines[0]} */\n"
    body = "\n".join(f"{margin} * {line}".rstrip() for line in lines)
    return f"{margin}/**\n{body}\n{margin} */\n"


def enumerator(constant: Constant, indent: int = 4) -> str:
    """A constant of an enum, followed by its comment, or with the comment above if that gets too
    long."""
    line = f"{' ' * indent}{constant.c_name} = {constant.value},"
    if constant.comment is None:
        return line
    behind = f"{line} /**< {constant.comment} */"
    if len(behind) <= COLUMNS:
        return behind
    wrapped = textwrap.wrap(constant.comment, COLUMNS - indent - len(" * "))
    return doc_comment(wrapped, indent) + line


def numbers(values: Sequence[int], indent: int = 4) -> str:
    """The numbers of an array initializer, as many to a line as fit."""
    return filled([str(value) for value in values], indent)


def filled(values: Sequence[str], indent: int = 4) -> str:
    """The values of an array initializer, as many to a line as fit."""
    return _filled([f"{value}," for value in values], indent)

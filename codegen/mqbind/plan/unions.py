"""Unions: a C struct of a kind and a C union, and functions that try one form after the other."""

from __future__ import annotations

from mqbind.diagnostics import Diagnostics
from mqbind.model.types import Branch, Union
from mqbind.plan import docs, literals, names, nodes, table_nodes, words
from mqbind.plan.atlas import Atlas
from mqbind.plan.value_code import function_names
from mqbind.plan.values import Values


def plan_union(
    union: Union, atlas: Atlas, values: Values, diagnostics: Diagnostics
) -> tuple[nodes.TypeCode, ...]:
    """A union, behind the lists that its forms need."""
    place = atlas.place(union.key)
    exported = atlas.is_exported(union.key)
    read, write = function_names(place.c_name if exported else place.local_name, exported)
    lists_before = len(values.lists)
    scope = names.Scope(f"forms of {place.local_name}", diagnostics)
    alternatives = tuple(
        _alternative(branch, scope, union, atlas, values) for branch in union.branches
    )
    forms = words.either([names.snake(branch.hint).replace("_", " ") for branch in union.branches])
    planned = nodes.Alternatives(
        c_type=f"struct {place.c_name}",
        kind_c_type=_kind(place.c_name),
        comment=docs.paragraphs(union.description),
        alternatives=alternatives,
        rule=literals.string(f"must be {forms}"),
        init_name=atlas.init_name(union.key),
        read_name=read,
        write_name=write,
        exported=exported,
    )
    return (*values.lists[lists_before:], planned)


def union_kinds(union: Union, atlas: Atlas) -> nodes.Enumeration:
    """The C enum that tells which form a value has."""
    place = atlas.place(union.key)
    return nodes.Enumeration(
        c_type=_kind(place.c_name),
        comment=(),
        constants=tuple(
            nodes.Constant(
                c_name=_constant(place.c_name, branch),
                value=number,
                comment=docs.comment_text(branch.description) if branch.description else None,
            )
            for number, branch in enumerate(union.branches, start=1)
        ),
    )


def _alternative(
    branch: Branch, scope: names.Scope, union: Union, atlas: Atlas, values: Values
) -> nodes.Alternative:
    place = atlas.place(union.key)
    c_name = scope.claim(names.identifier(branch.hint), branch.hint, union.location)
    code = values.code(branch.type, f"{place.local_name}_{c_name.strip('_')}")
    return nodes.Alternative(
        constant=_constant(place.c_name, branch),
        field=table_nodes.Field(c_type=code.c_type, c_name=c_name, comment=()),
        read=code.read(f"out->as.{c_name}"),
        write=code.write(f"in->as.{c_name}"),
    )


def _kind(c_name: str) -> str:
    return f"enum {c_name}_kind"


def _constant(c_name: str, branch: Branch) -> str:
    return f"{c_name}_{names.snake(branch.hint)}".upper()

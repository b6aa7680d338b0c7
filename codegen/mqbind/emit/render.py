"""From a plan to the text of files: one template for each kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from mqbind.cache import cache_path
from mqbind.emit import code_layout, layout
from mqbind.emit.template_cache import CompiledTemplates
from mqbind.plan.nodes.code import declared
from mqbind.plan.nodes.files import Plan
from mqbind.plan.nodes.first_pass import first_pass
from mqbind.plan.nodes.fuzz import FuzzTarget

FUZZ_DRIVER = Path(__file__).parents[1] / "fuzz"
"""The C that every fuzz target shares."""

GENERATED_ABI = 8
"""The `MQB_GENERATED_ABI` that the templates are written for."""


@cache
def environment() -> Environment:
    """The templates, with the functions that they use to lay out C. Compiling a template is
    slow."""
    found = Environment(
        loader=PackageLoader("mqbind", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=False,
        bytecode_cache=CompiledTemplates(
            cache_path("templates"),
            (Path(__file__), Path(layout.__file__), Path(code_layout.__file__)),
        ),
    )
    for function in (
        layout.statement,
        layout.returned,
        layout.declaration,
        declared,
        layout.designator,
        layout.function,
        layout.block_comment,
        layout.doc_comment,
        layout.assignment,
        layout.enumerator,
        layout.numbers,
        layout.filled,
        layout.indented,
        layout.sum_in_macro,
        layout.either,
        layout.initializer,
        layout.array,
        layout.wrapped,
        first_pass,
        code_layout.step,
        code_layout.switch,
        code_layout.expression,
        code_layout.any_of,
        code_layout.variable,
        code_layout.table,
        code_layout.numbering,
    ):
        found.filters[function.__name__] = function
    found.globals["abi"] = GENERATED_ABI
    return found


def render(plan: Plan) -> Mapping[str, str]:
    """The text of every file of a plan, by its name, in a fixed order."""
    templates = environment()
    files: dict[str, str] = {}

    def add(name: str, template: str, **values: object) -> None:
        text = templates.get_template(template).render(plan=plan, **values)
        files[name] = layout.tolerated(layout.tidied(text))

    add("README.md", "README.md.j2")
    if plan.types:
        add(f"{plan.types.file_stem}.h", "types.h.j2", file=plan.types)
        add(f"{plan.types.file_stem}.c", "types.c.j2", file=plan.types)
    if plan.addresses:
        add(f"{plan.addresses.file_stem}.h", "topics.h.j2", file=plan.addresses)
        add(f"{plan.addresses.file_stem}.c", "topics.c.j2", file=plan.addresses)
    for message in plan.messages:
        add(f"{message.file_stem}.h", "message.h.j2", file=message)
        add(f"{message.file_stem}.c", "message.c.j2", file=message)
    for side in plan.sides:
        add(f"{side.file_stem}.h", "side.h.j2", file=side)
        add(f"{side.file_stem}.c", "side.c.j2", file=side)
    sources = sorted(name for name in files if name.endswith(".c"))
    add(f"{plan.prefix}.cmake", "sources.cmake.j2", sources=sources)
    return files


def render_fuzz(plan: Plan, fuzz: FuzzTarget) -> Mapping[str, str]:
    """The text of every file of a fuzz target, by its name. The other files of the plan are
    compiled with them."""
    templates = environment()
    table = templates.get_template("fuzz.c.j2").render(plan=plan, fuzz=fuzz)
    files = {f"{plan.prefix}_fuzz.c": layout.tolerated(layout.tidied(table))}
    for path in sorted(FUZZ_DRIVER.iterdir()):
        part = templates.get_template("fuzz_driver.j2")
        text = part.render(plan=plan, name=path.name, text=path.read_text(encoding="utf-8"))
        files[path.name] = layout.tidied(text)
    return files

"""How a receiver chooses between the messages of one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mqbind.model.discriminator import Discriminator, discriminator_of
from mqbind.model.protocol import Message, Protocol
from mqbind.plan.nodes.code import Call
from mqbind.plan.nodes.sides import Dispatch, Trial, TriedForms
from mqbind.plan.nodes.tables import ChoiceTable
from mqbind.plan.text import comments, literals, rules


def discriminator(protocol: Protocol, messages: Sequence[Message]) -> Discriminator | None:
    """What distinguishes the messages of one address, if there are several."""
    if len(messages) < 2:
        return None
    payloads = [message.payload for message in messages]
    return discriminator_of(protocol.definitions, payloads)


def conditions(found: Discriminator | None, keys: Iterable[str]) -> Mapping[str, str]:
    """For each message, by its key, when it is the one, in words."""
    if found is None:
        return {}
    return {
        key: f'when "{found.member}" is {_spelled(spellings)}'
        for key, spellings in zip(keys, found.spellings, strict=True)
    }


def dispatch(found: Discriminator | None, table_name: str) -> Dispatch | None:
    """The table that chooses between messages; None when there is only one."""
    if found is None:
        return None
    spellings = found.spellings
    rows = tuple(
        literals.choice_initializer(text, str(index))
        for index, texts in enumerate(spellings)
        for text in texts
    )
    accepted = _spelled(text for texts in spellings for text in texts)
    member = f"MQB_STR({literals.string(found.member)})"
    return Dispatch(
        choices=ChoiceTable(
            c_name=table_name, rows=rows, rule=literals.string(f"must be {accepted}")
        ),
        choose=Call(function="mqb_reader_peek_choice", arguments=("&r", member, f"&{table_name}")),
    )


def trial(stages: Sequence[TriedForms], rest: Call | None) -> Trial:
    """One message after the other; `rest` delivers what none of them is."""
    names = [form.name for stage in stages for form in stage.forms]
    accepted = [name.strip("_").replace("_", " ") for name in names] or ["bytes"]
    rule = literals.string(f"must be {rules.either(accepted)}")
    return Trial(
        stages=tuple(stages),
        rest=rest,
        refusal=Call(function="mqb_reader_refuse_alternatives", arguments=("&r", "&forms", rule)),
    )


def _spelled(texts: Iterable[str]) -> str:
    return rules.either([comments.json_text(text) for text in texts])

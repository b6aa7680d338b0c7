"""How a receiver chooses between the messages of one address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mqbind.model.discriminator import Discriminator, discriminator_of
from mqbind.model.protocol import Message, Protocol
from mqbind.plan.nodes.sides import Dispatch, Handler, Trial
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
    return Dispatch(
        member=literals.string(found.member),
        choices=ChoiceTable(
            c_name=table_name, rows=rows, rule=literals.string(f"must be {accepted}")
        ),
    )


def trial(handlers: list[Handler]) -> Trial:
    """The JSON messages one after the other, and the first that is not JSON."""
    forms = tuple(handler for handler in handlers if handler.is_json)
    rest = next((handler for handler in handlers if not handler.is_json), None)
    accepted = [form.c_name.strip("_").replace("_", " ") for form in forms] or ["bytes"]
    rule = literals.string(f"must be {rules.either(accepted)}")
    return Trial(forms=forms, rest=rest, rule=rule)


def _spelled(texts: Iterable[str]) -> str:
    return rules.either([comments.json_text(text) for text in texts])

"""Numbers in order through sessions that are kept, while the broker is killed again and again."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

from tests.soak.durable import DurableBroker
from tests.soak.programs import Program, start
from tests.support.waiting import wait_until


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of the numbers."""

    confirmed: int
    received: int
    lost: list[int]
    unclear: set[int]
    repeated: set[int]
    """See DurableBroker."""
    again: list[int]
    connects: int

    def faults(self, qos: int, count: int) -> list[str]:
        """
        What the client did wrong. Under QoS 1 the broker sends numbers again that were not
        acknowledged; under QoS 2, what is known of libmosquitto is no surprise.
        """
        known = self.unclear if qos == 2 else set()
        lost = sorted(set(self.lost) - known)
        again = sorted(set(self.again) - self.repeated - known)
        found = {
            f"{count - self.confirmed} are not confirmed": self.confirmed != count,
            f"{lost} are lost": bool(lost),
            f"{again} are doubled": bool(again),
        }
        return [fault for fault, is_so in found.items() if is_so]


def run(count: int, qos: int, kills: int) -> Result:
    with ExitStack() as actors:
        broker = DurableBroker()
        actors.callback(broker.close)
        receiver = start_one("receive", broker.port, qos, count, actors)
        wait_until(lambda: bool(receiver.said("subscribed")), lambda: "no subscription")
        sender = start_one("send", broker.port, qos, count, actors)
        for kill in range(1, kills + 1):
            wait_for_number(receiver, count * kill // (kills + 1))
            broker.kill()
        wait_until(
            lambda: bool(sender.said("done") and receiver.said("done")),
            lambda: f"{dict(sender.words)} {dict(receiver.words)}",
        )
        lost = [numbers(text) for text in receiver.said("lost")]
        return Result(
            confirmed=int(sender.said("done")[0]),
            received=int(receiver.said("done")[0]),
            lost=[number for each in lost for number in each],
            unclear=broker.unclear,
            repeated=broker.repeated,
            again=[int(text) for text in receiver.said("again")],
            connects=len(receiver.said("subscribed")),
        )


def numbers(text: str) -> range:
    first, last = map(int, text.split())
    return range(first, last + 1)


def start_one(role: str, port: int, qos: int, count: int, actors: ExitStack) -> Program:
    return start("soak_numbers", (role, str(port), str(qos), str(count)), actors)


def wait_for_number(receiver: Program, number: int) -> None:
    wait_until(
        lambda: any(int(at) >= number for at in receiver.said("at")[-1:]),
        lambda: f"{number} has not come: {dict(receiver.words)}",
    )

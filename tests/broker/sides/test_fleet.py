"""One program for many devices, and many programs for them: `+` and shared subscriptions."""

from collections.abc import Callable, Sequence

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.side import OK, Side
from tests.support.waiting import wait_until

MESSAGES = 10_000
DEVICES = 250


@pytest.fixture
def broker(make_broker: Callable[..., Broker]) -> Broker:
    """Queues what a busy consumer does not read at once, however much it is."""
    return make_broker("allow_anonymous true", "max_queued_messages 0")


def device_name(number: int) -> str:
    return f"DU_{number % DEVICES:010}"


def wait_for_all(consumers: Sequence[Side], count: int) -> None:
    """Until the consumers have handled `count` messages in total."""

    def handled_all() -> bool:
        counters = [consumer.ask("counters", "counters") for consumer in consumers]
        return sum(int(each["received_ok"]) for each in counters) >= count

    wait_until(handled_all, lambda: str([consumer.last("counters") for consumer in consumers]))


def handled(consumer: Side) -> list[int]:
    """The numbers of the messages, each of which must be reported with its device."""
    events = [event for event in consumer.events if event["event"] == "message"]
    for event in events:
        assert event["username"] == device_name(event["value"]["n"])
    return [event["value"]["n"] for event in events]


def publish_from_all_devices(start_peer: StartPeer) -> None:
    start_peer().publish_all((f"attributes/{device_name(n)}", {"n": n}) for n in range(MESSAGES))


def test_two_in_a_group_handle_each_message_once(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    consumers = [
        start_side("eztcloud_device", "platform", group="workers", handlers="attributes")
        for _ in range(2)
    ]
    publish_from_all_devices(start_peer)
    wait_for_all(consumers, MESSAGES)
    shares = [handled(consumer) for consumer in consumers]
    assert sorted(shares[0] + shares[1]) == list(range(MESSAGES))
    assert min(map(len, shares)) > MESSAGES // 10


def test_one_without_a_group_hears_all_devices(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    consumer = start_side("eztcloud_device", "platform", handlers="attributes")
    publish_from_all_devices(start_peer)
    wait_for_all([consumer], MESSAGES)
    assert handled(consumer) == list(range(MESSAGES))


def test_replies_come_to_the_caller_in_the_group(
    start_side: StartSide, start_peer: StartPeer
) -> None:
    callers = [
        start_side("thingspanel", "platform", group="workers", handlers="event") for _ in range(2)
    ]
    device = start_peer("devices/command/D0001/+")
    for number in range(20):
        caller, message_id = callers[number // 10], f"{number:08x}"
        command = {"method": "m", "params": {"n": number}}
        assert caller.call("command", command, "D0001", message_id, tag=number) == OK
        assert device.receive(f"devices/command/D0001/{message_id}") == command
        device.publish(f"devices/command/response/{message_id}", {"result": 0, "message": ""})
        assert caller.reply(tag=number)["status"] == OK

"""mosquitto acknowledges before it saves: a proxy shows that what is lost, the broker lost."""

from contextlib import ExitStack
from pathlib import Path

from tests.broker.server import Broker
from tests.soak.recorder import Record, Recorder
from tests.soak.sessions import numbers, start_one, wait_for_number
from tests.support.waiting import wait_until

COUNT, KILLS = 4000, 5


def test_each_loss_over_kills_is_the_brokers(tmp_path: Path) -> None:
    saves = ("persistence true", f"persistence_location {tmp_path}/", "autosave_interval 1")
    lines = ("allow_anonymous true", "max_queued_messages 0", *saves, "autosave_on_changes true")
    broker = Broker(folder=tmp_path, lines=lines)
    broker.start()
    with ExitStack() as actors:
        actors.callback(broker.kill)
        recorder = Recorder(broker.port)
        actors.callback(recorder.close)
        receiver = start_one("receive", recorder.port, 1, COUNT, actors)
        wait_until(lambda: bool(receiver.said("subscribed")), lambda: "no subscription")
        sender = start_one("send", recorder.port, 1, COUNT, actors)
        for kill in range(1, KILLS + 1):
            wait_for_number(receiver, COUNT * kill // (KILLS + 1))
            broker.kill()
            broker.start()
        wait_until(
            lambda: bool(sender.said("done") and receiver.said("done")),
            lambda: f"{dict(sender.words)} {dict(receiver.words)}",
        )
        assert sender.said("done") == [str(COUNT)]
        assert recorder.record.taken == set(range(COUNT))
        lost = {number for text in receiver.said("lost") for number in numbers(text)}
        assert [number for number in lost if not recorder.record.is_brokers_fault(number)] == []
        again = {int(text) for text in receiver.said("again")}
        assert again <= recorder.record.repeated | recorder.record.passed_over


def test_what_is_acknowledged_and_not_delivered_is_the_brokers() -> None:
    record = Record()
    topic = b"\x00\x01t"
    for number in range(3):
        body = topic + bytes((0, number + 1)) + str(number).encode()
        record.note(True, True, 0x32, body)
        record.note(True, False, 0x40, bytes((0, number + 1)))
        if number != 1:
            record.note(False, False, 0x32, body)
            record.note(False, True, 0x40, bytes((0, number + 1)))
    assert [record.is_brokers_fault(number) for number in range(3)] == [False, True, False]

"""FoloToy: application, toy and server against paho-mqtt and the mosquitto clients."""

import pytest

from tests.broker.server import Broker
from tests.broker.sides.conftest import StartPeer, StartSide
from tests.broker.sides.peer import Peer
from tests.broker.sides.side import DUPLICATE, LIMIT, LOST, NO_CALL, OK, TIMEOUT, Side

SN = "e465b881d850"
CALL = f"/sys/folotoy/{SN}/thing/command/call"
ACK = f"/sys/folotoy/{SN}/thing/command/callAck"
EVENT = f"/sys/folotoy/{SN}/thing/event/post"
PLAY = {"msgId": 1, "identifier": "iwantplay", "inputParams": {"role": 1, "text": " 你好"}}
PLAYED = {"identifier": "iwantplay", "msgId": 1, "result": 1}
CONFIG = {"msgId": 2, "identifier": "updatecommonconfig", "inputParams": {"volume": 40}}


@pytest.fixture
def toy(start_peer: StartPeer) -> Peer:
    """Somebody else's toy."""
    return start_peer("/sys/folotoy/+/thing/command/call")


@pytest.fixture
def application(start_side: StartSide) -> Side:
    return start_side("folotoy", "application", handlers="voice_generated,recording_transcribed")


def test_a_toy_acknowledges_commands(application: Side, toy: Peer) -> None:
    assert application.call("i_want_play", PLAY, SN, tag=1) == OK
    assert application.call("update_common_config", CONFIG, SN, tag=2) == OK
    assert toy.receive(CALL) == PLAY
    assert toy.receive(CALL) == CONFIG
    # The acknowledgements cross: it is the id that counts.
    toy.publish(ACK, {"identifier": "updatecommonconfig", "msgId": 2, "result": 0})
    toy.publish(ACK, PLAYED)
    failed = application.reply(tag=2)
    assert (failed["status"], failed["value"]["result"]) == (OK, 0)
    assert application.reply(tag=1)["value"] == PLAYED


def test_a_late_acknowledgement_answers_nothing(application: Side, toy: Peer) -> None:
    assert application.call("i_want_play", PLAY, SN, timeout_ms=50) == OK
    assert application.reply()["status"] == TIMEOUT
    toy.publish(ACK, PLAYED)
    assert application.error(topic=ACK)["status"] == NO_CALL
    # The id is free again.
    assert application.call("i_want_play", PLAY, SN, tag=2) == OK
    toy.publish(ACK, PLAYED)
    assert application.reply(tag=2)["value"] == PLAYED


def test_a_second_acknowledgement_answers_nothing(application: Side, toy: Peer) -> None:
    assert application.call("i_want_play", PLAY, SN) == OK
    toy.publish(ACK, PLAYED)
    toy.publish(ACK, PLAYED)
    assert application.reply()["status"] == OK
    assert application.error(topic=ACK)["status"] == NO_CALL
    assert application.count("reply") == 1


def test_somebody_elses_acknowledgement_answers_nothing(application: Side, toy: Peer) -> None:
    assert application.call("i_want_play", PLAY, SN) == OK
    other = ACK.replace(SN, "a0b765000000")
    toy.publish(other, PLAYED)
    assert application.error()["topic"] == other
    toy.publish(ACK, {**PLAYED, "msgId": 2})
    assert application.error()["status"] == NO_CALL
    toy.publish(ACK, {**PLAYED, "result": "1"})
    assert application.error()["path"] == "/result"
    assert application.count("reply") == 0
    toy.publish(ACK, PLAYED)
    assert application.reply()["value"] == PLAYED


def test_an_id_is_not_used_twice_at_a_time(application: Side, toy: Peer) -> None:
    assert application.call("i_want_play", PLAY, SN, tag=1) == OK
    assert application.call("i_want_play", PLAY, SN, tag=2) == DUPLICATE
    assert application.call("i_want_play", PLAY, "a0b765000000", tag=3) == OK
    toy.publish(ACK, PLAYED)
    assert application.reply()["tag"] == 1
    assert application.count("reply", tag=2) == 0


def test_a_lost_connection_ends_calls(application: Side, broker: Broker) -> None:
    assert application.call("i_want_play", PLAY, SN) == OK
    broker.kill()
    assert application.reply()["status"] == LOST
    broker.start()
    application.wait_until_ready()
    assert application.call("i_want_play", PLAY, SN) == OK


def test_the_table_of_calls_is_finite(application: Side, toy: Peer) -> None:
    for tag in range(4):
        assert application.call("i_want_play", {**PLAY, "msgId": tag}, SN, tag=tag) == OK
    assert application.call("i_want_play", {**PLAY, "msgId": 9}, SN, tag=9) == LIMIT
    toy.publish(ACK, {**PLAYED, "msgId": 3})
    assert application.reply(tag=3)["status"] == OK
    assert application.call("i_want_play", {**PLAY, "msgId": 9}, SN, tag=9) == OK


def test_acknowledgements_that_nobody_called_for_have_a_handler(
    start_side: StartSide, toy: Peer
) -> None:
    application = start_side("folotoy", "application")
    assert application.send("i_want_play", PLAY, SN) == OK
    assert toy.receive(CALL) == PLAY
    toy.publish(ACK, PLAYED)
    assert application.message("command_ack", sn=SN)["value"] == PLAYED


def test_the_server_reads_its_roles_again(application: Side, start_peer: StartPeer) -> None:
    server = start_peer("/sys/config")
    request = {"msgId": 7, "identifier": "load_roles_config"}
    assert application.call("load_roles_config", request, tag=1) == OK
    assert server.receive("/sys/config") == request
    server.publish("/sys/configAck", {**request, "result": 1})
    assert application.reply(tag=1)["value"] == {**request, "result": 1}


def test_without_an_id_the_identifier_alone_counts(
    application: Side, start_peer: StartPeer
) -> None:
    server = start_peer("/sys/config")
    request = {"identifier": "load_roles_config"}
    assert application.call("load_roles_config", request, tag=1) == OK
    assert application.call("load_roles_config", request, tag=2) == DUPLICATE
    assert server.receive("/sys/config") == request
    server.publish("/sys/configAck", {**request, "msgId": 7, "result": 1})
    assert application.error()["status"] == NO_CALL
    server.publish("/sys/configAck", {**request, "result": 1})
    assert application.reply(tag=1)["value"] == {**request, "result": 1}


def test_events_reach_the_application(application: Side, toy: Peer) -> None:
    voice = {"recordingId": 1, "order": 2, "voiceText": "hi", "voiceUrl": "http://a/b", "role": 1}
    event = {"msgId": 1, "identifier": "voice_generated", "inputParams": voice}
    toy.publish(EVENT, event)
    assert application.message("voice_generated", sn=SN)["value"] == event
    said = {"recordingId": 1, "recordingText": "hello", "recordingUrl": "http://a/c"}
    event = {"msgId": 2, "identifier": "recording_transcribed", "inputParams": said}
    toy.publish(EVENT, event)
    assert application.message("recording_transcribed", sn=SN)["value"] == event


def test_our_toy_answers_mosquitto_pub(start_side: StartSide, broker: Broker) -> None:
    toy = start_side("folotoy", "toy", sn=SN)
    toy.answer("i_want_play", "command_ack", PLAYED)
    listener = broker.listen(ACK, 2)
    broker.publish(CALL.replace(SN, "a0b765000000"), b"not for this toy")
    broker.publish(CALL, b'{"msgId":1,"identifier":"iwantplay","inputParams":{"text":"hi"}}')
    assert toy.message("i_want_play")["value"]["inputParams"] == {"text": "hi"}
    broker.publish(
        CALL,
        b'{"msgId":2,"identifier":"updatecommonconfig","inputParams":{"sleep_trigger_time":12}}',
    )
    error = toy.error(topic=CALL)
    assert (error["path"], error["rule"]) == (
        "/inputParams/sleep_trigger_time",
        "must be 0 or at least 30",
    )
    broker.publish(CALL, b'{"msgId":3,"identifier":"updatecommonconfig","inputParams":{}}')
    toy.message("update_common_config")
    late = {"identifier": "updatecommonconfig", "msgId": 3, "result": 1}
    assert toy.send("command_ack", late, SN) == OK
    assert listener.messages() == [
        f'{ACK} 0 {{"msgId":1,"identifier":"iwantplay","result":1}}',
        f'{ACK} 0 {{"msgId":3,"identifier":"updatecommonconfig","result":1}}',
    ]


def test_our_server_answers_mosquitto_pub(start_side: StartSide, broker: Broker) -> None:
    server = start_side("folotoy", "server")
    answer = {"identifier": "load_roles_config", "result": 1}
    server.answer("load_roles_config", "load_roles_config_ack", answer)
    listener = broker.listen("/sys/configAck", 1)
    broker.publish("/sys/config", b'{"identifier":"load_roles_config"}')
    assert listener.messages() == ['/sys/configAck 0 {"identifier":"load_roles_config","result":1}']


def test_our_toy_and_our_application_understand_each_other(
    start_side: StartSide, application: Side
) -> None:
    toy = start_side("folotoy", "toy", sn=SN)
    toy.answer("i_want_play", "command_ack", PLAYED)
    assert application.call("i_want_play", PLAY, SN) == OK
    assert toy.message("i_want_play")["value"] == PLAY
    assert application.reply()["value"] == PLAYED

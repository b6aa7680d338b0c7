"""A proxy before a broker, which records what each side acknowledged: whose fault a loss is."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field

from tests.broker.fake_broker import split_publish
from tests.soak.durable import split


@dataclass(kw_only=True)
class Record:
    """Numbers of QoS 1, by what was seen of them on the wire."""

    by_id: dict[bytes, int] = field(default_factory=dict)
    to_receiver: dict[bytes, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    """The broker acknowledged them to the sender."""
    delivered: set[int] = field(default_factory=set)
    """The receiver acknowledged them to the broker."""
    passed_over: set[int] = field(default_factory=set)
    """The broker sent a later one first."""
    repeated: set[int] = field(default_factory=set)
    """The sender or the broker sent them again."""
    seen: set[int] = field(default_factory=set)
    next: int = 0

    def note(self, is_sender: bool, from_client: bool, first: int, body: bytes) -> None:
        if first & 0xF0 == 0x30 and is_sender == from_client:
            packet_id, payload = split_publish(body)
            if is_sender:
                self.by_id[packet_id] = int(payload)
                self.repeated |= {int(payload)} if first & 8 else set()
            else:
                self._note_delivery(packet_id, int(payload))
        elif first == 0x40 and is_sender and not from_client:
            self.taken.add(self.by_id[body])
        elif first == 0x40 and not is_sender and from_client:
            self.delivered.add(self.to_receiver[body])

    def _note_delivery(self, packet_id: bytes, number: int) -> None:
        self.to_receiver[packet_id] = number
        self.repeated |= {number} & self.seen
        self.seen.add(number)
        self.passed_over |= set(range(self.next, number))
        self.next = max(self.next, number + 1)

    def is_brokers_fault(self, number: int) -> bool:
        """Whether the broker acknowledged a lost number, and then did not deliver it in turn."""
        is_delivered = number in self.delivered and number not in self.passed_over
        return number in self.taken and not is_delivered


class Recorder:
    """Runs in a thread, on a port of this host."""

    def __init__(self, port: int) -> None:
        self.record = Record()
        self._target = port
        self._loop = asyncio.new_event_loop()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = self._loop.run_until_complete(start)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            connect = await reader.read(1000)
            back, forth = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        is_sender = connect.endswith(b"send")
        forth.write(connect)
        tasks = [
            asyncio.create_task(self._forward(reader, forth, is_sender, from_client=True)),
            asyncio.create_task(self._forward(back, writer, is_sender, from_client=False)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        writer.transport.abort()
        forth.transport.abort()

    async def _forward(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        is_sender: bool,
        *,
        from_client: bool,
    ) -> None:
        data = bytearray()
        try:
            while chunk := await reader.read(65536):
                data += chunk
                for first, body in split(data):
                    self.record.note(is_sender, from_client, first, body)
                writer.write(chunk)
                await writer.drain()
        except OSError:
            return

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

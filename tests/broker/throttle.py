"""Links that are slow or long: proxies that pass on few bytes a second, or all of them later."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import deque

CHUNK = 1000
BUFFER = 4096


class SlowLink:
    """Forwards connections to a port of this host until it is closed."""

    def __init__(self, port: int, bytes_per_second: int) -> None:
        self._target = port
        self._pause_s = CHUNK / bytes_per_second
        self._listener = socket.create_server(("127.0.0.1", 0))
        # What the buffers take at once would not be slow.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(CHUNK):
                target.sendall(data)
                time.sleep(self._pause_s)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            target.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class End(asyncio.Protocol):
    """One end of a long link. What it receives leaves the other end later."""

    def __init__(self, delay_s: float) -> None:
        self.delay_s = delay_s
        self.waiting: deque[bytes] = deque()
        self.transport: asyncio.Transport | None = None
        self.other = self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting.append(data)
        self._pass_on_later()

    def connection_lost(self, _: Exception | None) -> None:
        self.data_received(b"")

    def _pass_on_later(self) -> None:
        asyncio.get_running_loop().call_later(self.delay_s, self._pass_on)

    def _pass_on(self) -> None:
        if not self.other.transport:
            self._pass_on_later()
        elif data := self.waiting.popleft():
            self.other.transport.write(data)
        else:
            self.other.transport.close()


class LongLink:
    """Forwards connections to a port of this host; it takes a while in each direction."""

    def __init__(self, port: int, delay_s: float) -> None:
        self._target = port
        self._delay_s = delay_s
        self._joining: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        create = self._loop.create_server(self._accept, "127.0.0.1", 0)
        self._server = self._loop.run_until_complete(create)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _accept(self) -> End:
        near, far = End(self._delay_s), End(self._delay_s)
        near.other, far.other = far, near
        task = self._loop.create_task(self._join(near, far))
        self._joining.add(task)
        task.add_done_callback(self._joining.discard)
        return near

    async def _join(self, near: End, far: End) -> None:
        try:
            await self._loop.create_connection(lambda: far, "127.0.0.1", self._target)
        except OSError:
            near.other = near
            assert near.transport
            near.transport.abort()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.close()

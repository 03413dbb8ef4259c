"""A TCP proxy on the loopback interface that does one wrong thing at a time, each until it has happened: a fault ends with what it brings
about, such as a client that gives up, and never by the clock.

What can go wrong:
    cut         every connection is reset
    torn        every connection is reset in the middle of what is on its way
    blackhole   nothing arrives in either direction and nothing closes, until a client gives up; what was held arrives then, late
    half        answers alone are held
    delay       everything arrives later, in order
    dribble     a byte at a time
    flip        a bit of a record's value is another one when it reaches the broker
    refused     connections are reset, and so are new ones
"""
import asyncio
import socket
import struct
import threading

FAULTS = ["cut", "torn", "blackhole", "half", "delay", "dribble", "flip", "refused"]


class Link:
    """A client's connection and ours to the broker for it."""

    def __init__(self, client, server):
        self.writers = {"up": server, "down": client}
        self.held = {"up": bytearray(), "down": bytearray()}

    def reset(self):
        for writer in self.writers.values():
            connection = writer.get_extra_info("socket")
            if connection is not None and connection.fileno() >= 0:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class FaultProxy:
    def __init__(self, port, to_port, random, mark):
        """`mark` are bytes that only records' values have: where a flipped bit is to be found out by the record's checksum."""
        self.port, self.to_port, self.random, self.mark = port, to_port, random, mark
        self.links = set()
        self.fault, self.left, self.happened = None, 0, None
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        started.set()
        self.loop.run_forever()

    def inject(self, fault, patience):
        """Does it, and returns when it has happened and all is well again."""
        asyncio.run_coroutine_threadsafe(self._inject(fault), self.loop).result(patience)

    async def _inject(self, fault):
        self.fault, self.happened = fault, asyncio.Event()
        self.left = {"torn": self.random.randrange(1, 4000), "delay": 20, "dribble": 3000, "refused": 3}.get(fault, 1)
        if fault in ("cut", "refused"):
            self._reset()
        if fault != "cut":
            await self.happened.wait()
        self.fault = None
        for link in self.links:
            for way, held in link.held.items():
                link.writers[way].write(bytes(held))
                held.clear()

    def _reset(self):
        for link in self.links:
            link.reset()

    def _count(self, count=1):
        self.left -= count
        if self.left <= 0:
            self.happened.set()

    async def _serve(self, reader, writer):
        if self.fault == "refused":
            Link(writer, writer).reset()
            self._count()
            return
        try:
            from_server, to_server = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            Link(writer, writer).reset()
            return
        link = Link(writer, to_server)
        self.links.add(link)
        try:
            await asyncio.gather(self._pump(reader, link, "up"), self._pump(from_server, link, "down"))
        except OSError:
            pass
        finally:
            self.links.discard(link)
            link.reset()

    async def _pump(self, reader, link, way):
        writer = link.writers[way]
        while True:
            chunk = await reader.read(1 << 16)
            if not chunk:
                # A client that gives up is what a fault of held bytes waits for.
                if way == "up" and self.fault in ("blackhole", "half"):
                    self._count()
                raise ConnectionError
            if self.fault == "blackhole" or self.fault == "half" and way == "down":
                link.held[way] += chunk
                continue
            if self.fault == "delay":
                await asyncio.sleep(0.05)
                self._count()
            elif self.fault == "torn" and way == "up":
                if len(chunk) >= self.left:
                    writer.write(chunk[:self.left])
                    await writer.drain()
                    self._reset()
                self._count(len(chunk))
            elif self.fault == "flip" and way == "up" and (at := chunk.find(self.mark)) >= 0 and not self.happened.is_set():
                chunk = bytearray(chunk)
                chunk[at + self.random.randrange(len(self.mark))] ^= 1 << self.random.randrange(8)
                self._count()
            elif self.fault == "dribble":
                for byte in chunk:
                    writer.write(bytes([byte]))
                    await writer.drain()
                self._count(len(chunk))
                continue
            writer.write(chunk)
            await writer.drain()

"""As much of Kafka's protocol as the measurements need, byte by byte: no client's own work is to be measured. And a server to measure."""
import os
import shutil
import socket
import struct
import subprocess
import time

API_VERSIONS, METADATA, PRODUCE, FETCH, CREATE_TOPICS = 18, 3, 0, 1, 19


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def request(key, version, body, correlation=1):
    frame = struct.pack(">hhi", key, version, correlation) + text("bench") + body
    return struct.pack(">i", len(frame)) + frame


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def varint(value):
    value = value << 1 ^ value >> 63
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def batch(values, when=0):
    records = b""
    for number, value in enumerate(values):
        record = b"\0" + varint(0) + varint(number) + varint(-1) + varint(len(value)) + value + varint(0)
        records += varint(len(record)) + record
    body = struct.pack(">hiqqqhii", 0, len(values) - 1, when, when, -1, -1, -1, len(values)) + records
    return struct.pack(">qiibI", 0, len(body) + 9, 0, 2, crc32c(body)) + body


def api_versions():
    return request(API_VERSIONS, 0, b"")


def metadata(topic):
    return request(METADATA, 1, struct.pack(">i", 1) + text(topic))


def create_topic(topic, partitions=1):
    return request(CREATE_TOPICS, 2, struct.pack(">i", 1) + text(topic) + struct.pack(">ihiiib", partitions, 1, 0, 0, 30_000, 0))


def produce(topic, records, acks=-1):
    return request(PRODUCE, 7, struct.pack(">hhii", -1, acks, 30_000, 1) + text(topic) + struct.pack(">iii", 1, 0, len(records)) + records)


def fetch(topic, offset, most_wait=0, least=1, most=1 << 20, correlation=1):
    body = struct.pack(">iiiib", -1, most_wait, least, most, 0) + struct.pack(">i", 1) + text(topic)
    return request(FETCH, 4, body + struct.pack(">iiqi", 1, 0, offset, most), correlation)


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def exactly(connection, count):
    data = bytearray()
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionError("the server hung up")
        data += more
    return bytes(data)


def answer(connection):
    return exactly(connection, struct.unpack(">i", exactly(connection, 4))[0])


def ask(connection, frame):
    connection.sendall(frame)
    return answer(connection)


def cpu_seconds(process):
    """Of all its threads, those that have ended too, to the nanosecond: ticks of a hundredth would hide what little there is."""
    # The clock of another process, as `clock_getcpuclockid` names it.
    return time.clock_gettime(~process << 3 | 2)


class Server:
    """A broker without flows in a folder of its own, on a port that the system chooses."""

    def __init__(self, edgebroker, root):
        self.folder = os.path.abspath(os.path.join(root, f"edgebroker-bench-{os.getpid()}"))
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        with open(self.folder + "/edgebroker.yaml", "w") as file:
            file.write('data_dir: data\nkafka: { listen: "127.0.0.1:0" }\n')
        self.log = open(self.folder + "/log", "w+")
        self.process = subprocess.Popen(
            [os.path.abspath(edgebroker), "serve", "--config", self.folder + "/edgebroker.yaml"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.port = 0
        for line in self.process.stderr:
            if "listening for Kafka clients on" in line:
                self.port = int(line.rsplit(":", 1)[1])
            if line.startswith("ready in"):
                break
        if not self.port:
            raise SystemExit("the broker did not start")
        # A full pipe must not stop it.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.drain.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def resident(self):
        """Bytes in memory that are its own: no file's."""
        with open(f"/proc/{self.process.pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        return int(fields["VmRSS"].split()[0]) * 1024

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

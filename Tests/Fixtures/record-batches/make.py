"""Makes the golden record batches: NAME.batch, the bytes of kafka-python's encoder, and NAME.json, what went in.

    $(Scripts/python-for-tests) Tests/Fixtures/record-batches/make.py

Nothing here depends on the time or on chance: running it again changes no file, unless the client's encoder changed.
"""
import contextlib
import functools
import gzip
import json
import pathlib
import types

import kafka
from kafka.record import default_records
from kafka.record.default_records import DefaultRecordBatchBuilder

from describe import describe, describe_record

NOON = 1_700_000_000_000
GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4

# gzip's header has the time in it.
gzip.time = types.SimpleNamespace(time=lambda: NOON / 1000)


def case(*records, codec=0, producer=(-1, -1, -1), transactional=False, framed=True):
    return {"records": records, "codec": codec, "producer": producer, "transactional": transactional, "framed": framed}


def record(key, value, timestamp=NOON, headers=()):
    return timestamp, key, value, list(headers)


CASES = {
    "one-record": case(record(b"WO-4711", b'{"qty":"12.500"}')),
    "nulls-and-empties": case(
        record(None, b"no key"), record(b"tombstone", None), record(None, None), record(b"", b"empty key"),
        record(b"empty value", b""), record(b"", b"")),
    "headers": case(
        record(b"k", b"v", headers=[("eb.lsn", b"0/1A2B3C8"), ("eb.seq", b"4")]),
        record(b"k", b"v", headers=[("null", None), ("empty", b""), ("", b"empty name"), ("", None)]),
        record(b"k", None, headers=[("twice", b"1"), ("twice", b"2")]),
        record(None, None, headers=[(f"h{n}", bytes(n)) for n in range(100)])),
    "non-ascii": case(
        record("작업지시-7".encode(), "볼트 M8×40, 아연 도금".encode(), headers=[("공장", "인천".encode())]),
        record("Größe".encode(), "Schraube für Gehäuse, 5 µm".encode(), headers=[("Maßeinheit", "Stück".encode())]),
        record(b"\xff\xfe", bytes(range(256)), headers=[("bytes", b"\x00\xff")]),
        record("🔩".encode(), "e\u0301".encode(), headers=[("🏭", None)])),
    "timestamps": case(
        record(b"first", b"", NOON), record(b"earlier", b"", NOON - 1), record(b"much earlier", b"", 0),
        record(b"none", b"", -1), record(b"latest", b"", NOON + 86_400_000), record(b"same", b"", NOON)),
    # The deltas on both sides of each length that a varint can have, from the base timestamp 0.
    "varint-lengths": case(
        record(None, None, 0),
        *[record(None, None, sign * (1 << (7 * size - 1)) + shift) for size in range(1, 10)
          for sign in (1, -1) for shift in (-1, 0)],
        record(None, None, (1 << 63) - 1), record(None, None, -(1 << 63)),
        record(bytes(63), bytes(8191)), record(bytes(64), bytes(8192))),
    "thousand-records": case(
        *[record(b"%d" % n, None if n % 10 == 0 else b"v" * (n % 7), NOON + n * n) for n in range(1000)]),
    "transactional": case(
        record(b"a", b"1"), record(b"b", b"2"), producer=(4_711_000_000_000, 3, 17), transactional=True),
    **{name: case(
        *[record(b"key", b"compressible " * 20) for _ in range(3)],
        # More than one block of the framing around Snappy.
        record(None, bytes(n * n % 251 for n in range(33_000))), record(b"last", None, NOON + 1, headers=[("h", b"v")]),
        codec=codec, framed=framed)
        for name, codec, framed in [
            ("gzip", GZIP, True), ("snappy", SNAPPY, True), ("snappy-raw", SNAPPY, False), ("lz4", LZ4, True),
            ("zstd", ZSTD, True)]},
}


@contextlib.contextmanager
def snappy_framing(framed):
    """kafka-python writes the Java library's framing; librdkafka writes none."""
    encode = default_records.snappy_encode
    default_records.snappy_encode = functools.partial(encode, xerial_compatible=framed)
    yield
    default_records.snappy_encode = encode


def encode(case):
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=case["codec"], is_transactional=case["transactional"],
        producer_id=case["producer"][0], producer_epoch=case["producer"][1], base_sequence=case["producer"][2],
        batch_size=1 << 20)
    for offset, (timestamp, key, value, headers) in enumerate(case["records"]):
        assert builder.append(offset, timestamp, key, value, headers) is not None, "the batch is full"
    with snappy_framing(case["framed"]):
        return bytes(builder.build())


def main():
    folder = pathlib.Path(__file__).parent
    for name, case in CASES.items():
        batch = encode(case)
        description = describe(batch)
        given = [describe_record(offset, *record) for offset, record in enumerate(case["records"])]
        assert description["records"] == given, f"{name}: the client does not read what it wrote"
        (folder / f"{name}.batch").write_bytes(batch)
        text = json.dumps({"madeBy": f"kafka-python {kafka.__version__}", **description}, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n")
        print(f"{name}: {len(batch)} bytes")


main()

"""What Kafka's Python client, kafka-python, reads in record batches.

    python3 describe.py    reads one batch a line from standard input, in hexadecimal, and prints one JSON object a line

The CRC is checked; a batch that the client does not accept ends the program with its exception.
"""
import json
import sys

from kafka.record.default_records import DefaultRecordBatch


def hexadecimal(value):
    return None if value is None else value.hex()


def describe_record(offset, timestamp, key, value, headers):
    """A record as a list, because there are a thousand of them in one fixture."""
    return [offset, timestamp, hexadecimal(key), hexadecimal(value), [[k, hexadecimal(v)] for k, v in headers]]


def describe(batch):
    reader = DefaultRecordBatch(batch)
    assert reader.size_in_bytes == len(batch), "the batch has another size than its header says"
    assert reader.validate_crc(), "the CRC does not fit"
    description = {
        "baseOffset": reader.base_offset,
        "leaderEpoch": reader.leader_epoch,
        "crc": reader.crc,
        "attributes": reader.attributes,
        "lastOffsetDelta": reader.last_offset_delta,
        "baseTimestamp": reader.first_timestamp,
        "maxTimestamp": reader.max_timestamp,
        "producerID": reader.producer_id,
        "producerEpoch": reader.producer_epoch,
        "baseSequence": reader.base_sequence,
        "recordCount": reader.records_count,
    }
    description["records"] = [describe_record(r.offset, r.timestamp, r.key, r.value, r.headers) for r in reader]
    return description


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(describe(bytes.fromhex(line.strip())), ensure_ascii=False))

"""kafka-python, of whatever version is installed, against a broker: what is produced is consumed. Prints `ok`.

usage: kafka_python.py HOST:PORT
"""
import sys

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

broker = sys.argv[1]
is_old = kafka.__version__.startswith("2.0")
# The old one gives up after two seconds otherwise, which a busy machine may need.
common = {"bootstrap_servers": broker, **({"api_version_auto_timeout_ms": 60_000} if is_old else {})}
topic, group = "kafka-python-" + kafka.__version__, "group-" + kafka.__version__

count = 0
for codec in [None, "gzip", "snappy", "lz4"] + ([] if is_old else ["zstd"]):
    for acks in [0, 1, "all"]:
        more = {} if is_old else {"enable_idempotence": acks == "all"}
        producer = KafkaProducer(**common, compression_type=codec, acks=acks, **more)
        sent = [producer.send(topic, key=b"k%d" % number, value=b"v%d" % number, headers=[("h", b"x")]) for number in range(10)]
        producer.flush()
        for one in sent:
            one.get(60)
        producer.close()
        count += len(sent)

consumer = KafkaConsumer(topic, **common, group_id=group, auto_offset_reset="earliest",
                         enable_auto_commit=False)
seen = []
while len(seen) < count:
    got = consumer.poll(60_000)
    assert got, f"{len(seen)} of {count}"
    seen += [record for records in got.values() for record in records]
assert all(record.headers == [("h", b"x")] for record in seen)
consumer.commit()
partition = TopicPartition(topic, 0)
assert consumer.committed(partition) == count
assert consumer.beginning_offsets([partition])[partition] == 0 and consumer.end_offsets([partition])[partition] == count
assert consumer.offsets_for_times({partition: 0})[partition].offset == 0
consumer.seek(partition, 3)
assert next(iter(consumer)).offset == 3
consumer.close()
admin = KafkaAdminClient(**common)
assert topic in admin.list_topics()
admin.delete_topics([topic])
print("ok")

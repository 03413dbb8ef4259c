"""librdkafka's client against a broker: what is produced is consumed, what of a batch is refused is named, and 14 calls of an administrator.
Prints `ok`.

usage: confluent.py HOST:PORT
"""
import sys
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec)

broker = sys.argv[1]
topic, group = "confluent", "confluent-group"
admin = AdminClient({"bootstrap.servers": broker})


def only(futures):
    (future,) = futures.values()
    return future.result()


# Three replicas, as tools ask that were made for clusters: it gets one.
only(admin.create_topics([NewTopic(topic, 3, 3)]))

sent = []
for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
    for acks in ["0", "1", "all"]:
        failed = []
        producer = Producer({"bootstrap.servers": broker, "compression.type": codec, "acks": acks})
        for number in range(20):
            value = f"{codec}-{acks}-{number}"
            sent.append(value)
            producer.produce(topic, key=str(number), value=value, headers={"h": b"x"},
                             on_delivery=lambda error, _: failed.append(error) if error else None)
        assert producer.flush(60) == 0 and not failed, failed

# One batch: a compacted topic refuses it, and says because of which records. Of one record alone librdkafka would blame the whole batch.
only(admin.create_topics([NewTopic("compacted", 1, 1, config={"cleanup.policy": "compact"})]))
codes = {}
producer = Producer({"bootstrap.servers": broker, "linger.ms": 10_000})
for number, key in enumerate(["a", None, "b", None]):
    producer.produce("compacted", key=key, value=str(number),
                     on_delivery=lambda error, message: codes.update({int(message.value()): error and error.code()}))
assert producer.flush(60) == 0
bad, good = KafkaError.INVALID_RECORD, KafkaError._INVALID_DIFFERENT_RECORD
assert codes == {0: good, 1: bad, 2: good, 3: bad}, codes
only(admin.delete_topics(["compacted"]))

consumer = Consumer({"bootstrap.servers": broker, "group.id": group, "auto.offset.reset": "earliest",
                     "enable.auto.commit": False})
consumer.subscribe([topic])
seen, end = [], time.time() + 60
while len(seen) < len(sent) and time.time() < end:
    message = consumer.poll(1)
    if message is not None:
        assert not message.error(), message.error()
        assert message.headers() == [("h", b"x")]
        seen.append(message.value().decode())
assert sorted(seen) == sorted(sent), f"{len(seen)} of {len(sent)}"
consumer.commit(asynchronous=False)
partitions = [TopicPartition(topic, number) for number in range(3)]
committed = consumer.committed(partitions)
ends = [consumer.get_watermark_offsets(partition)[1] for partition in partitions]
assert [one.offset for one in committed] == ends and sum(ends) == len(sent), (committed, ends)
assert [one.offset for one in consumer.offsets_for_times([TopicPartition(topic, 0, 0)])] == [0]

assert only(admin.describe_consumer_groups([group])).state.name == "STABLE"
assert [one.group_id for one in admin.list_consumer_groups().result().valid] == [group]
consumer.close()
assert only(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]))["retention.ms"].value == "604800000"
only(admin.incremental_alter_configs([ConfigResource(
    ConfigResource.Type.TOPIC, topic,
    incremental_configs=[ConfigEntry("retention.ms", "1000000", incremental_operation=AlterConfigOpType.SET)])]))
assert only(admin.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, topic)]))["retention.ms"].value == "1000000"
only(admin.create_partitions([NewPartitions(topic, 5)]))
assert len(admin.list_topics(topic).topics[topic].partitions) == 5
assert len(admin.describe_cluster().result().cluster_id) == 22
newest = only(admin.list_offsets({TopicPartition(topic, 0): OffsetSpec.max_timestamp()}))
assert 0 <= newest.offset < ends[0], newest.offset
assert only(admin.delete_records([TopicPartition(topic, 0, 5)])).low_watermark == 5
only(admin.delete_consumer_groups([group]))
only(admin.delete_topics([topic]))
assert topic not in admin.list_topics().topics
print("ok")

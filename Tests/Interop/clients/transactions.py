"""librdkafka's idempotent and transactional producers against a broker. Prints `ok`.

usage: transactions.py HOST:PORT
"""
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

broker = sys.argv[1]
admin = AdminClient({"bootstrap.servers": broker})
for future in admin.create_topics([NewTopic("in", 1, 1), NewTopic("out", 2, 1)]).values():
    future.result()


def read(topic, count, isolation):
    consumer = Consumer({"bootstrap.servers": broker, "group.id": f"{topic}-{isolation}-{time.time()}",
                         "auto.offset.reset": "earliest", "isolation.level": isolation, "enable.partition.eof": True})
    consumer.subscribe([topic])
    values, end, eofs = [], time.time() + 60, set()
    partitions = len(admin.list_topics(topic).topics[topic].partitions)
    while (len(values) < count or len(eofs) < partitions) and time.time() < end:
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            eofs.add(message.partition())
        else:
            values.append(message.value().decode())
    consumer.close()
    return sorted(values)


idempotent = Producer({"bootstrap.servers": broker, "enable.idempotence": True})
for number in range(100):
    idempotent.produce("in", value=str(number))
assert idempotent.flush(60) == 0
assert read("in", 100, "read_committed") == sorted(str(number) for number in range(100))

# Each transaction takes ten from `in`, and writes to both partitions of `out`; every third is aborted.
consumer = Consumer({"bootstrap.servers": broker, "group.id": "worker", "auto.offset.reset": "earliest",
                     "enable.auto.commit": False, "isolation.level": "read_committed"})
consumer.subscribe(["in"])
producer = Producer({"bootstrap.servers": broker, "transactional.id": "worker"})
producer.init_transactions(60)
committed = []
taken = 0
while taken < 100:
    messages = consumer.consume(10, 60)
    assert messages and not any(message.error() for message in messages)
    aborts = taken // 10 % 3 == 1
    producer.begin_transaction()
    for message in messages:
        value = message.value().decode()
        producer.produce("out", value=f"{value}{'-aborted' if aborts else ''}", partition=int(value) % 2)
    producer.send_offsets_to_transaction(
        [TopicPartition("in", 0, messages[-1].offset() + 1)], consumer.consumer_group_metadata(), 60)
    if aborts:
        # Or they would be thrown away unsent.
        producer.flush(60)
        producer.abort_transaction(60)
    else:
        producer.commit_transaction(60)
        committed += [message.value().decode() for message in messages]
    taken += len(messages)
found = read("out", len(committed), "read_committed")
assert found == sorted(committed), (len(found), len(committed))
assert len(read("out", 100, "read_uncommitted")) == 100
assert consumer.committed([TopicPartition("in", 0)])[0].offset == 100

# A second instance takes over; the first one cannot commit any more.
producer.begin_transaction()
producer.produce("out", value="zombie", partition=0)
second = Producer({"bootstrap.servers": broker, "transactional.id": "worker"})
second.init_transactions(60)
try:
    producer.commit_transaction(60)
    raise AssertionError("the first instance committed after the second had taken over")
except KafkaException:
    pass
assert "zombie" not in read("out", len(committed), "read_committed")
consumer.close()
print("ok")

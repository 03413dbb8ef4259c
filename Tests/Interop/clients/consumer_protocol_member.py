"""A member of a group by Kafka's consumer protocol (KIP-848): reads some records, commits behind them, prints `committed`, and stays until
SIGTERM, at which it leaves.

usage: consumer_protocol_member.py HOST:PORT TOPIC GROUP COUNT
"""
import signal
import sys

from confluent_kafka import Consumer, TopicPartition

broker, topic, group, count = sys.argv[1:5]
ended = []
# Whoever starts us from one of its worker threads hands down a mask that blocks it.
signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
consumer = Consumer({"bootstrap.servers": broker, "group.id": group, "group.protocol": "consumer",
                     "auto.offset.reset": "earliest", "enable.auto.commit": False})
consumer.subscribe([topic])
read = 0
while read < int(count):
    record = consumer.poll(0.1)
    if record is not None and record.error() is None:
        read += 1
consumer.commit(offsets=[TopicPartition(topic, 0, read)], asynchronous=False)
print("committed", flush=True)
while not ended:
    consumer.poll(0.1)
consumer.close()

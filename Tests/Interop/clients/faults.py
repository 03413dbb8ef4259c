"""Records on a way full of faults: an idempotent producer numbers them, a program takes them in transactions from one topic to another,
some of which it aborts, and a reader of what is committed must see each number once, in order. Prints `ok`.

usage: faults.py PORT PROXY_PORT FAULTS [SEED]

The broker listens on PORT and tells its clients to dial PROXY_PORT.
"""
import os
import random
import sys
import threading
import time
import traceback

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic
from fault_proxy import FAULTS, FaultProxy

PARTITIONS = 3
MARK = b"x" * 32
# Nothing here may take so long; who waits longer says so.
PATIENCE = 300


class Stuck(Exception):
    pass


class Progress:
    """Counts that threads wait for."""

    def __init__(self):
        self.changed, self.counts, self.failure, self.isOver = threading.Condition(), {}, None, False

    def add(self, name, count=1):
        with self.changed:
            self.counts[name] = self.counts.get(name, 0) + count
            self.changed.notify_all()

    def fail(self, failure):
        with self.changed:
            self.failure = self.failure or failure
            self.changed.notify_all()

    def wait(self, name, count):
        with self.changed:
            if not self.changed.wait_for(lambda: self.failure or self.counts.get(name, 0) >= count, PATIENCE):
                raise Stuck(f"{name} stays at {self.counts.get(name, 0)} of {count}; {self.counts}")
            if self.failure:
                raise self.failure

    def now(self, name):
        with self.changed:
            return self.counts.get(name, 0)


port, proxy_port, faults = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
proxy = FaultProxy(proxy_port, port, rng, MARK)
progress = Progress()
# Who does not hear gives up soon: a fault of held bytes lasts as long.
client = {"bootstrap.servers": f"127.0.0.1:{proxy_port}", "socket.timeout.ms": 1000, "reconnect.backoff.ms": 20,
          "reconnect.backoff.max.ms": 100, "retry.backoff.ms": 20, "retry.backoff.max.ms": 100, "log_level": 2,
          # When every connection is lost, librdkafka 2.16 otherwise begins anew with what it was given, and lets its transactional
          # producers wait for ever for a connection to the group's coordinator that it has thrown away.
          "metadata.recovery.strategy": "none"}


def running(body):
    def run():
        try:
            body()
        except Exception as failure:
            traceback.print_exc()
            progress.fail(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def reader(group):
    one = Consumer({**client, "group.id": group, "isolation.level": "read_committed", "enable.auto.commit": False,
                    "auto.offset.reset": "error", "check.crcs": True, "fetch.wait.max.ms": 100, "fetch.error.backoff.ms": 20})
    return one


def records(consumer, count, patience):
    """What has come; errors of the way are not the records' concern, an offset that is not there is."""
    good = []
    for message in consumer.consume(count, patience):
        error = message.error()
        if error is None:
            good.append(message)
        elif error.code() in (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE) or error.fatal():
            raise KafkaException(error)
    return good


numbered = 0


def produce():
    """Numbers go round the partitions, so each has its own in order."""
    global numbered
    producer = Producer({**client, "enable.idempotence": True, "message.timeout.ms": 0, "request.timeout.ms": 1000, "linger.ms": 2})

    def done(error, message):
        if error is not None:
            progress.fail(KafkaException(error))
        progress.add("acknowledged")

    while not progress.isOver:
        # A few on the way at a time, so that each fault hits some and none waits for all.
        while numbered - progress.now("seen") < 300:
            producer.produce("numbers", b"%d %s" % (numbered, MARK), partition=numbered % PARTITIONS, on_delivery=done)
            numbered += 1
        producer.poll(0.01)
    if producer.flush(PATIENCE) != 0:
        raise Stuck("the producer does not end")


aborted = 0


def move():
    """Takes what is committed in `numbers` to `moved`; a transaction holds the records and how far it has read."""
    global aborted
    consumer = reader("mover")
    producer = Producer({**client, "transactional.id": "mover", "request.timeout.ms": 1000, "message.timeout.ms": 60_000,
                         "transaction.timeout.ms": 60_000, "linger.ms": 2})
    end = time.monotonic() + PATIENCE

    def until_done(call):
        while True:
            try:
                return call(30)
            except KafkaException as failure:
                if not failure.args[0].retriable() or time.monotonic() > end:
                    raise

    def start_where_it_is_committed():
        wanted = [TopicPartition("numbers", partition) for partition in range(PARTITIONS)]
        found = until_done(lambda patience: retried(lambda: consumer.committed(wanted, patience)))
        for one in found:
            one.offset = max(one.offset, 0)
        consumer.assign(found)

    def retried(call):
        while True:
            try:
                return call()
            except KafkaException as failure:
                # Reading how far it is may be done any number of times.
                if failure.args[0].fatal() or time.monotonic() > end:
                    raise

    until_done(producer.init_transactions)
    start_where_it_is_committed()
    turn = 0
    # To the program's end: what is on its way when the last fault is over is still to be moved.
    while True:
        end = time.monotonic() + PATIENCE
        messages = records(consumer, 100, 0.1)
        if not messages:
            continue
        turn += 1
        try:
            producer.begin_transaction()
            for message in messages:
                producer.produce("moved", message.value(), partition=message.partition())
            until_done(lambda patience: producer.send_offsets_to_transaction(
                consumer.position(consumer.assignment()), consumer.consumer_group_metadata(), patience))
            if turn % 4 == 0:
                # Or they would be thrown away unsent.
                producer.flush(PATIENCE)
                raise KafkaException(KafkaError(KafkaError._FAIL, "as planned", txn_requires_abort=True))
            until_done(producer.commit_transaction)
        except KafkaException as failure:
            if not failure.args[0].txn_requires_abort():
                raise
            until_done(producer.abort_transaction)
            aborted += 1
            start_where_it_is_committed()


next_number = list(range(PARTITIONS))


def watch():
    consumer = reader("watcher")
    consumer.assign([TopicPartition("moved", partition, 0) for partition in range(PARTITIONS)])
    while True:
        for message in records(consumer, 1000, 0.1):
            number, partition = int(message.value().split()[0]), message.partition()
            if message.value() != b"%d %s" % (number, MARK):
                raise AssertionError(f"a value is another one: {message.value()}")
            if number != next_number[partition]:
                raise AssertionError(f"moved-{partition} at offset {message.offset()}: {number}, not {next_number[partition]}")
            next_number[partition] = number + PARTITIONS
            progress.add("seen")


admin = AdminClient(client)
for future in admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in ("numbers", "moved")]).values():
    future.result()
producing = running(produce)
moving = running(move)
running(watch)
order = []
for turn in range(faults):
    if not order:
        order = FAULTS[:]
        rng.shuffle(order)
    # The next one comes when all is well: records were acknowledged and seen.
    acknowledged, seen = progress.now("acknowledged"), progress.now("seen")
    progress.wait("acknowledged", acknowledged + 50)
    progress.wait("seen", seen + 50)
    proxy.inject(order.pop(), PATIENCE)
progress.isOver = True
producing.join(PATIENCE)
progress.wait("acknowledged", numbered)
progress.wait("seen", numbered)
print(f"{faults} faults, {numbered} records once, {aborted} transactions aborted")
print("ok", flush=True)
# The clients have nothing left to do, and would take their time.
os._exit(0)

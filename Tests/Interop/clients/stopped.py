"""Members that are stopped by SIGSTOP past their sessions, and woken by SIGCONT when another has taken over: their commits are refused, and what
the group has committed stays as it is. aiokafka and librdkafka by the classic protocol, and librdkafka by the consumer protocol (KIP-848).
Takes as long as a session of the last, 45 s. Prints `ok`.

usage: stopped.py HOST:PORT
       stopped.py HOST:PORT KIND           a member: commits offset 1, says `holds`, waits for a line, commits 3 and says what came of it
"""
import asyncio
import os
import signal
import subprocess
import sys
import time

import aiokafka
from aiokafka.errors import CommitFailedError
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

broker = sys.argv[1]
# The server's word where the client hands it on; librdkafka may find out by itself before it has an answer.
refusals = {
    "aiokafka": {"UnknownMemberIdError"},
    "classic": {"UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "_ASSIGNMENT_LOST"},
    "consumer": {"UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH", "STALE_MEMBER_EPOCH", "_ASSIGNMENT_LOST"},
}


def consumer(kind):
    protocol = {"group.protocol": "consumer"} if kind == "consumer" else {"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000}
    one = Consumer({"bootstrap.servers": broker, "group.id": kind, "auto.offset.reset": "earliest", "enable.auto.commit": False, **protocol})
    one.subscribe([kind])
    return one


def hold(kind):
    one = consumer(kind)
    message = None
    while message is None:
        message = one.poll(1)
    assert not message.error() and message.offset() == 0, message.error()
    one.commit(offsets=[TopicPartition(kind, 0, 1)], asynchronous=False)
    print("holds", flush=True)
    sys.stdin.readline()
    try:
        one.commit(offsets=[TopicPartition(kind, 0, 3)], asynchronous=False)
        print("committed", flush=True)
    except KafkaException as error:
        print(error.args[0].name(), flush=True)


async def hold_aiokafka(kind):
    partition = aiokafka.TopicPartition(kind, 0)
    one = aiokafka.AIOKafkaConsumer(
        kind, bootstrap_servers=broker, group_id=kind, auto_offset_reset="earliest", enable_auto_commit=False,
        session_timeout_ms=6000, heartbeat_interval_ms=1000)
    await one.start()
    assert (await one.getone()).offset == 0
    await one.commit({partition: 1})
    print("holds", flush=True)
    # Not awaited: what the client does by itself, it does after the commit.
    sys.stdin.readline()
    try:
        await one.commit({partition: 3})
        print("committed", flush=True)
    except CommitFailedError as error:
        print(type(error.__cause__).__name__, flush=True)


if len(sys.argv) > 2:
    asyncio.run(hold_aiokafka(sys.argv[2])) if sys.argv[2] == "aiokafka" else hold(sys.argv[2])
    # Without a farewell.
    os._exit(0)

admin = AdminClient({"bootstrap.servers": broker})
producer = Producer({"bootstrap.servers": broker})
for future in admin.create_topics([NewTopic(kind, 1, 1) for kind in refusals]).values():
    future.result()
for kind in refusals:
    for number in range(3):
        producer.produce(kind, str(number))
assert producer.flush(60) == 0

members = {
    kind: subprocess.Popen([sys.executable, __file__, broker, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for kind in refusals}
try:
    for kind, member in members.items():
        said = member.stdout.readline()
        assert said == "holds\n", (kind, said)
    for member in members.values():
        member.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(member.pid, os.WUNTRACED)[1])
        # It is waiting for that when it wakes.
        member.stdin.write("go on\n")
        member.stdin.flush()

    others = {kind: consumer(kind) for kind in refusals}
    waiting, end = set(others), time.time() + 100
    while waiting:
        assert time.time() < end, f"nobody has taken over from {waiting}"
        for kind, other in others.items():
            message = other.poll(0.05)
            if message is None:
                continue
            assert not message.error(), message.error()
            if kind not in waiting:
                continue
            # It goes on where the stopped one has committed.
            assert message.offset() == 1, message.offset()
            other.commit(message=message, asynchronous=False)
            waiting.remove(kind)

    for kind, member in members.items():
        member.send_signal(signal.SIGCONT)
        said = member.stdout.readline().strip()
        assert said in refusals[kind], (kind, said)
        assert others[kind].committed([TopicPartition(kind, 0)])[0].offset == 2, kind
        print(kind, said)
    for other in others.values():
        other.close()
finally:
    for member in members.values():
        member.kill()
        member.wait()
print("ok")

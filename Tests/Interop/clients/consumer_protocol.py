"""librdkafka's consumers with `group.protocol=consumer` (KIP-848): two share a topic, one leaves, another comes and dies without a word, and
all the while each record is committed once, in order. Then a topic that grows, static members, a pattern, and what is refused.
Prints `ok`.

usage: consumer_protocol.py HOST:PORT
"""
import signal
import subprocess
import sys
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

broker = sys.argv[1]
topic, group, count = "shared", "consumers", 6
# Longer than a session lasts, and than a busy machine takes.
PATIENCE = 120


def consumer(**more):
    return Consumer({"bootstrap.servers": broker, "group.id": group, "group.protocol": "consumer",
                     "auto.offset.reset": "earliest", "enable.auto.commit": False, **more})


def hold():
    """A member that joins, reads without committing, says what it has, and waits to be killed."""
    one = consumer()
    one.subscribe([topic])
    while True:
        one.poll(0.2)
        print(len(one.assignment()), flush=True)


if len(sys.argv) > 2:
    hold()

admin = AdminClient({"bootstrap.servers": broker})
producer = Producer({"bootstrap.servers": broker})
admin.create_topics([NewTopic(topic, count, 1)])[topic].result()
sent = 0


def produce(number):
    global sent
    for _ in range(number):
        producer.produce(topic, str(sent), partition=sent % count)
        sent += 1
    assert producer.flush(PATIENCE) == 0


def assigned(consumers):
    return [sorted(one.partition for one in member.assignment()) for member in consumers]


done = {}


def work(consumers, until, what):
    """Polls all until it is so; what is read is committed at once, and counts when the commit was taken."""
    end = time.time() + PATIENCE
    while not until():
        assert time.time() < end, f"{what}: {assigned(consumers)}, {len(done)} of {sent} done"
        for one in consumers:
            message = one.poll(0.05)
            if message is None:
                continue
            assert not message.error(), message.error()
            try:
                one.commit(message=message, asynchronous=False)
            except KafkaException as error:
                assert error.args[0].code() in (KafkaError.STALE_MEMBER_EPOCH, KafkaError.FENCED_MEMBER_EPOCH,
                                                KafkaError.UNKNOWN_MEMBER_ID, KafkaError._ASSIGNMENT_LOST), error
                # Whoever has the partition now reads the record again.
                place = TopicPartition(topic, message.partition(), message.offset())
                if message.partition() in [other.partition for other in one.assignment()]:
                    one.seek(place)
                continue
            place = (message.partition(), message.offset())
            assert place not in done, f"{place} was committed twice"
            done[place] = message.value()


def share(consumers):
    """Each partition has one owner, and the loads are even."""
    parts = assigned(consumers)
    loads = [len(part) for part in parts]
    return sorted(sum(parts, [])) == list(range(count)) and max(loads) - min(loads) <= 1


produce(300)
first = consumer()
first.subscribe([topic])
work([first], lambda: share([first]), "one member has everything")
second = consumer()
second.subscribe([topic])
work([first, second], lambda: share([first, second]), "two share")
produce(300)
work([first, second], lambda: len(done) == sent, "two read everything")
produce(300)
second.close()
work([first], lambda: share([first]), "the one that stays has everything")
work([first], lambda: len(done) == sent, "and reads on")

# One that dies is found out when its session is over.
dying = subprocess.Popen([sys.executable, __file__, broker, "hold"], stdout=subprocess.PIPE, text=True)
work([first], lambda: len(first.assignment()) == count // 2, "another joins")
while int(dying.stdout.readline()) != count // 2:
    first.poll(0)
dying.send_signal(signal.SIGKILL)
dying.wait()
produce(300)
work([first], lambda: share([first]), "what the dead one had is given away")
work([first], lambda: len(done) == sent, "and is read")

ends = [first.committed([TopicPartition(topic, number)])[0].offset for number in range(count)]
assert sum(ends) == sent == len(set(done.values())), (ends, sent)

# A topic that grows.
admin.create_partitions([NewPartitions(topic, count + 2)])[topic].result()
count += 2
work([first], lambda: share([first]), "new partitions are given to somebody")
first.close()

# Static members: whoever comes back within the session has its part again, and another does not get the name meanwhile.
static = consumer(**{"group.instance.id": "line-1"})
static.subscribe([topic])
work([static], lambda: share([static]), "a static member has everything")
static.close()
static = consumer(**{"group.instance.id": "line-1"})
static.subscribe(["^sha.*d$"])
work([static], lambda: share([static]), "it comes back, with a pattern")

listed = {one.group_id: one for one in admin.list_consumer_groups().result().valid}
assert listed[group].type.name == "CONSUMER" and listed[group].state.name == "STABLE", listed[group]
classic = Consumer({"bootstrap.servers": broker, "group.id": group})
classic.subscribe([topic])
message = classic.poll(PATIENCE)
assert message is not None and message.error().code() == KafkaError.INCONSISTENT_GROUP_PROTOCOL, message
classic.close()
static.close()
print("ok")

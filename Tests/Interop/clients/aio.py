"""aiokafka against a broker: what is produced is consumed. Prints `ok`.

usage: aio.py HOST:PORT
"""
import asyncio
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

broker, topic = sys.argv[1], "aiokafka"


async def main():
    sent = []
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        producer = AIOKafkaProducer(bootstrap_servers=broker, compression_type=codec)
        await producer.start()
        for number in range(20):
            value = b"%s-%d" % ((codec or "none").encode(), number)
            sent.append(value)
            await producer.send_and_wait(topic, value)
        await producer.stop()
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=broker, group_id="aio", auto_offset_reset="earliest",
                                enable_auto_commit=False)
    await consumer.start()
    seen = []
    async for record in consumer:
        seen.append(record.value)
        if len(seen) == len(sent):
            break
    assert seen == sent
    await consumer.commit()
    await consumer.stop()
    print("ok")


asyncio.run(asyncio.wait_for(main(), 120))

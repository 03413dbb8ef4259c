import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Java's clients against a broker: produces with every codec, idempotent as is their default; a group; a transaction that takes
 * records and commits their offsets; a batch that is refused because of one record; an administrator. Prints `ok`.
 *
 * <p>usage: ClientRun HOST:PORT
 */
final class ClientRun {
    private static final String TOPIC = "java";

    private ClientRun() {}

    private static Properties properties(String broker, String... more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private static KafkaProducer<String, String> producer(String broker, String... more) {
        return new KafkaProducer<>(properties(broker, more), new StringSerializer(), new StringSerializer());
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    /** A compacted topic refuses a batch, and says because of which record (KIP-467). */
    private static void refusedRecord(String broker, Admin admin) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic("java-compacted", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all().get();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(broker, "linger.ms", "10000")) {
            for (String key : new String[] {"a", null, "b"}) {
                sent.add(producer.send(new ProducerRecord<>("java-compacted", 0, key, "value")));
            }
        }
        List<Class<?>> refusals = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) {
            try {
                one.get();
                refusals.add(null);
            } catch (ExecutionException refused) {
                refusals.add(refused.getCause().getClass());
            }
        }
        // The others are told that they were only in the same batch, by no class of its own.
        check(refusals.equals(List.of(KafkaException.class, InvalidRecordException.class, KafkaException.class)),
                "refused: " + refusals);
        admin.deleteTopics(List.of("java-compacted")).all().get();
    }

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        String broker = arguments[0];
        int count = 0;
        try (Admin admin = Admin.create(properties(broker))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 3))).all().get();
            for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
                for (String acks : List.of("0", "1", "all")) {
                    try (KafkaProducer<String, String> producer =
                            producer(broker, "compression.type", codec, "acks", acks,
                                    "enable.idempotence", Boolean.toString(acks.equals("all")))) {
                        for (int number = 0; number < 20; number++) {
                            producer.send(new ProducerRecord<>(TOPIC, "k" + number, codec + acks + number));
                            count++;
                        }
                    }
                }
            }
            refusedRecord(broker, admin);
            try (KafkaConsumer<String, String> consumer =
                            new KafkaConsumer<>(
                                    properties(broker, "group.id", "java", "auto.offset.reset", "earliest",
                                            "enable.auto.commit", "false", "isolation.level", "read_committed",
                                            "max.poll.records", "100"),
                                    new StringDeserializer(), new StringDeserializer());
                    KafkaProducer<String, String> producer = producer(broker, "transactional.id", "java")) {
                producer.initTransactions();
                consumer.subscribe(List.of(TOPIC));
                int seen = 0;
                long end = System.nanoTime() + 60_000_000_000L;
                while (seen < count && System.nanoTime() < end) {
                    List<ConsumerRecord<String, String>> records = new ArrayList<>();
                    consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
                    if (records.isEmpty()) {
                        continue;
                    }
                    producer.beginTransaction();
                    for (ConsumerRecord<String, String> record : records) {
                        producer.send(new ProducerRecord<>("java-out", record.key(), record.value()));
                        producer.sendOffsetsToTransaction(
                                Map.of(new TopicPartition(record.topic(), record.partition()),
                                        new OffsetAndMetadata(record.offset() + 1)),
                                consumer.groupMetadata());
                    }
                    producer.commitTransaction();
                    seen += records.size();
                }
                check(seen == count, seen + " of " + count + " records");
            }
            long committed =
                    admin.listConsumerGroupOffsets("java").partitionsToOffsetAndMetadata().get().values().stream()
                            .mapToLong(OffsetAndMetadata::offset).sum();
            check(committed == count, "offsets of " + committed);
            TopicPartition out = new TopicPartition("java-out", 0);
            long last = admin.listOffsets(Map.of(out, OffsetSpec.latest())).partitionResult(out).get().offset();
            check(last >= count, "the output ends at " + last);
            check(admin.describeCluster().nodes().get().size() == 1, "nodes");
            check(admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().size() == 3, "topic");
            check(admin.listTransactions().all().get().size() == 1, "transactions");
            admin.deleteConsumerGroups(List.of("java")).all().get();
            admin.deleteTopics(List.of(TOPIC, "java-out")).all().get();
            check(!admin.listTopics().names().get().contains(TOPIC), "the topic is still there");
        }
        System.out.println("ok");
    }
}

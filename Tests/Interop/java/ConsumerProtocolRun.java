import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Java's consumers with `group.protocol=consumer` (KIP-848): two share a topic and one leaves, while each record is committed once; a
 * topic that grows; a pattern; a transaction that commits offsets; what an administrator is told; what is refused. Prints `ok`.
 *
 * <p>usage: ConsumerProtocolRun HOST:PORT
 */
final class ConsumerProtocolRun {
    private static final String TOPIC = "java-shared";
    private static final String GROUP = "java-consumers";

    private final String broker;
    private final Set<String> done = new HashSet<>();
    private int partitions = 6;
    private int sent;

    private ConsumerProtocolRun(String broker) {
        this.broker = broker;
    }

    private Properties properties(String... more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", broker);
        for (int i = 0; i < more.length; i += 2) {
            properties.put(more[i], more[i + 1]);
        }
        return properties;
    }

    private KafkaConsumer<String, String> consumer(String... more) {
        Properties properties =
                properties("group.id", GROUP, "group.protocol", "consumer", "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false", "max.poll.records", "20");
        properties.putAll(properties(more));
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private void produce(int count) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties(), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++, sent++) {
                producer.send(new ProducerRecord<>(TOPIC, sent % 6, null, Integer.toString(sent)));
            }
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    /** Polls all until it is so; what is read is committed, and counts when the commit was taken. */
    private void work(List<KafkaConsumer<String, String>> consumers, BooleanSupplier until, String what) {
        long end = System.nanoTime() + 120_000_000_000L;
        while (!until.getAsBoolean()) {
            check(System.nanoTime() < end, what + ": " + done.size() + " of " + sent);
            for (KafkaConsumer<String, String> consumer : consumers) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(50));
                if (records.isEmpty()) {
                    continue;
                }
                try {
                    consumer.commitSync();
                } catch (CommitFailedException refused) {
                    // Whoever has the partitions now reads the records again.
                    for (TopicPartition partition : records.partitions()) {
                        if (consumer.assignment().contains(partition)) {
                            consumer.seek(partition, records.records(partition).get(0).offset());
                        }
                    }
                    continue;
                }
                for (ConsumerRecord<String, String> record : records) {
                    check(done.add(record.partition() + "-" + record.offset()), "committed twice");
                }
            }
        }
    }

    private boolean share(List<KafkaConsumer<String, String>> consumers) {
        List<TopicPartition> all = new ArrayList<>();
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (KafkaConsumer<String, String> consumer : consumers) {
            int count = consumer.assignment().size();
            all.addAll(consumer.assignment());
            least = Math.min(least, count);
            most = Math.max(most, count);
        }
        return all.size() == partitions && new HashSet<>(all).size() == partitions && most - least <= 1;
    }

    private void run() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(properties())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1))).all().get();
            produce(300);
            KafkaConsumer<String, String> first = consumer("client.rack", "r1");
            first.subscribe(List.of(TOPIC));
            work(List.of(first), () -> share(List.of(first)), "one member has everything");
            KafkaConsumer<String, String> second = consumer();
            second.subscribe(List.of(TOPIC));
            work(List.of(first, second), () -> share(List.of(first, second)), "two share");
            produce(300);
            work(List.of(first, second), () -> done.size() == sent, "two read everything");
            describe(admin);
            produce(300);
            second.close();
            work(List.of(first), () -> share(List.of(first)), "the one that stays has everything");
            work(List.of(first), () -> done.size() == sent, "and reads on");
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(8))).all().get();
            partitions = 8;
            work(List.of(first), () -> share(List.of(first)), "new partitions are given to somebody");
            first.close();
            KafkaConsumer<String, String> third = consumer();
            third.subscribe(new SubscriptionPattern("java-s.*"));
            work(List.of(third), () -> share(List.of(third)), "a pattern names the topic");
            transaction(third);
            third.close();
            check(committed(admin) == sent, "committed " + committed(admin) + " of " + sent);
            refusals();
            admin.deleteConsumerGroups(List.of(GROUP)).all().get();
            check(admin.listGroups().all().get().stream().noneMatch(one -> one.groupId().equals(GROUP)), "the group is still there");
        }
    }

    private static long committed(Admin admin) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(OffsetAndMetadata::offset).sum();
    }

    private void describe(Admin admin) throws ExecutionException, InterruptedException {
        ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP);
        check(group.type() == GroupType.CONSUMER && group.groupState() == GroupState.STABLE, group.toString());
        check(group.members().size() == 2 && group.partitionAssignor().equals("uniform"), group.toString());
        int assigned = group.members().stream().mapToInt(one -> one.assignment().topicPartitions().size()).sum();
        check(assigned == partitions, group.toString());
        check(group.members().stream().allMatch(one -> one.upgraded().orElse(false)), group.toString());
        check(admin.listGroups().all().get().stream()
                        .anyMatch(one -> one.groupId().equals(GROUP) && one.type().orElse(null) == GroupType.CONSUMER), "list");
    }

    /** Offsets that a transaction commits as the member that it is. */
    private void transaction(KafkaConsumer<String, String> consumer) {
        produce(1);
        List<ConsumerRecord<String, String>> read = new ArrayList<>();
        long end = System.nanoTime() + 60_000_000_000L;
        while (read.isEmpty() && System.nanoTime() < end) {
            consumer.poll(Duration.ofMillis(100)).forEach(read::add);
        }
        check(read.size() == 1, "the transaction's record");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(properties("transactional.id", "java-848"), new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            ConsumerRecord<String, String> record = read.get(0);
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1)),
                    consumer.groupMetadata());
            producer.commitTransaction();
        }
    }

    private void refusals() {
        refused(InvalidRegularExpression.class, "(a", "group.id", "java-refused");
        refused(UnsupportedAssignorException.class, "a", "group.id", "java-refused", "group.remote.assignor", "sticky");
        // A classic group with members.
        try (KafkaConsumer<String, String> classic = consumer("group.id", "java-classic", "group.protocol", "classic")) {
            classic.subscribe(List.of(TOPIC));
            work(List.of(), () -> {
                classic.poll(Duration.ofMillis(100));
                return share(List.of(classic));
            }, "a classic group");
            refused(GroupIdNotFoundException.class, "a", "group.id", "java-classic");
        }
    }

    private void refused(Class<? extends RuntimeException> error, String pattern, String... more) {
        try (KafkaConsumer<String, String> consumer = consumer(more)) {
            consumer.subscribe(new SubscriptionPattern(pattern));
            long end = System.nanoTime() + 60_000_000_000L;
            while (System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100));
            }
        } catch (RuntimeException thrown) {
            check(error.isInstance(thrown), thrown.toString());
            return;
        }
        throw new IllegalStateException("not refused: " + error);
    }

    public static void main(String[] arguments) throws ExecutionException, InterruptedException {
        new ConsumerProtocolRun(arguments[0]).run();
        System.out.println("ok");
    }
}

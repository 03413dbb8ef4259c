import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.RoundRobinAssignor;
import org.apache.kafka.clients.consumer.internals.AbstractPartitionAssignor;
import org.apache.kafka.common.TopicPartition;

/**
 * How Kafka's own assignors divide partitions. A line of CASES is a group: words between spaces, first the assignor, then
 * `topic=partitions` for each topic, then `member/instance/topic,topic` for each member, the instance perhaps empty. The answer is a line
 * as long as there are members: `member:topic-0,topic-1 …`, members and partitions in order.
 *
 *     java -cp … AssignGroups CASES
 */
public class AssignGroups {
    public static void main(String[] arguments) throws Exception {
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            Map<String, Integer> topics = new HashMap<>();
            Map<String, Subscription> members = new HashMap<>();
            String[] words = line.split(" ");
            for (String word : Arrays.asList(words).subList(1, words.length)) {
                if (word.contains("/")) {
                    String[] parts = word.split("/", -1);
                    Subscription subscription = new Subscription(List.of(parts[2].split(",")));
                    subscription.setGroupInstanceId(parts[1].isEmpty() ? Optional.empty() : Optional.of(parts[1]));
                    members.put(parts[0], subscription);
                } else {
                    topics.put(word.split("=")[0], Integer.valueOf(word.split("=")[1]));
                }
            }
            AbstractPartitionAssignor assignor =
                words[0].equals("range") ? new RangeAssignor() : new RoundRobinAssignor();
            StringBuilder answer = new StringBuilder();
            for (Map.Entry<String, List<TopicPartition>> entry
                    : new TreeMap<>(assignor.assign(topics, members)).entrySet()) {
                List<String> names = entry.getValue().stream()
                    .sorted((a, b) -> a.topic().equals(b.topic())
                        ? a.partition() - b.partition() : a.topic().compareTo(b.topic()))
                    .map(TopicPartition::toString).toList();
                answer.append(answer.isEmpty() ? "" : " ").append(entry.getKey()).append(":").append(String.join(",", names));
            }
            System.out.println(answer);
        }
    }
}

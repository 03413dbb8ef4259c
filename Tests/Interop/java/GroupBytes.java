import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.Type;

/**
 * The bytes that Kafka's own classes make of what consumer groups exchange and keep, a line each: a name and hexadecimal digits.
 * The records of `__consumer_offsets` are Kafka's GroupMetadataKey and GroupMetadataValue, of which its clients have no classes;
 * their fields are listed here and encoded by its types.
 *
 *     java -cp … GroupBytes
 */
public class GroupBytes {
    private static final Schema MEMBER = new Schema(
        new Field("memberId", Type.STRING), new Field("groupInstanceId", Type.NULLABLE_STRING),
        new Field("clientId", Type.STRING), new Field("clientHost", Type.STRING),
        new Field("rebalanceTimeout", Type.INT32), new Field("sessionTimeout", Type.INT32),
        new Field("subscription", Type.BYTES), new Field("assignment", Type.BYTES));
    private static final Schema GROUP = new Schema(
        new Field("protocolType", Type.STRING), new Field("generation", Type.INT32),
        new Field("protocol", Type.NULLABLE_STRING), new Field("leader", Type.NULLABLE_STRING),
        new Field("currentStateTimestamp", Type.INT64), new Field("members", new ArrayOf(MEMBER)));
    private static final Schema KEY = new Schema(new Field("group", Type.STRING));

    public static void main(String[] arguments) {
        List<TopicPartition> owned = List.of(
            new TopicPartition("orders", 0), new TopicPartition("orders", 2), new TopicPartition("stock", 1));
        for (short version = 0; version <= 3; version++) {
            Subscription full = new Subscription(
                List.of("orders", "stock"), ByteBuffer.wrap(new byte[] {1, 2}), owned, 7, Optional.of("r1"));
            Subscription bare = new Subscription(List.of("orders"), null, List.of(), -1, Optional.empty());
            print("subscription-full-" + version, ConsumerProtocol.serializeSubscription(full, version));
            print("subscription-bare-" + version, ConsumerProtocol.serializeSubscription(bare, version));
            print("assignment-full-" + version,
                ConsumerProtocol.serializeAssignment(new Assignment(owned, ByteBuffer.wrap(new byte[] {9})), version));
            print("assignment-bare-" + version,
                ConsumerProtocol.serializeAssignment(new Assignment(List.of()), version));
        }
        print("group-key", encoded((short) 2, KEY, new Struct(KEY).set("group", "mes")));
        print("group-stable", encoded((short) 3, GROUP, new Struct(GROUP)
            .set("protocolType", "consumer").set("generation", 3).set("protocol", "range").set("leader", "m-1")
            .set("currentStateTimestamp", 258L)
            .set("members", new Object[] {
                member("m-1", null, "c", "/127.0.0.1", 300_000, 45_000, new byte[] {1, 2}, new byte[] {3}),
                member("s-2", "s", "", "h", -1, 6000, new byte[] {}, new byte[] {})})));
        print("group-empty", encoded((short) 3, GROUP, new Struct(GROUP)
            .set("protocolType", "consumer").set("generation", 4).set("protocol", null).set("leader", null)
            .set("currentStateTimestamp", -1L).set("members", new Object[] {})));
    }

    private static Struct member(String id, String instance, String client, String host, int rebalance, int session,
            byte[] subscription, byte[] assignment) {
        return new Struct(MEMBER).set("memberId", id).set("groupInstanceId", instance).set("clientId", client)
            .set("clientHost", host).set("rebalanceTimeout", rebalance).set("sessionTimeout", session)
            .set("subscription", ByteBuffer.wrap(subscription)).set("assignment", ByteBuffer.wrap(assignment));
    }

    private static ByteBuffer encoded(short version, Schema schema, Struct struct) {
        ByteBuffer buffer = ByteBuffer.allocate(2 + schema.sizeOf(struct));
        buffer.putShort(version);
        schema.write(buffer, struct);
        buffer.flip();
        return buffer;
    }

    private static void print(String name, ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        System.out.println(name + " " + HexFormat.of().formatHex(copy));
    }
}

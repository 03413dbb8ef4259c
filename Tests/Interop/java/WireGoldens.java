import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Messages as Kafka's own classes write them, with the values that are in them: into FOLDER go NAME.jsonl for each API, with a
 * line per message, version and fill, headers.jsonl, and errors.txt and keys.txt with Kafka's codes.
 *
 * A message is filled from its schema, so that every field of the version has a value of its own, and is then read and written
 * by the class of that message. The fill "full" has every field, two elements in the outer arrays, and every tagged field; the
 * fill "least" has null wherever a version allows it, and no tagged field.
 *
 *     java -cp … WireGoldens FOLDER NAME:FIRST-LAST…
 */
public class WireGoldens {
    private final boolean full;
    private int counter = 0;

    private WireGoldens(boolean full) { this.full = full; }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            String[] parts = arguments[i].split("[:-]");
            ApiKeys api = api(parts[0]);
            try (PrintStream out = lines(folder.resolve(parts[0] + ".jsonl"))) {
                for (short version = Short.parseShort(parts[1]); version <= Short.parseShort(parts[2]); version++) {
                    for (boolean full : new boolean[] {true, false}) {
                        WireGoldens golden = new WireGoldens(full);
                        out.print(golden.line("request", version, api.messageType.requestSchemas()[version],
                            api.messageType.newRequest()));
                        out.print(golden.line("response", version, api.messageType.responseSchemas()[version],
                            api.messageType.newResponse()));
                    }
                }
            }
        }
        try (PrintStream out = lines(folder.resolve("headers.jsonl"))) {
            for (boolean full : new boolean[] {true, false}) {
                WireGoldens golden = new WireGoldens(full);
                for (short version = 1; version <= 2; version++)
                    out.print(golden.line("request", version, RequestHeaderData.SCHEMAS[version], new RequestHeaderData()));
                for (short version = 0; version <= 1; version++)
                    out.print(golden.line("response", version, ResponseHeaderData.SCHEMAS[version], new ResponseHeaderData()));
            }
        }
        try (PrintStream out = lines(folder.resolve("errors.txt"))) {
            for (Errors error : Errors.values())
                out.print(error.code() + " " + error.name()
                    + (error.exception() instanceof RetriableException ? " retriable" : "") + "\n");
        }
        try (PrintStream out = lines(folder.resolve("keys.txt"))) {
            for (ApiKeys key : ApiKeys.values()) out.print(key.id + " " + key.name + "\n");
        }
    }

    private static ApiKeys api(String name) {
        for (ApiKeys key : ApiKeys.values()) if (key.name.equals(name)) return key;
        throw new IllegalArgumentException(name);
    }

    private static PrintStream lines(Path file) throws Exception {
        return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
    }

    private String line(String part, short version, Schema schema, ApiMessage message) {
        Struct struct = fill(schema, 0);
        ByteBuffer filled = ByteBuffer.allocate(struct.sizeOf());
        struct.writeTo(filled);
        filled.flip();
        message.read(new ByteBufferAccessor(filled.duplicate()), version);
        ByteBuffer written = MessageUtil.toByteBufferAccessor(message, version).buffer();
        if (!written.equals(filled)) throw new IllegalStateException(message + " was not written as it was read");
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        return "{\"part\":\"" + part + "\",\"version\":" + version + ",\"fill\":\"" + (full ? "full" : "least")
            + "\",\"bytes\":\"" + HexFormat.of().formatHex(bytes) + "\",\"fields\":" + json(schema, struct) + "}\n";
    }

    private Struct fill(Schema schema, int depth) {
        Struct struct = new Struct(schema);
        for (BoundField bound : schema.fields()) struct.set(bound, value(bound.def, depth));
        return struct;
    }

    private Object value(Field field, int depth) {
        if (field.type instanceof TaggedFields tagged) {
            Map<Integer, Object> values = new TreeMap<>();
            if (full) tagged.fields().forEach((tag, inner) -> values.put(tag, value(inner, depth)));
            return values;
        }
        // Any code there is, but never 0, which is a default that would not be written as a tagged field.
        if (field.name.endsWith("error_code")) return (short) (++counter % 120 + 1);
        return value(field.type, depth);
    }

    private Object value(Type type, int depth) {
        if (!full && type.isNullable()) return null;
        if (type.isArray()) {
            Type element = type.arrayElementType().get();
            boolean isStruct = element instanceof Schema;
            int count = isStruct ? (full && depth == 0 ? 2 : 1) : (full ? 2 : 0);
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < count; i++) elements.add(value(element, depth + 1));
            return elements.toArray();
        }
        if (type instanceof Schema schema) return fill(schema, depth + 1);
        counter++;
        switch (type.toString()) {
            case "BOOLEAN": return full;
            case "INT8": return (byte) (counter % 128);
            case "INT16": return (short) (counter * 257 % 32768);
            case "INT32": return counter * 65539;
            case "INT64": return counter * 4294967311L;
            case "FLOAT64": return counter + 0.5;
            case "UUID": return new Uuid(counter * 1311768467463790321L, -counter);
            case "STRING": case "NULLABLE_STRING": case "COMPACT_STRING": case "COMPACT_NULLABLE_STRING":
                return full ? "ü" + counter : "";
            case "BYTES": case "NULLABLE_BYTES": case "COMPACT_BYTES": case "COMPACT_NULLABLE_BYTES":
                return ByteBuffer.wrap(full ? new byte[] {1, 0, (byte) counter} : new byte[0]);
            case "RECORDS": case "NULLABLE_RECORDS": case "COMPACT_RECORDS": case "COMPACT_NULLABLE_RECORDS":
                return MemoryRecords.readableRecords(ByteBuffer.wrap(full ? new byte[] {9, 8, (byte) counter} : new byte[0]));
            default: throw new IllegalArgumentException(type.toString());
        }
    }

    private static String json(Type type, Object value) {
        if (value == null) return "null";
        if (value instanceof Struct struct) {
            List<String> members = new ArrayList<>();
            for (BoundField bound : struct.schema().fields()) members.addAll(members(bound.def, struct.get(bound)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof Object[] elements) {
            List<String> texts = new ArrayList<>();
            for (Object element : elements) texts.add(json(type, element));
            return "[" + String.join(",", texts) + "]";
        }
        if (value instanceof MemoryRecords records) return "\"" + hex(records.buffer()) + "\"";
        if (value instanceof ByteBuffer bytes) return "\"" + hex(bytes) + "\"";
        if (value instanceof String || value instanceof Uuid) return "\"" + value + "\"";
        return value.toString();
    }

    private static List<String> members(Field field, Object value) {
        List<String> members = new ArrayList<>();
        if (field.type instanceof TaggedFields tagged) {
            ((Map<?, ?>) value).forEach((tag, inner) -> members.addAll(members(tagged.fields().get(tag), inner)));
        } else {
            members.add("\"" + field.name + "\":" + json(field.type, value));
        }
        return members;
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return HexFormat.of().formatHex(copy);
    }
}

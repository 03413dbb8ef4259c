import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;

/**
 * What Kafka's own classes read in segment files, in the words of `edgebroker log dump -o ndjson`: for each FILE that is named
 * in a line of LIST, FILE.batches gets a line per batch and FILE.records a line per record.
 *
 *     java -cp … ReadSegment LIST
 */
public class ReadSegment {
    public static void main(String[] arguments) throws Exception {
        int batches = 0, damaged = 0, records = 0, files = 0;
        for (String name : Files.readAllLines(Path.of(arguments[0]))) {
            try (FileRecords segment = FileRecords.open(new File(name), false);
                    PrintStream batchLines = lines(name + ".batches");
                    PrintStream recordLines = lines(name + ".records")) {
                files++;
                for (FileChannelRecordBatch batch : segment.batches()) {
                    batches++;
                    batchLines.print(describe(batch) + "\n");
                    if (!batch.isValid()) {
                        damaged++;
                        continue;
                    }
                    for (Record record : batch) {
                        records++;
                        recordLines.print(describe(record) + "\n");
                    }
                }
            }
        }
        System.out.println("{\"files\":" + files + ",\"batches\":" + batches + ",\"damaged\":" + damaged
            + ",\"records\":" + records + "}");
    }

    private static PrintStream lines(String name) throws Exception {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(name), 1 << 16), false, "UTF-8");
    }

    private static String describe(FileChannelRecordBatch batch) {
        boolean valid = batch.isValid();
        return "{\"base_offset\":" + batch.baseOffset()
            + ",\"last_offset\":" + (valid ? batch.lastOffset() : null)
            + ",\"byte\":" + batch.position()
            + ",\"size\":" + batch.sizeInBytes()
            + ",\"records\":" + (valid ? batch.countOrNull() : null)
            + ",\"max_timestamp\":" + (valid ? batch.maxTimestamp() : null)
            + ",\"leader_epoch\":" + batch.partitionLeaderEpoch()
            + ",\"codec\":" + (valid ? quote(batch.compressionType().name) : null)
            + ",\"crc\":" + quote(valid ? "good" : "bad")
            + ",\"producer_id\":" + (valid ? batch.producerId() : null)
            + ",\"transaction\":" + (valid ? quote(transaction(batch)) : null) + "}";
    }

    private static String transaction(FileChannelRecordBatch batch) {
        if (!batch.isControlBatch()) return batch.isTransactional() ? "part" : null;
        for (Record record : batch) {
            ControlRecordType type = ControlRecordType.parse(record.key());
            if (type == ControlRecordType.COMMIT) return "commit";
            if (type == ControlRecordType.ABORT) return "abort";
        }
        return "control";
    }

    private static String describe(Record record) {
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            if (headers.length() > 0) headers.append(",");
            headers.append("{\"key\":").append(quote(header.key()));
            headers.append(",\"value\":").append(quote(text(wrap(header.value())))).append("}");
        }
        return "{\"offset\":" + record.offset() + ",\"timestamp\":" + record.timestamp() + ",\"headers\":[" + headers
            + "],\"key\":" + quote(text(record.key())) + ",\"value\":" + quote(text(record.value())) + "}";
    }

    private static ByteBuffer wrap(byte[] bytes) { return bytes == null ? null : ByteBuffer.wrap(bytes); }

    /** Bytes that are no text are shown in hex. */
    private static String text(ByteBuffer bytes) {
        if (bytes == null) return null;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException notText) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return "0x" + HexFormat.of().formatHex(copy);
        }
    }

    private static String quote(String text) {
        if (text == null) return "null";
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(character -> {
            switch (character) {
                case '"': quoted.append("\\\""); break;
                case '\\': quoted.append("\\\\"); break;
                case '\n': quoted.append("\\n"); break;
                case '\r': quoted.append("\\r"); break;
                case '\t': quoted.append("\\t"); break;
                default:
                    boolean control = character < 0x20 || character == 0x7f || character == 0x85
                        || character == 0x2028 || character == 0x2029;
                    if (control) quoted.append(String.format("\\u%04x", character));
                    else quoted.appendCodePoint(character);
            }
        });
        return quoted.append("\"").toString();
    }
}

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Writes COUNT random segments with Kafka's own classes: every codec, batches of transactions and their markers, batches
 * that a compaction emptied or thinned out, null and empty keys and values, headers.
 *
 *     java -cp … WriteSegment SEED COUNT FOLDER      makes FOLDER/0/%020d.log, FOLDER/1/%020d.log, …
 *
 * The same seed makes the same records.
 */
public class WriteSegment {
    private static final long NOON = 1_700_000_000_000L;
    private static final String[] WORDS = {
        "", "WO-4711", "작업지시-7", "Größe", "🔩", "\"quoted\\\"", "line\nline", "a\u0000b\u0085c\u2028d", "eb.lsn"};

    private final Random random;
    private long offset;

    private WriteSegment(Random random) {
        this.random = random;
        // Above 2^31 as well.
        offset = Math.abs(random.nextLong()) >>> (20 + random.nextInt(44));
    }

    public static void main(String[] arguments) throws Exception {
        Random seeds = new Random(Long.parseLong(arguments[0]));
        for (int number = 0; number < Integer.parseInt(arguments[1]); number++) {
            File folder = new File(arguments[2], Integer.toString(number));
            folder.mkdirs();
            new WriteSegment(new Random(seeds.nextLong())).write(folder);
        }
    }

    private void write(File folder) throws Exception {
        try (FileRecords file = FileRecords.open(new File(folder, String.format("%020d.log", offset)), true)) {
            for (int batches = 1 + random.nextInt(12); batches > 0; batches--) file.append(batch());
        }
    }

    private MemoryRecords batch() {
        switch (random.nextInt(10)) {
            case 0: return marker();
            case 1: return emptied();
            default: return records();
        }
    }

    private MemoryRecords marker() {
        ControlRecordType type = random.nextBoolean() ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
            offset++, NOON, random.nextInt(100), random.nextInt(1000), (short) random.nextInt(9),
            new EndTransactionMarker(type, random.nextInt(50)));
    }

    private MemoryRecords emptied() {
        ByteBuffer buffer = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        long last = offset + random.nextInt(1000);
        DefaultRecordBatch.writeEmptyHeader(
            buffer, RecordBatch.MAGIC_VALUE_V2, random.nextInt(1000), (short) 1, 7, offset, last, random.nextInt(100),
            TimestampType.CREATE_TIME, NOON, random.nextBoolean(), random.nextBoolean());
        buffer.flip();
        offset = last + 1;
        return MemoryRecords.readableRecords(buffer);
    }

    private MemoryRecords records() {
        CompressionType codec = CompressionType.forId(random.nextInt(5));
        boolean hasProducer = random.nextInt(3) == 0;
        boolean isTransactional = hasProducer && random.nextBoolean();
        TimestampType type = random.nextInt(4) == 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        MemoryRecordsBuilder builder = MemoryRecords.builder(
            ByteBuffer.allocate(1 << 10), RecordBatch.MAGIC_VALUE_V2, Compression.of(codec).build(), type, offset, NOON,
            hasProducer ? random.nextInt(1000) : RecordBatch.NO_PRODUCER_ID,
            hasProducer ? (short) random.nextInt(9) : RecordBatch.NO_PRODUCER_EPOCH,
            hasProducer ? random.nextInt(1000) : RecordBatch.NO_SEQUENCE, isTransactional, random.nextInt(100));
        boolean isThinned = random.nextInt(5) == 0;
        for (int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 500 : 20); count > 0; count--) {
            builder.appendWithOffset(offset, NOON + random.nextInt(100_000) - 50_000, bytes(), bytes(), headers());
            offset += 1 + (isThinned ? random.nextInt(200) : 0);
        }
        if (isThinned) {
            // A batch keeps its last offset when its last records are removed.
            offset += random.nextInt(5);
            builder.overrideLastOffset(offset - 1);
        }
        return builder.build();
    }

    private Header[] headers() {
        Header[] headers = new Header[random.nextInt(3) == 0 ? random.nextInt(5) : 0];
        for (int index = 0; index < headers.length; index++) headers[index] = new RecordHeader(word(), bytes());
        return headers;
    }

    private String word() { return WORDS[random.nextInt(WORDS.length)]; }

    private byte[] bytes() {
        switch (random.nextInt(8)) {
            case 0: return null;
            case 1: return new byte[0];
            case 2: return bytes(random.nextInt(300));
            // Beyond one block of a codec's framing, now and then.
            case 3: return random.nextInt(200) == 0 ? bytes(random.nextInt(100_000)) : bytes(random.nextInt(20));
            case 4: return text(random.nextInt(random.nextInt(100) == 0 ? 20_000 : 30));
            default: return text(1);
        }
    }

    private byte[] text(int words) { return word().repeat(words).getBytes(StandardCharsets.UTF_8); }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}

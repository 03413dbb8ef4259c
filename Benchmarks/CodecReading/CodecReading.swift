import RecordFormat

/// What it costs to read the records of compressed batches in memory (no file, no fsync), beside the codec's library alone.
///
/// `ours` is what a consumer in this process pays: CRC, decompression and a walk over every record. `library` is one call that
/// decompresses the same bytes into memory that is there already; what lies between them is the CRC and the walk.
@main
struct CodecReading {
    static func main() throws {
        print("No fsync, no file: nanoseconds per record, the best of 9 runs over 64 batches.")
        print("codec         value  records  bytes/record  ours  library  ratio  walk+CRC only")
        for valueSize in [100, 1024] {
            for count in [10, 100, 1000] {
                let plain = Sample.batches(of: count, valueSize: valueSize, .uncompressed)
                let walk = try Measurement.perRecord(count) { try Measurement.read(plain, &$0) }
                for codec in [.uncompressed, .gzip, .snappy, .lz4, .zstd] as [RecordBatchAttributes.Codec] {
                    let batches = Sample.batches(of: count, valueSize: valueSize, codec)
                    let ours = try Measurement.perRecord(count) { try Measurement.read(batches, &$0) }
                    var library = RawLibrary(codec, room: 61 + count * (valueSize + 100))
                    let raw = Measurement.perRecord(count) { _ in library.decompress(batches) }
                    let size = batches.reduce(0) { $0 + $1.count } / batches.count / count
                    print(
                        Self.column("\(codec)", -12), Self.column("\(valueSize)", 6), Self.column("\(count)", 8),
                        Self.column("\(size)", 13), Self.column("\(Int(ours))", 5), Self.column("\(Int(raw))", 8),
                        Self.column(codec == .uncompressed ? "-" : Self.twoDigits(ours / raw), 6),
                        Self.column("\(Int(walk))", 14))
                }
            }
        }
    }

    private static func column(_ text: String, _ width: Int) -> String {
        let room = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + room : room + text
    }

    private static func twoDigits(_ value: Double) -> String {
        let hundredths = Int(value * 100 + 0.5)
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

import RecordFormat

/// Batches as a plant's events are: JSON with repeated names and changing numbers.
enum Sample {
    static func batches(of count: Int, valueSize: Int, _ codec: RecordBatchAttributes.Codec) -> [[UInt8]] {
        var builder = RecordBatchBuilder()
        var compressor = RecordCompressor(codec)
        var random = UInt64(4711)
        return (0..<64).map { _ in
            for _ in 0..<count {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                builder.append(
                    key: Array("WO-\(random >> 44)".utf8), value: value(size: valueSize, &random),
                    timestamp: Timestamp(millisecondsSince1970: 1_700_000_000_000 + Int64(random >> 60)))
            }
            do {
                return try builder.finish(with: &compressor)
            } catch {
                fatalError("\(error)")
            }
        }
    }

    private static func value(size: Int, _ random: inout UInt64) -> [UInt8] {
        var text = "{\"work_order\":\"WO-\(random >> 44)\",\"quantity\":\"\(random >> 50).500\",\"state\":\"released\""
        while text.utf8.count < size - 1 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += ",\"measure_\(random >> 61)\":\(random >> 40)"
        }
        return Array(text.utf8.prefix(size - 1)) + Array("}".utf8)
    }
}

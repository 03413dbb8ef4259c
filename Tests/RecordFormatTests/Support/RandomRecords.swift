import RecordFormat

extension Record {
    /// Any record: null, empty and longer parts, headers, timestamps of every size.
    static func random(using generator: inout SeededGenerator) -> Record {
        let headers = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
            RecordHeader(
                key: ["", "eb.lsn", "작업", "Größe"].randomElement(using: &generator) ?? "",
                value: bytes(using: &generator))
        }
        let magnitude = Int64.random(in: 0..<64, using: &generator)
        let timestamp = Int64(bitPattern: generator.next()) >> magnitude
        return Record(
            key: bytes(using: &generator), value: bytes(using: &generator), headers: headers,
            timestamp: Timestamp(millisecondsSince1970: timestamp))
    }

    private static func bytes(using generator: inout SeededGenerator) -> [UInt8]? {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0...2: nil
        case 3...4: []
        case 5: Bytes.random(count: Int.random(in: 60...300, using: &generator), using: &generator)
        default: Bytes.random(count: Int.random(in: 1...20, using: &generator), using: &generator)
        }
    }
}

extension RecordBatchBuilder {
    /// The batch of `records`.
    static func batch(of records: [Record]) -> [UInt8] {
        var builder = RecordBatchBuilder()
        for record in records { builder.append(record) }
        return builder.finish()
    }
}

import EdgeBrokerTesting
import LogStore
import RecordFormat
import Testing

/// Fault F6: one damage to one file, whichever it is. What was lost is reported, nothing wrong is served, and the rest is.
@Suite("One damaged file")
struct SingleDamageTests {
    enum Kind: CaseIterable {
        case flippedBit, flippedFirstBytes, zeroedSector, truncated, emptied, missing, stale, exchanged
    }

    struct Case: CustomStringConvertible {
        let kind: Kind
        let isClosed: Bool
        var description: String { "\(kind) after \(isClosed ? "a clean stop" : "a second of quiet")" }
    }

    static let cases = Kind.allCases.flatMap { kind in [true, false].map { Case(kind: kind, isClosed: $0) } }

    @Test("is reported for what it costs, and for no more", arguments: cases)
    func damage(_ damage: Case) throws {
        let folder = try DamagedFolder(isClosed: damage.isClosed)
        var tried = 0
        for file in folder.files {
            for (variant, disk) in try damaged(file, damage.kind, folder).enumerated() {
                tried += 1
                try check(disk, "\(damage), \(file), variant \(variant)")
            }
        }
        #expect(tried > 3)
    }

    /// Copies of the log with the damage in several places.
    private func damaged(_ file: String, _ kind: Kind, _ folder: DamagedFolder) throws -> [SimulatedDisk] {
        let bytes = try #require(folder.disk.bytes(of: file))
        var generator = SeededGenerator(seed: UInt64(bytes.count) &+ UInt64(file.utf8.reduce(0) { Int($0) + Int($1) }))
        func with(_ other: [UInt8]) throws -> [SimulatedDisk] {
            if other == bytes { return [] }
            let disk = folder.disk.afterKill()
            try DamagedFolder.put(other, at: file, on: disk)
            return [disk]
        }
        switch kind {
        case .flippedBit, .flippedFirstBytes:
            if bytes.isEmpty { return [] }
            return try (0..<(file.hasSuffix(".log") ? 4 : 2)).flatMap { _ in
                var other = bytes
                let byte =
                    kind == .flippedBit ? generator.below(bytes.count) : min(generator.below(16), bytes.count - 1)
                other[byte] ^= 1 << UInt8(generator.below(8))
                return try with(other)
            }
        case .zeroedSector:
            return try stride(from: 0, to: bytes.count, by: 512).prefix(8).flatMap { start in
                var other = bytes
                for byte in start..<min(start + 512, bytes.count) { other[byte] = 0 }
                return try with(other)
            }
        case .truncated:
            if bytes.count < 2 { return [] }
            return try (0..<2).flatMap { _ in try with(Array(bytes.prefix(1 + generator.below(bytes.count - 1)))) }
        case .emptied: return try with([])
        case .missing:
            let disk = folder.disk.afterKill()
            try disk.remove(file)
            return [disk]
        case .stale: return try folder.older.bytes(of: file).map(with) ?? []
        case .exchanged:
            let suffix = file.split(separator: ".").last
            let others = folder.files.filter { $0 > file && $0.split(separator: ".").last == suffix }
            return try others.shuffled(using: &generator).prefix(3).compactMap { other in
                guard let others = folder.disk.bytes(of: other), others != bytes else { return nil }
                let disk = folder.disk.afterKill()
                try DamagedFolder.put(others, at: file, on: disk)
                try DamagedFolder.put(bytes, at: other, on: disk)
                return disk
            }
        }
    }

    private func check(_ disk: SimulatedDisk, _ what: String) throws {
        let verified = try LogVerification.run(DamagedFolder.path, disk: disk.afterKill())
        let first: LogDirectory
        do throws(LogStoreError) {
            first = try DamagedFolder.open(disk)
        } catch {
            // Whose log it is, must be known.
            #expect(error.code == .foreignDirectory, "\(what): \(error)")
            #expect(verified.damages.contains { $0.file.hasSuffix("meta.properties") }, "\(what)")
            return
        }
        compare(try ReadBack(first), verified, "\(what), first start")
        // What the first start did must not make the second one see it otherwise.
        first.close()
        let second = disk.afterKill()
        let again = try LogVerification.run(DamagedFolder.path, disk: second.afterKill())
        compare(try ReadBack(DamagedFolder.open(second)), again, "\(what), second start")
    }

    private func compare(_ read: ReadBack, _ verified: LogVerification.Result, _ what: String) {
        for topic in ["orders", "alarms"] {
            for number in Int32(0)...1 {
                let name = TopicPartition(topic: topic, partition: number)
                let reported = verified.damages.filter { $0.partition == name || $0.partition == nil }
                var missing: [Int] = []
                for offset in 0..<DamagedFolder.recordCount {
                    let value = read.values[name]?[offset]
                    if value == DamagedFolder.value(offset, in: name) { continue }
                    #expect(value == nil, "\(what): \(name) offset \(offset) is served as \(value ?? "")")
                    if !reported.contains(where: { $0.offsets.contains(Offset(Int64(offset))) }) {
                        missing.append(offset)
                    }
                }
                #expect(
                    missing.isEmpty,
                    "\(what): \(name) offsets \(missing) are neither served nor reported: \(verified.damages)")
                #expect(read.ends[name, default: .max] >= DamagedFolder.recordCount, "\(what): \(name) ends early")
            }
        }
    }
}

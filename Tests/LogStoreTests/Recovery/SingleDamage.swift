import EdgeBrokerTesting
import LogStore
import Testing

/// What can happen to one file.
enum SingleDamage: CaseIterable {
    case flippedBit, flippedFirstBytes, zeroedSector, truncated, emptied, missing, stale, exchanged

    /// Copies of the log with the damage in several places.
    func copies(of folder: DamagedFolder, _ file: String) throws -> [SimulatedDisk] {
        let bytes = try #require(folder.disk.bytes(of: file))
        var generator = SeededGenerator(seed: UInt64(bytes.count) &+ UInt64(file.utf8.reduce(0) { Int($0) + Int($1) }))
        func with(_ other: [UInt8]) throws -> [SimulatedDisk] {
            if other == bytes { return [] }
            let disk = folder.disk.afterKill()
            try DamagedFolder.put(other, at: file, on: disk)
            return [disk]
        }
        switch self {
        case .flippedBit, .flippedFirstBytes:
            if bytes.isEmpty { return [] }
            return try (0..<(file.hasSuffix(".log") ? 4 : 2)).flatMap { _ in
                var other = bytes
                let byte =
                    self == .flippedBit ? generator.below(bytes.count) : min(generator.below(16), bytes.count - 1)
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
}

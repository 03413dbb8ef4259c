import EdgeBrokerTesting
import LogStore
import RecordFormat

/// One damage to one file of a folder.
struct Damage: CustomStringConvertible {
    /// A kind of damage to a kind of file.
    struct Cell: Hashable {
        let role: FileRole
        let kind: DamageKind
    }

    let cell: Cell
    let description: String
    /// The folder with it.
    let disk: SimulatedDisk

    /// Those that a folder may have, the more important ones several times.
    static func cells(of folder: PlantFolder) -> [Cell] {
        var cells: [Cell] = []
        for role in FileRole.allCases {
            for kind in DamageKind.allCases {
                let isPossible = kind == .returned ? folder.removed[role] != nil : folder.files[role] != nil
                if isPossible { cells += Array(repeating: Cell(role: role, kind: kind), count: role.weight) }
            }
        }
        return cells
    }

    /// - Parameter other: another log, for files that a log has one of.
    /// - Returns: `nil` if the file does not let itself be damaged so: it is empty, or the other one is the same.
    static func draw(
        _ cell: Cell, of folder: PlantFolder, other: PlantFolder, _ generator: inout SeededGenerator
    ) throws(Violation) -> Damage? {
        let disk = folder.disk.afterKill()
        if cell.kind == .returned {
            guard let removed = folder.removed[cell.role] else { return nil }
            let (path, moment) = generator.element(of: removed)
            guard let bytes = folder.earlier[moment].bytes(of: path) else { return nil }
            do throws(Violation) { try disk.put(bytes, at: path) } catch { return nil }
            return Damage(cell: cell, description: "\(path) as at moment \(moment) is there again", disk: disk)
        }
        guard let path = folder.files[cell.role].map({ generator.element(of: $0) }),
            let bytes = disk.bytes(of: path)
        else { return nil }
        if cell.kind == .missing {
            try disk.take(path)
            return Damage(cell: cell, description: "\(path) is missing", disk: disk)
        }
        if cell.kind == .swapped, let twin = twin(of: path, cell.role, folder, &generator) {
            guard let others = disk.bytes(of: twin), others != bytes else { return nil }
            try disk.put(others, at: path)
            try disk.put(bytes, at: twin)
            return Damage(cell: cell, description: "\(path) and \(twin) are exchanged", disk: disk)
        }
        guard let (changed, what) = change(bytes, path, cell, of: folder, other: other, &generator), changed != bytes
        else { return nil }
        try disk.put(changed, at: path)
        return Damage(cell: cell, description: "\(path) of \(bytes.count) bytes \(what)", disk: disk)
    }

    /// Another file of the same kind.
    private static func twin(
        of path: String, _ role: FileRole, _ folder: PlantFolder, _ generator: inout SeededGenerator
    ) -> String? {
        let suffix = path.split(separator: ".").last
        let roles = role.isLog ? FileRole.allCases.filter(\.isLog) : [role]
        let twins = roles.flatMap { folder.files[$0] ?? [] }.filter {
            $0 != path && (!role.isLog || $0.split(separator: ".").last == suffix)
        }
        return twins.isEmpty ? nil : generator.element(of: twins)
    }

    /// - Returns: the file's bytes with the damage, and what it is.
    private static func change(
        _ bytes: [UInt8], _ path: String, _ cell: Cell, of folder: PlantFolder, other: PlantFolder,
        _ generator: inout SeededGenerator
    ) -> ([UInt8], String)? {
        var changed = bytes
        switch cell.kind {
        case .flippedBit, .flippedHead:
            if bytes.isEmpty { return nil }
            var byte = generator.below(bytes.count)
            if cell.kind == .flippedHead {
                let start = cell.role.isLog ? generator.element(of: heads(of: bytes)) : 0
                byte = min(bytes.count - 1, start + generator.below(12))
            }
            let bit = generator.below(8)
            changed[byte] ^= 1 << UInt8(bit)
            return (changed, "has bit \(bit) of byte \(byte) flipped")
        case .zeroedSector:
            if bytes.isEmpty { return nil }
            let start = generator.below((bytes.count + 511) / 512) * 512
            for byte in start..<min(start + 512, bytes.count) { changed[byte] = 0 }
            return (changed, "has zeros from byte \(start) on")
        case .truncated:
            if bytes.isEmpty { return nil }
            let end = generator.below(bytes.count)
            return (Array(bytes.prefix(end)), "ends at byte \(end)")
        case .swapped: return other.disk.bytes(of: path).map { ($0, "is another log's") }
        case .stale:
            let moments = folder.earlier.indices.filter {
                folder.earlier[$0].bytes(of: path).map { $0 != bytes } ?? false
            }
            if moments.isEmpty { return nil }
            let moment = generator.element(of: moments)
            return folder.earlier[moment].bytes(of: path).map { ($0, "is as at moment \(moment)") }
        case .missing, .returned: return nil
        }
    }

    /// Where batches begin.
    private static func heads(of log: [UInt8]) -> [Int] {
        var heads: [Int] = []
        var position = 0
        while position < log.count {
            heads.append(position)
            let size = log.withUnsafeBytes { bytes in
                do throws(RecordFormatError) {
                    return try RecordBatchHeader(decoding: UnsafeRawBufferPointer(rebasing: bytes[position...]))
                        .totalSize
                } catch {
                    return bytes.count
                }
            }
            position += max(1, size)
        }
        return heads
    }
}

import LogStore
import RecordFormat

extension FuzzTarget {
    /// Small texts. Bits 0–1 of the first byte: 0 `meta.properties`, 1 `partition.metadata`, 2 `disk-budget`, 3 a file's name.
    static let properties = FuzzTarget("properties", longest: 256) {
        let meta = "version=1\ncluster.id=\(goldenTopicID)\nnode.id=1\nedgebroker.format=1\n"
        return [
            Seed("meta", Array(meta.utf8)), Seed("meta-of-others", Array("#x\nversion=1\ncluster.id=zz\n".utf8)),
            Seed("partition", choices: 1, Array("version: 0\ntopic_id: \(goldenTopicID)\n".utf8)),
            Seed("disk-budget", choices: 2, Array("version=1\nbudget.bytes=4096\nreserve.bytes=64\n".utf8)),
            Seed("name", choices: 3, Array("00000000000000004711.log".utf8)),
        ]
    } laws: { input throws(BrokenLaw) in
        switch input.choices & 3 {
        case 0: try checkMeta(input.bytes)
        case 1: try checkMetadata(input.bytes)
        case 2: try checkBudget(input.bytes)
        default: try checkName(String(decoding: input.bytes, as: UTF8.self))
        }
    }

    private static func checkMeta(_ bytes: [UInt8]) throws(BrokenLaw) -> Bool {
        func decode(_ bytes: [UInt8]) -> MetaProperties? {
            do throws(LogStoreError) { return try MetaProperties(decoding: bytes, path: "meta.properties") } catch {
                return nil
            }
        }
        guard let properties = decode(bytes) else { return false }
        try demandRoundTrip(properties, encoded: properties.encoded, decode: decode)
        return true
    }

    private static func checkMetadata(_ bytes: [UInt8]) throws(BrokenLaw) -> Bool {
        guard let metadata = PartitionMetadata(decoding: bytes) else { return false }
        try demandRoundTrip(metadata, encoded: metadata.encoded) { PartitionMetadata(decoding: $0) }
        return true
    }

    private static func checkBudget(_ bytes: [UInt8]) throws(BrokenLaw) -> Bool {
        guard let budget = DiskBudgetFile.decode(bytes) else { return false }
        try demandRoundTrip(budget, encoded: DiskBudgetFile.encoded(budget)) { DiskBudgetFile.decode($0) }
        return true
    }

    private static func checkName(_ name: String) throws(BrokenLaw) -> Bool {
        guard let base = SegmentName.base(of: name, suffix: ".log") else { return false }
        try demand(SegmentName.log(base) == name && base >= .zero, "\(name) is not the name of the segment at \(base)")
        return true
    }
}

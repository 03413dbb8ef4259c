/// `meta.properties`: whose folder this is. Text, as Kafka writes it; other keys are kept out.
///
/// | key                 | meaning                                                       |
/// |:--------------------|:--------------------------------------------------------------|
/// | `version`           | 1, Kafka's version of this file                               |
/// | `cluster.id`        | the log's identity, an ``Identifier``                         |
/// | `node.id`           | 1                                                             |
/// | `edgebroker.format` | version of everything in the folder that Kafka does not have  |
package struct MetaProperties: Sendable, Equatable {
    package static let fileName = "meta.properties"
    package static let currentFormat = 1
    static let sizeLimit = 64 << 10

    package var identity: Identifier
    package var format = currentFormat

    package var encoded: [UInt8] {
        Array("version=1\ncluster.id=\(identity)\nnode.id=1\nedgebroker.format=\(format)\n".utf8)
    }

    package init(identity: Identifier) { self.identity = identity }

    /// - Throws: `.foreignDirectory` if it is not ours, `.newerFormat` if it is of a later release.
    package init(decoding bytes: [UInt8], path: String) throws(LogStoreError) {
        var values: [Substring: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals]] = line[line.index(after: equals)...]
        }
        if let text = values["edgebroker.format"], let format = Int(text), format > Self.currentFormat {
            throw LogStoreError(
                .newerFormat,
                "\(path) has format \(format); this edgebroker reads up to \(Self.currentFormat).",
                remedy: "Start the newer edgebroker that wrote it, or point data_dir at another folder.")
        }
        guard values["edgebroker.format"].flatMap({ Int($0) }) == Self.currentFormat, values["version"] == "1",
            let identity = values["cluster.id"].flatMap({ Identifier($0) })
        else {
            throw LogStoreError(
                .foreignDirectory, "\(path) is damaged or was not written by edgebroker.",
                remedy: "Restore the file from a backup, or point data_dir at an empty folder.")
        }
        self.identity = identity
    }
}

import RecordFormat

/// How the records of a batch are compressed. Every client of Kafka reads each of them.
public enum Compression: Sendable, Equatable, CaseIterable {
    case none
    /// Small, and slow to make.
    case gzip
    /// Fast.
    case snappy
    /// Faster than ``snappy``, about as small.
    case lz4
    /// About as small as ``gzip``, several times as fast.
    case zstd

    var codec: RecordBatchAttributes.Codec {
        switch self {
        case .none: .uncompressed
        case .gzip: .gzip
        case .snappy: .snappy
        case .lz4: .lz4
        case .zstd: .zstd
        }
    }
}

/// What a compaction did.
package struct CompactionReport: Sendable, Equatable {
    /// Bytes of the segments before and after.
    package var bytesBefore = 0
    package var bytesAfter = 0
    package var segmentsBefore = 0
    package var segmentsAfter = 0
    /// Records that a later one of their key had replaced, tombstones included.
    package var superseded = 0
    /// Tombstones whose time was over.
    package var tombstones = 0
    /// Records of aborted transactions are counted by their batches.
    package var abortedBatches = 0
    package var markers = 0
    /// Records without a key. They were appended before the topic was compacted; nothing replaces them, so they stay.
    package var keyless = 0
    /// Batches whose records nobody can decode. They stay whole.
    package var undecodable = 0
    /// Passes over the segments: more than one if the keys did not fit into the map.
    package var passes = 0
    /// Bytes read and written.
    package var traffic = 0

    package init() {}
}

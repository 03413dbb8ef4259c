package import RecordFormat

/// Whole batches that lie one behind the other in a file, to be sent from there.
///
/// The file stays open as long as the slice does, whatever becomes of its name.
package struct LogSlice: Sendable {
    package let file: any DiskFile
    /// Bytes from the file's start.
    package let position: Int
    package let length: Int
    /// Of the first batch. It may lie below the offset that was asked for.
    package let baseOffset: Offset
    /// Where what follows begins.
    package let nextOffset: Offset
}

extension LogDirectory {
    /// Finds whole batches from the one that holds `offset` on, below `limit`, at most `maxBytes` together; if the first alone
    /// is larger, it comes alone (KIP-74).
    ///
    /// Every byte was written by this process, or its batch's CRC was checked by it once: the first time costs a read.
    /// - Returns: a slice for each segment touched; none if nothing lies between `offset` and `limit`.
    /// - Throws: as ``read(_:from:upTo:maxBytes:)``.
    package func slices(
        _ partition: Partition, from offset: Offset, upTo limit: Offset, maxBytes: Int
    ) throws(LogStoreError) -> [LogSlice] {
        var slices: [LogSlice] = []
        var next = offset
        var bytesLeft = maxBytes
        while next < limit, bytesLeft > 0 {
            let slice: LogSlice?
            do throws(LogStoreError) {
                slice = try withReader(partition, at: next, chunk: Self.headerChunk) { reader throws(DiskError) in
                    try reader.slice(from: next, upTo: limit, maxBytes: bytesLeft, isFirst: slices.isEmpty)
                }
            } catch {
                // What is good goes first; the error comes with the next call.
                if slices.isEmpty { throw error }
                break
            }
            guard let slice else { break }
            slices.append(slice)
            next = slice.nextOffset
            bytesLeft -= slice.length
        }
        return slices
    }

    /// Where the bytes need no check, some headers are all that is read.
    private static var headerChunk: Int { 4 << 10 }
}

import Synchronization

/// Whether there is room for appends. Whoever watches the disk decides; the broker's own topics go on either way.
extension LogDirectory {
    /// Appends are refused, but for partitions that may use the reserve.
    package var isFull: Bool { staging.withLock { $0.full != nil } }

    /// Refuses appends with `reason`, or takes them again with `nil`. Batches that are staged already are still written.
    package func setFull(_ reason: LogStoreError?) { staging.withLock { $0.full = reason } }

    /// Bytes of all segments, with what is reserved ahead of the active ones. Indexes are not counted: below 1 %.
    package var usedBytes: Int {
        let ahead = committing.withLock { state in
            var sum = 0
            for (slot, writer) in state.writers.enumerated() where !state.retired.contains(slot) {
                sum += writer.withLock { $0.reservedAhead }
            }
            return sum
        }
        return partitions.reduce(ahead) { $0 + $1.sizeInBytes }
    }

    /// Keeps the reserve back again, unless it is. Blocking.
    /// - Throws: `.noSpace` while there is no room for it.
    package func holdReserve() throws(LogStoreError) {
        do throws(DiskError) { try reserve.hold() } catch {
            throw LogStoreError("Cannot keep \(configuration.reserveBytes) bytes in reserve", error)
        }
    }
}

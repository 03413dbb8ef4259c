import RecordFormat

/// The batches that tell, after everything else of a producer is gone, how far it was: what it appends next is held against
/// them.
///
/// That is each producer's last batch of records, or, if a marker has begun a newer epoch, its last marker. "Last" is among the
/// segments looked at, not in the log: a later batch may not be synced yet, and costs only these 61 bytes until a compaction
/// gets to it.
struct LastBatches {
    private struct Producer {
        var data: (offset: Offset, epoch: Int16)?
        var marker: (offset: Offset, epoch: Int16)?
        var appendTime: Timestamp
    }

    private var producers: [Int64: Producer] = [:]

    /// Notes a batch. They come in the order of their offsets.
    /// - Parameter appendTime: not before it was appended.
    mutating func note(_ header: RecordBatchHeader, at appendTime: Timestamp) {
        if header.producerID < 0 { return }
        var producer = producers[header.producerID] ?? Producer(appendTime: appendTime)
        producer.appendTime = max(producer.appendTime, appendTime)
        let batch = (header.lastOffset, header.producerEpoch)
        if header.attributes.isControl { producer.marker = batch } else { producer.data = batch }
        producers[header.producerID] = producer
    }

    /// Last offsets of the batches whose header stays.
    func kept(at now: Timestamp, expiry: Duration) -> Set<Offset> {
        var offsets: Set<Offset> = []
        for producer in producers.values where !producer.appendTime.isPast(by: expiry, at: now) {
            switch (producer.data, producer.marker) {
            case (let data?, let marker?):
                offsets.insert(marker.epoch == data.epoch || marker.offset < data.offset ? data.offset : marker.offset)
            case (let data?, nil): offsets.insert(data.offset)
            case (nil, let marker?): offsets.insert(marker.offset)
            case (nil, nil): break
            }
        }
        return offsets
    }
}

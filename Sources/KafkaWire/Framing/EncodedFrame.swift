/// A frame with its length, ready to be sent, but for the record data: that has places, which the sender fills from files
/// (`sendfile`) or from memory.
package struct EncodedFrame: Equatable, Sendable {
    package enum Segment: Equatable, Sendable {
        /// Bytes of ``EncodedFrame/bytes``.
        case bytes(Range<Int>)
        /// `count` bytes of record data for the record field number `index` of the message, null and empty ones counted too.
        case records(index: Int, count: Int)
    }

    /// Everything but the record data.
    package let bytes: [UInt8]
    /// Where record data belongs, in order.
    package let places: [RecordsPlace]

    /// Bytes that go over the wire.
    package var size: Int { places.reduce(bytes.count) { $0 + $1.count } }

    /// What is to be sent, in order.
    package var segments: [Segment] {
        var segments: [Segment] = []
        var start = 0
        for place in places {
            if place.position > start { segments.append(.bytes(start..<place.position)) }
            segments.append(.records(index: place.index, count: place.count))
            start = place.position
        }
        if start < bytes.count { segments.append(.bytes(start..<bytes.count)) }
        return segments
    }

    /// All bytes in one array, for clients and tests: a broker sends ``segments``.
    /// - Parameter records: the data of a place; exactly as many bytes as it asks for.
    package func assembled(_ records: (RecordsPlace) -> ArraySlice<UInt8> = { _ in [] }) -> [UInt8] {
        var whole: [UInt8] = []
        whole.reserveCapacity(size)
        var start = 0
        for place in places {
            let data = records(place)
            precondition(data.count == place.count, "\(data.count) bytes for a place of \(place.count)")
            whole += bytes[start..<place.position]
            whole += data
            start = place.position
        }
        whole += bytes[start...]
        return whole
    }

    /// Counts the bytes, then writes them into one piece of memory.
    init<Header: WireStruct, Message: WireStruct>(
        _ header: Header, version headerVersion: Int16, isHeaderFlexible: Bool,
        _ message: Message, version: Int16, isFlexible: Bool
    ) throws(WireError) {
        func write(_ writer: WireWriter) throws(WireError) -> WireWriter {
            var wire = FieldCoder(writing: writer, version: headerVersion, isFlexible: isHeaderFlexible)
            var header = header
            try header.code(&wire)
            wire = FieldCoder(writing: wire.writer, version: version, isFlexible: isFlexible)
            var message = message
            try message.code(&wire)
            return wire.writer
        }

        let counted = try write(WireWriter())
        let data = counted.places.reduce(0) { $0 + $1.count }
        let length = counted.position + data
        guard let prefix = Int32(exactly: length) else {
            throw WireError(.tooLong(length, limit: Int(Int32.max)), at: 0)
        }
        let prefixSize = MemoryLayout<Int32>.size
        var failure: WireError?
        bytes = [UInt8](unsafeUninitializedCapacity: prefixSize + counted.position) { memory, count in
            let memory = UnsafeMutableRawBufferPointer(memory)
            memory.storeBytes(of: prefix.bigEndian, as: Int32.self)
            let rest = UnsafeMutableRawBufferPointer(rebasing: memory[prefixSize...])
            do throws(WireError) {
                let written = try write(WireWriter(into: rest))
                precondition(written.position == rest.count, "Counted \(rest.count) bytes, wrote \(written.position)")
                count = memory.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        places = counted.places.map {
            RecordsPlace(index: $0.index, position: $0.position + prefixSize, count: $0.count)
        }
    }
}

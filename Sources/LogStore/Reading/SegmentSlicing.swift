import RecordFormat

extension SegmentReader {
    /// Finds whole batches from the one that holds `offset` on.
    /// - Parameter isFirst: the first batch may be larger than `maxBytes`.
    /// - Returns: `nil` if no batch may come, and the damage if the one that holds `offset` is not good.
    mutating func slice(
        from offset: Offset, upTo limit: Offset, maxBytes: Int, isFirst: Bool
    ) throws(DiskError) -> (LogSlice?, damage: Damage?) {
        var isFound = try find(offset)
        if isFound { isFound = try isSound(at: scanner.position) }
        if !isFound {
            if let damage = try walk(to: offset) { return (nil, damage) }
        }
        let start = SegmentAccess.Boundary(position: scanner.position, offset: scanner.expected)
        guard let first = try scanner.header(at: start.position), first.nextOffset <= limit,
            isFirst || first.totalSize <= maxBytes
        else { return (nil, nil) }
        let end = start.position + max(min(maxBytes, segment.size), first.totalSize)
        if let checked = segment.access.checkedEnd(from: start.position), checked >= start.position + first.totalSize {
            try passChecked(upTo: limit, end: min(end, checked, segment.size))
        } else {
            scanner.chunk = LogDirectory.largestChunk
            while case .good(let good) = try scanner.next() {
                // One too many: the place behind the last that fits is where it begins.
                if good.nextOffset > limit || scanner.position > end {
                    scanner.move(to: good.position, expecting: good.header.baseOffset)
                    break
                }
            }
            segment.access.noteChecked(start.position..<scanner.position)
            if scanner.position == start.position { return (nil, try walk(to: offset)) }
        }
        let stop = SegmentAccess.Boundary(position: scanner.position, offset: scanner.expected)
        segment.access.noteEnd(stop, begun: offset)
        return (
            LogSlice(
                file: file, position: start.position, length: stop.position - start.position,
                baseOffset: start.offset, nextOffset: stop.offset), nil
        )
    }

    /// Whether the batch at a place is good, by an earlier check or by one now. The scanner stays.
    private mutating func isSound(at place: Int) throws(DiskError) -> Bool {
        let (position, expected) = (scanner.position, scanner.expected)
        if segment.access.checkedEnd(from: place) != nil {
            guard let header = try scanner.header(at: place) else { return false }
            return header.baseOffset == expected
        }
        guard case .good = try scanner.next() else { return false }
        scanner.move(to: position, expecting: expected)
        return true
    }

    /// Moves behind the last whole batch that ends at or before byte `end` and offset `limit`. Everything up to `end` was
    /// checked, so the index and headers are enough.
    private mutating func passChecked(upTo limit: Offset, end: Int) throws(DiskError) {
        if end == segment.size, segment.nextOffset <= limit {
            return scanner.move(to: segment.size, expecting: segment.nextOffset)
        }
        let begun = scanner.position
        let entry = partition.withIndexes(of: segment) { indexes in
            indexes.offsets.entry(atOrBefore: end, below: limit, base: segment.base)
        }
        if let entry = entry ?? nil, Int(entry.filePosition) > begun {
            let last = segment.base.advanced(by: Int64(entry.relativeOffset))
            let expected = scanner.expected
            if try !scanner.move(to: Int(entry.filePosition), endingWith: last) {
                scanner.move(to: begun, expecting: expected)
            }
        }
        try scanner.pass { header, after in after <= end && header.nextOffset <= limit }
    }
}

extension OffsetIndex {
    /// The last entry whose batch begins at or before byte `end` and ends below `limit`.
    fileprivate func entry(atOrBefore end: Int, below limit: Offset, base: Offset) -> OffsetIndexEntry? {
        let relative = limit.rawValue - base.rawValue
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let isFitting = Int(entries[middle].filePosition) <= end && Int64(entries[middle].relativeOffset) < relative
            if isFitting { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : entries[low - 1]
    }
}

import RecordFormat

/// A line as a record.
enum ProducedLine {
    /// - Parameter separator: behind the key; `nil`: the whole line is the value, and there is no key.
    /// - Returns: `nil` if the line has no separator.
    static func record(_ line: [UInt8], separator: [UInt8]?, at time: Timestamp) -> Record? {
        guard let separator else { return Record(key: nil, value: line, headers: [], timestamp: time) }
        guard let place = line.firstRange(of: separator) else { return nil }
        return Record(
            key: Array(line[..<place.lowerBound]), value: Array(line[place.upperBound...]), headers: [],
            timestamp: time)
    }
}

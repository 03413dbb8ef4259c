import RecordFormat

/// How a line of input is read as a record: its headers, its key, its value, in this order, as far as they are there.
struct LineFormat: Sendable, Equatable {
    /// How a line's own headers stand in it: `name:value,name:value<tab>` in front of key and value.
    struct Headers: Sendable, Equatable {
        /// Behind the last header.
        var delimiter = Array("\t".utf8)
        /// Between two headers.
        var separator = Array(",".utf8)
        /// Between a header's name and its value.
        var keySeparator = Array(":".utf8)
    }

    /// What stands between key and value, the first one of a line; `nil`: there are no keys. Never empty.
    var keySeparator: [UInt8]?
    /// `nil`: lines have no headers of their own.
    var headers: Headers?
    /// Every record has these, in front of those of its line.
    var commonHeaders: [RecordHeader] = []
    /// A key, a value or a header's value that is exactly this is null; all headers together that are this are none.
    var nullMarker: [UInt8]?
    /// An empty key or value is null.
    var readsEmptyAsNull = false
    /// A line that lacks a separator is taken as far as it goes, instead of being a mistake.
    var forgivesMistakes = false
    var endings = LineSplitter.Endings.lineFeed

    /// - Throws: what the line lacks.
    func record(_ line: [UInt8], at time: Timestamp) throws(LineMistake) -> Record {
        var rest = line[...]
        var all = commonHeaders
        if let headers, let text = try take(from: &rest, before: headers.delimiter, .delimiter), !isMarked(text) {
            all += try split(text, headers)
        }
        var key: [UInt8]?
        if let keySeparator { key = try take(from: &rest, before: keySeparator, .keySeparator).flatMap(unlessNull) }
        return Record(key: key, value: unlessNull(rest), headers: all, timestamp: time)
    }

    /// - Returns: what stands before the first `separator`, which is taken too; `nil` if there is none, and that is forgiven.
    private func take(
        from rest: inout ArraySlice<UInt8>, before separator: [UInt8], _ part: LineMistake.Part
    ) throws(LineMistake) -> ArraySlice<UInt8>? {
        guard let place = rest.firstRange(of: separator) else {
            if forgivesMistakes { return nil }
            throw LineMistake.missing(part, separator)
        }
        defer { rest = rest[place.upperBound...] }
        return rest[..<place.lowerBound]
    }

    private func split(_ text: ArraySlice<UInt8>, _ syntax: Headers) throws(LineMistake) -> [RecordHeader] {
        var pairs = text.split(separator: syntax.separator, omittingEmptySubsequences: false)
        // As Java's `split`: what is empty at the end is nothing, and an empty text is one empty pair.
        while !text.isEmpty, pairs.last?.isEmpty == true { pairs.removeLast() }
        var headers: [RecordHeader] = []
        for pair in pairs {
            var value = pair
            guard let name = try take(from: &value, before: syntax.keySeparator, .headerSeparator) else {
                headers.append(RecordHeader(key: String(decoding: pair, as: UTF8.self), value: nil))
                continue
            }
            if isMarked(name) { throw LineMistake.nullHeaderName }
            headers.append(
                RecordHeader(key: String(decoding: name, as: UTF8.self), value: isMarked(value) ? nil : Array(value)))
        }
        return headers
    }

    private func isMarked(_ bytes: ArraySlice<UInt8>) -> Bool { nullMarker.map { bytes.elementsEqual($0) } ?? false }

    private func unlessNull(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        isMarked(bytes) || readsEmptyAsNull && bytes.isEmpty ? nil : Array(bytes)
    }
}

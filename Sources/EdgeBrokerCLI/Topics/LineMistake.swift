/// What makes a line no record; said without repeating the line.
enum LineMistake: Error, Equatable, CustomStringConvertible {
    enum Part { case delimiter, keySeparator, headerSeparator }

    case missing(Part, [UInt8])
    case nullHeaderName

    /// Goes on from `Line 5 …`.
    var description: String {
        switch self {
        case .missing(let part, let separator):
            let text = String(decoding: separator, as: UTF8.self).debugDescription
            switch part {
            case .delimiter: return "has no \(text) behind its headers"
            case .keySeparator: return "has no \(text) behind a key"
            case .headerSeparator: return "has a header without \(text) behind its name"
            }
        case .nullHeaderName: return "has a header whose name is the marker of null"
        }
    }
}

/// A mapping that does not fit its source table: a mistake of the flow file.
package struct MappingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which line of the mapping it is about.
    package enum Part: Sendable, Equatable {
        case table
        case key
        case filter
        case column(String)
    }

    package let part: Part
    package let message: String
    package let remedy: String
    /// Where in the expression, in UTF-8 bytes from its start, if it is about one and that is known.
    package let offset: Int?

    init(_ part: Part, _ message: String, remedy: String, offset: Int? = nil) {
        self.part = part
        self.message = message
        self.remedy = remedy
        self.offset = offset
    }

    init(_ part: Part, _ error: ExpressionError) {
        self.init(part, error.message, remedy: error.remedy, offset: error.offset)
    }

    package var description: String {
        let place =
            switch part {
            case .table: ""
            case .key: "key: "
            case .filter: "where: "
            case .column(let name): "column \(name): "
            }
        return place + message + (remedy.isEmpty ? "" : " " + remedy)
    }
}

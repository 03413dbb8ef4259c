/// An expression of a flow that cannot be used, and what to write instead.
package struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        case syntax
        case unknownColumn
        case unknownFunction
        /// Would give another result when the log is replayed: clocks, random numbers, the server's own zone.
        case notRepeatable
        /// Would lose digits of a decimal, or compare them as text.
        case inexact
        /// More than an expression over one row: a sub-select, an aggregate, a parameter.
        case notAllowed
    }

    package let code: Code
    package let message: String
    package let remedy: String
    /// Which of the expressions that were compiled together, from 0.
    package internal(set) var expression = 0
    /// Where in the expression, in UTF-8 bytes from its start, if that is known.
    package let offset: Int?

    init(_ code: Code, _ message: String, remedy: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.offset = offset
    }

    package var description: String { remedy.isEmpty ? message : "\(message) \(remedy)" }
}

/// A row whose values an expression refuses: no mistake of the flow, but of this row. Holds no value of the row.
package struct ExpressionFailure: Error, Sendable, Equatable {
    /// Which expression of the program, from 0.
    package let expression: Int
    package let reason: String
}

/// What could not be said in, or read from, the language of change events: a code to switch on, a sentence, and what to do.
///
/// Values of rows never appear in it.
package struct ChangeEventsError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Bytes that are not a change event of the plain format.
        case malformedEvent
        /// Bytes that are not a table description.
        case malformedDescription
        /// Headers that capture did not write.
        case malformedHeader
        /// A topic template with letters that no topic may have, or too long a name made of it.
        case invalidTopic
        /// Two tables would share a topic, or one would take a topic of the broker's own.
        case topicTaken
    }

    package let code: Code
    package let message: String
    package let remedy: String

    package init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(message) \(remedy)" }
}

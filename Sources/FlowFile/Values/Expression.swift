/// An SQL expression of a flow and where it stands. Whether it is one, the Loader's expression engine says.
package struct Expression: Sendable, Equatable {
    package let text: String
    package let position: SourcePosition

    package init(text: String, position: SourcePosition) {
        self.text = text
        self.position = position
    }
}

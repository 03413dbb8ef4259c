/// Properties of a client by librdkafka's names, in the order in which they were given: a later one replaces an earlier.
package struct ClientProperties: Sendable, Equatable {
    package struct Property: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var all: [Property]

    package init(_ all: [Property] = []) { self.all = all }

    package mutating func set(_ name: String, _ value: String) { all.append(Property(name, value)) }

    /// Behind these, so that those of `later` win.
    package func with(_ later: ClientProperties) -> ClientProperties { ClientProperties(all + later.all) }

    package subscript(name: String) -> String? { all.last { $0.name == name }?.value }
}

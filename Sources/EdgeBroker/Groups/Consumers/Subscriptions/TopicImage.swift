package import LogStore

/// Which topics there are, at one moment.
package struct TopicImage: Sendable, Equatable {
    package struct Topic: Sendable, Equatable {
        package var id: Identifier
        package var partitionCount: Int32

        package init(id: Identifier, partitionCount: Int32) {
            self.id = id
            self.partitionCount = partitionCount
        }
    }

    /// Grows with every change, so that who has seen it need not look again.
    package var version: UInt64
    package var topics: [String: Topic]

    package init(version: UInt64 = 0, topics: [String: Topic] = [:]) {
        self.version = version
        self.topics = topics
    }
}

/// The value of a member's record: what it has told of itself.
///
/// | size | field              | meaning                                             |
/// |-----:|:-------------------|:----------------------------------------------------|
/// |    – | `instanceID`       | text or none; of a static member                    |
/// |    – | `rackID`           | text or none                                        |
/// |    – | `clientID`         | text                                                |
/// |    – | `clientHost`       | text                                                |
/// |    – | `topics`           | texts behind their number                           |
/// |    – | `pattern`          | text or none: topics by a regular expression        |
/// |    4 | `rebalanceTimeout` | ms: how long it may take to give partitions up      |
/// |    – | `assignor`         | text or none: which one it prefers                  |
package struct ConsumerMemberRecord: Sendable, Equatable, ConsumerGroupValue {
    package var instanceID: String?
    package var rackID: String?
    package var clientID: String
    package var clientHost: String
    package var topics: [String]
    package var pattern: String?
    /// In ms.
    package var rebalanceTimeout: Int32
    package var assignor: String?

    package init(
        instanceID: String? = nil, rackID: String? = nil, clientID: String, clientHost: String, topics: [String],
        pattern: String? = nil, rebalanceTimeout: Int32, assignor: String? = nil
    ) {
        self.instanceID = instanceID
        self.rackID = rackID
        self.clientID = clientID
        self.clientHost = clientHost
        self.topics = topics
        self.pattern = pattern
        self.rebalanceTimeout = rebalanceTimeout
        self.assignor = assignor
    }

    func write(to writer: inout BinaryWriter) {
        writer.append(compactNullableText: instanceID)
        writer.append(compactNullableText: rackID)
        writer.append(compactText: clientID)
        writer.append(compactText: clientHost)
        writer.append(compactCount: topics.count)
        for topic in topics { writer.append(compactText: topic) }
        writer.append(compactNullableText: pattern)
        writer.append(rebalanceTimeout)
        writer.append(compactNullableText: assignor)
    }

    init?(from reader: inout BinaryReader) {
        instanceID = reader.nextCompactNullableText()
        rackID = reader.nextCompactNullableText()
        clientID = reader.nextCompactText()
        clientHost = reader.nextCompactText()
        topics = (0..<reader.nextCompactCount(ofAtLeast: 1)).map { _ in reader.nextCompactText() }
        pattern = reader.nextCompactNullableText()
        rebalanceTimeout = reader.next()
        assignor = reader.nextCompactNullableText()
    }
}

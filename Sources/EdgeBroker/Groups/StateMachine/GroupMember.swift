/// One member as its group knows it.
struct GroupMember: Sendable {
    let id: String
    let instanceID: String?
    let clientID: String
    let clientHost: String
    /// In the order in which members came.
    let number: UInt64
    var sessionTimeout: Duration
    var rebalanceTimeout: Duration
    /// In its order of preference.
    var protocols: [GroupProtocol]
    var assignment: [UInt8] = []
    /// Its first join has not been answered: it has no id to send heartbeats under.
    var isNew = false
    /// The join that waits for an answer.
    var joining: GroupToken?
    /// The sync that waits for an answer.
    var syncing: GroupToken?
    /// When it is taken for gone.
    var deadline: Duration?

    /// While it waits for us it sends no heartbeats, and need not.
    var isExcused: Bool { !isNew && (joining != nil || syncing != nil) }

    func supports(_ name: String) -> Bool { protocols.contains { $0.name == name } }

    func metadata(for name: String?) -> [UInt8] { protocols.first { $0.name == name }?.metadata ?? [] }

    var byteCount: Int { protocols.reduce(100) { $0 + $1.name.utf8.count + $1.metadata.count } }
}

/// Tells which broker coordinates a group or a transactional id.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | the kind of key, an error message |
/// | 2 | the broker answers before it throttles |
/// | 3 | enables flexible versions |
/// | 4 | many keys at once, instead of one |
/// | 5 | a broker may answer TRANSACTION_ABORTABLE |
/// | 6 | share groups as kind of key |
package enum FindCoordinator: WireAPI {
    package static let key = ApiKey.findCoordinator
    package static let versions: ClosedRange<Int16> = 0...6
    package static let firstFlexibleVersion: Int16? = 3
}

extension FindCoordinator {
    package struct Request: WireStruct {
        /// Up to version 3.
        package var key: String = ""
        /// 0: a group. 1: a transactional id. 2: a share group.
        package var keyType: Int8 = 0
        /// From version 4 on.
        package var coordinatorKeys: [String] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&key, upTo: 3)
            try wire.field(&keyType, from: 1)
            try wire.field(&coordinatorKeys, from: 4)
            try wire.tags()
        }
    }
}

extension FindCoordinator {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        /// From version 4 on; below, the fields in front of it.
        package var coordinators: [Coordinator] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs, from: 1)
            try wire.field(&errorCode, upTo: 3)
            try wire.field(&errorMessage, from: 1, upTo: 3)
            try wire.field(&nodeID, upTo: 3)
            try wire.field(&host, upTo: 3)
            try wire.field(&port, upTo: 3)
            try wire.field(&coordinators, from: 4)
            try wire.tags()
        }
    }
}

extension FindCoordinator.Response {
    package struct Coordinator: WireStruct {
        package var key: String = ""
        package var nodeID: Int32 = 0
        package var host: String = ""
        package var port: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&key)
            try wire.field(&nodeID)
            try wire.field(&host)
            try wire.field(&port)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.tags()
        }
    }
}

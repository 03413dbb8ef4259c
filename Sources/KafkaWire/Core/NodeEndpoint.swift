/// How to reach a leader that ``CurrentLeader`` names (KIP-951).
package struct NodeEndpoint: WireStruct {
    package var nodeID: Int32 = 0
    package var host: String = ""
    package var port: Int32 = 0
    package var rack: String?

    package init() {}

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        try wire.field(&nodeID)
        try wire.field(&host)
        try wire.field(&port)
        try wire.field(&rack)
        try wire.tags()
    }
}

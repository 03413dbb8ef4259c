/// Where a partition's leader is, in answers that say it is not here (KIP-951).
package struct CurrentLeader: WireStruct {
    package var leaderID: Int32 = -1
    package var leaderEpoch: Int32 = -1

    package init() {}

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        try wire.field(&leaderID)
        try wire.field(&leaderEpoch)
        try wire.tags()
    }
}

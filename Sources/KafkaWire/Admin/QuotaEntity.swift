/// Whom a quota is for: a user, a client id, or an address.
package struct QuotaEntity: WireStruct {
    package var entityType: String = ""
    /// `nil`: the default for all of the type.
    package var entityName: String?

    package init() {}

    package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
        try wire.field(&entityType)
        try wire.field(&entityName)
        try wire.tags()
    }
}

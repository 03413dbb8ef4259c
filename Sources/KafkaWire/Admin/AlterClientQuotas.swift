/// Changes quotas.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | enables flexible versions |
package enum AlterClientQuotas: WireAPI {
    package static let key = ApiKey.alterClientQuotas
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 1
}

extension AlterClientQuotas {
    package struct Request: WireStruct {
        package var entries: [Entry] = []
        /// Nothing is changed.
        package var validateOnly: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&entries)
            try wire.field(&validateOnly)
            try wire.tags()
        }
    }
}

extension AlterClientQuotas.Request {
    package struct Entry: WireStruct {
        package var entity: [QuotaEntity] = []
        package var ops: [Operation] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&entity)
            try wire.field(&ops)
            try wire.tags()
        }
    }
}

extension AlterClientQuotas.Request.Entry {
    package struct Operation: WireStruct {
        package var key: String = ""
        package var value: Double = 0
        package var remove: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&key)
            try wire.field(&value)
            try wire.field(&remove)
            try wire.tags()
        }
    }
}

extension AlterClientQuotas {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var entries: [Entry] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&entries)
            try wire.tags()
        }
    }
}

extension AlterClientQuotas.Response {
    package struct Entry: WireStruct {
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        package var entity: [QuotaEntity] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&entity)
            try wire.tags()
        }
    }
}

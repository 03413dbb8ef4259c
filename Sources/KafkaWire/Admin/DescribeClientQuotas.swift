/// Tells quotas.
///
/// | version | adds |
/// |--------:|:-----|
/// | 1 | enables flexible versions |
package enum DescribeClientQuotas: WireAPI {
    package static let key = ApiKey.describeClientQuotas
    package static let versions: ClosedRange<Int16> = 0...1
    package static let firstFlexibleVersion: Int16? = 1
}

extension DescribeClientQuotas {
    package struct Request: WireStruct {
        package var components: [Component] = []
        package var strict: Bool = false

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&components)
            try wire.field(&strict)
            try wire.tags()
        }
    }
}

extension DescribeClientQuotas.Request {
    package struct Component: WireStruct {
        package var entityType: String = ""
        /// 0: this name. 1: the default. 2: any name.
        package var matchType: Int8 = 0
        package var match: String?

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&entityType)
            try wire.field(&matchType)
            try wire.field(&match)
            try wire.tags()
        }
    }
}

extension DescribeClientQuotas {
    package struct Response: WireStruct {
        package var throttleTimeMs: Int32 = 0
        package var errorCode: ErrorCode = .none
        package var errorMessage: String?
        /// Never null: Java's Admin does not expect it.
        package var entries: [Entry]? = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&throttleTimeMs)
            try wire.field(&errorCode)
            try wire.field(&errorMessage)
            try wire.field(&entries)
            try wire.tags()
        }
    }
}

extension DescribeClientQuotas.Response {
    package struct Entry: WireStruct {
        package var entity: [QuotaEntity] = []
        package var values: [Value] = []

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&entity)
            try wire.field(&values)
            try wire.tags()
        }
    }
}

extension DescribeClientQuotas.Response.Entry {
    package struct Value: WireStruct {
        package var key: String = ""
        package var value: Double = 0

        package init() {}

        package mutating func code(_ wire: inout FieldCoder) throws(WireError) {
            try wire.field(&key)
            try wire.field(&value)
            try wire.tags()
        }
    }
}

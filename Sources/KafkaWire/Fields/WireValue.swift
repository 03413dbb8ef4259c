/// What can be a field: a primitive type, an array, or a structure.
package protocol WireValue: Equatable, Sendable {
    /// The value that takes the fewest bytes.
    init()
    mutating func code(_ wire: inout FieldCoder) throws(WireError)

    /// The elements of an array, which come behind their number.
    static func read(_ count: Int, _ wire: inout FieldCoder) throws(WireError) -> [Self]
    static func write(_ elements: [Self], _ wire: inout FieldCoder) throws(WireError)
}

/// What can also be null.
package protocol NullableWireValue: WireValue {
    static func code(_ value: inout Self?, _ wire: inout FieldCoder) throws(WireError)
}

/// A message, or a structure in one: named fields in an order.
package protocol WireStruct: NullableWireValue {}

extension WireStruct {
    /// The default value, then what `change` makes of it.
    package init(_ change: (inout Self) -> Void) {
        self.init()
        change(&self)
    }

    /// A structure that may be null has a byte in front that says so.
    package static func code(_ value: inout Self?, _ wire: inout FieldCoder) throws(WireError) {
        var marker: Int8 = value == nil ? -1 : 1
        try marker.code(&wire)
        switch marker {
        case -1: value = nil
        case 1:
            var present = value ?? Self()
            try present.code(&wire)
            value = present
        default: throw wire.failure(.nullMarker(marker))
        }
    }
}

extension WireValue {
    package static func read(_ count: Int, _ wire: inout FieldCoder) throws(WireError) -> [Self] {
        // A single element tells soon enough that there are no bytes for it.
        let leastSize = count > 1 ? try wire.size(of: Self()) : 1
        try wire.reader.expectElements(count, ofAtLeast: leastSize)
        var elements: [Self] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            var element = Self()
            try element.code(&wire)
            elements.append(element)
        }
        return elements
    }

    package static func write(_ elements: [Self], _ wire: inout FieldCoder) throws(WireError) {
        for var element in elements { try element.code(&wire) }
    }
}

import KafkaWire

/// Where a message differs from what Kafka has in it. A field that Kafka does not have in this version must have its default.
/// - Parameter frame: the bytes that the message's records are in.
func differences(_ expected: FieldTree, _ actual: any WireStruct, in frame: [UInt8]) -> [String] {
    differences(expected, actual as Any, in: frame, at: "")
}

private func differences(_ expected: FieldTree, _ actual: Any, in frame: [UInt8], at path: String) -> [String] {
    guard let value = unwrapped(actual) else { return expected == .null ? [] : ["\(path): null, not \(expected)"] }
    switch (expected, value) {
    case (.fields(let fields), let value as any WireStruct): return differences(fields, value, in: frame, at: path)
    case (.list(let list), _):
        let elements = Mirror(reflecting: value).children.map(\.value)
        guard elements.count == list.count else { return ["\(path): \(elements.count) elements, not \(list.count)"] }
        return zip(list, elements).enumerated().flatMap {
            differences($1.0, $1.1, in: frame, at: "\(path)[\($0)]")
        }
    default:
        let found = leaf(value, in: frame)
        return found == expected ? [] : ["\(path): \(found), not \(expected)"]
    }
}

private func differences(
    _ expected: [String: FieldTree], _ actual: any WireStruct, in frame: [UInt8], at path: String
) -> [String] {
    var expected = Dictionary(uniqueKeysWithValues: expected.map { (plain($0.key), $0.value) })
    let defaults = Mirror(reflecting: type(of: actual).init()).children.map(\.value)
    var found: [String] = []
    for (child, other) in zip(Mirror(reflecting: actual).children, defaults) {
        let name = child.label ?? ""
        if let value = expected.removeValue(forKey: plain(name)) {
            found += differences(value, child.value, in: frame, at: "\(path).\(name)")
        } else if "\(child.value)" != "\(other)" {
            found.append("\(path).\(name): \(child.value), but the version does not have it")
        }
    }
    return found + expected.keys.map { "\(path).\($0): missing" }
}

/// `topic_id` and `topicID` are the same name, and so are `v3_and_below_topics` and `topics`: there is no version above.
private func plain(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "_" }.split(separator: "v3andbelow").joined())
}

private func unwrapped(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    return mirror.displayStyle == .optional ? mirror.children.first?.value : value
}

private func leaf(_ value: Any, in frame: [UInt8]) -> FieldTree {
    switch value {
    case let value as Bool: .bool(value)
    case let value as any BinaryInteger: .integer(Int64(value))
    case let value as ErrorCode: .integer(Int64(value.rawValue))
    case let value as Double: .real(value)
    case let value as String: .text(value)
    case let value as WireUUID: .text(value.description)
    case let value as [UInt8]: .text(hex(value))
    case let value as RecordsRange: .text(hex(value.slice(of: frame[...])))
    default: .text("a \(type(of: value))")
    }
}

/// The record fields of a message, in order.
func recordFields(of value: Any) -> [RecordsRange?] {
    if let records = value as? RecordsRange { return [records] }
    if type(of: value) == RecordsRange?.self { return [unwrapped(value) as? RecordsRange] }
    return Mirror(reflecting: value).children.flatMap { recordFields(of: $0.value) }
}

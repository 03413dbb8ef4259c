/// The tagged fields at the end of a structure in a flexible version, in ascending order of their tags.
///
/// | type | meaning |
/// |:-----|:--------|
/// | unsigned varint | how many |
/// | unsigned varint, unsigned varint, bytes | of each: tag, size, value |
///
/// A tag that is not known is skipped. A field that has its default value is not written.
package struct TagSection {
    /// Reading: fields not yet begun. Writing: fields written, less than 128 of them.
    fileprivate var count: UInt32 = 0
    /// Writing: where their number belongs.
    fileprivate var start = 0
    /// Reading: the field whose value comes next.
    fileprivate var next: (tag: UInt32, size: Int)?
    fileprivate var last: UInt32?
}

extension FieldCoder {
    /// The end of a structure that has no tagged fields we know.
    @inline(__always)
    mutating func tags() throws(WireError) {
        guard isFlexible else { return }
        if isReading {
            // Nearly always there are none.
            var section = TagSection()
            section.count = try reader.unsignedVarint()
            if section.count > 0 { try endTags(&section) }
        } else {
            writer.integer(UInt8(0))
        }
    }

    mutating func beginTags() throws(WireError) -> TagSection {
        var section = TagSection()
        guard isFlexible else { return section }
        if isReading {
            section.count = try reader.unsignedVarint()
        } else {
            section.start = writer.position
            writer.integer(UInt8(0))
        }
        return section
    }

    /// A tagged field of version `first` and later.
    mutating func tag<Value: WireValue>(
        _ tag: UInt32, _ value: inout Value, default other: Value = Value(), from first: Int16 = 0,
        in section: inout TagSection
    ) throws(WireError) {
        guard isFlexible, version >= first else { return }
        if isReading {
            guard let size = try seek(tag, in: &section) else { return }
            let end = reader.position + size
            try value.code(&self)
            guard reader.position == end else { throw failure(.tagSize(size)) }
        } else if value != other {
            beginTag(tag, size: try size(of: value), in: &section)
            try value.code(&self)
        }
    }

    /// A tagged string of version `first` and later, which is null if it is not there.
    mutating func tag(
        _ tag: UInt32, _ text: inout String?, from first: Int16 = 0, in section: inout TagSection
    ) throws(WireError) {
        guard isFlexible, version >= first else { return }
        if isReading {
            guard let size = try seek(tag, in: &section) else { return }
            let end = reader.position + size
            text = try reader.string(isCompact: true)
            guard reader.position == end else { throw failure(.tagSize(size)) }
        } else if let text {
            beginTag(tag, size: try size(of: text), in: &section)
            try writer.string(text, isCompact: true)
        }
    }

    mutating func endTags(_ section: inout TagSection) throws(WireError) {
        guard isFlexible else { return }
        if isReading {
            _ = try seek(nil, in: &section)
        } else {
            writer.patch(UInt8(section.count), at: section.start)
        }
    }

    private mutating func beginTag(_ tag: UInt32, size: Int, in section: inout TagSection) {
        section.count += 1
        writer.unsignedVarint(tag)
        writer.unsignedVarint(UInt32(size))
    }

    /// Skips the fields in front of `tag`, or all of them, and tells the size of its value, or nothing if it is not there.
    private mutating func seek(_ tag: UInt32?, in section: inout TagSection) throws(WireError) -> Int? {
        while let found = try begin(&section) {
            if let tag, found.tag > tag { return nil }
            section.next = nil
            if found.tag == tag { return found.size }
            _ = try reader.take(found.size)
        }
        return nil
    }

    /// Tag and size of the field that comes next.
    private mutating func begin(_ section: inout TagSection) throws(WireError) -> (tag: UInt32, size: Int)? {
        if let next = section.next { return next }
        guard section.count > 0 else { return nil }
        section.count -= 1
        let tag = try reader.unsignedVarint()
        if let last = section.last, tag <= last { throw failure(.tagOrder(tag)) }
        section.last = tag
        section.next = (tag, Int(try reader.unsignedVarint()))
        return section.next
    }
}

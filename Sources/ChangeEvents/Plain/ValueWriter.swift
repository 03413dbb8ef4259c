/// Postgres' text of a value into the form its column has in events.
extension JSONWriter {
    mutating func putValue(_ text: UnsafeRawBufferPointer, as form: ValueForm) {
        let start = count
        let isWritten =
            switch form {
            case .boolean: putBoolean(text)
            case .integer: putIf(JSONNumber.isInteger(text), text)
            case .float: putIf(!text.isEmpty && JSONNumber.length(of: text) == text.count, text)
            case .json: putJSON(text)
            case .bytes: putHexadecimal(text)
            case .hstore: putHStore(text)
            case .array(let element, let delimiter): putArray(text, of: element, delimiter: delimiter)
            case .decimal, .character, .temporal, .exact: false
            }
        if !isWritten {
            // Also what has not the text its type promises: nothing is lost, and the JSON stays sound.
            rewind(to: start)
            putQuoted(text)
        }
    }

    private mutating func putIf(_ isSound: Bool, _ text: UnsafeRawBufferPointer) -> Bool {
        if isSound { put(text) }
        return isSound
    }

    private mutating func putBoolean(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 1 else { return false }
        switch text[0] {
        case UInt8(ascii: "t"): put("true")
        case UInt8(ascii: "f"): put("false")
        default: return false
        }
        return true
    }

    private mutating func putJSON(_ text: UnsafeRawBufferPointer) -> Bool {
        var reader = JSONReader(text)
        do throws(JSONFault) {
            try reader.skip()
            try reader.end()
        } catch {
            // The server would have refused such a value; as text it reaches whoever can look at it.
            return false
        }
        putOnOneLine(text)
        return true
    }

    /// `\x00ff`, the only form with `bytea_output=hex`.
    private mutating func putHexadecimal(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
            return false
        }
        for position in 2..<text.count where Hexadecimal.value(text[position]) == nil { return false }
        putBase64(count: text.count / 2 - 1) { index in
            let high = Hexadecimal.value(text[2 + 2 * index]) ?? 0
            return high << 4 | (Hexadecimal.value(text[3 + 2 * index]) ?? 0)
        }
        return true
    }
}

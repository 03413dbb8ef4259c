import EdgeBrokerTesting
import RecordFormat
import Testing

@testable import LogStore

@Suite("The map from keys to their last offsets")
struct KeyOffsetsTests {
    private func digest(_ key: String, _ secret: KeyDigest.Secret) -> KeyDigest {
        Array(key.utf8).withUnsafeBytes { KeyDigest($0, secret) }
    }

    @Test(
        "has SipHash-2-4 with 128 bits for digests, as its authors' table has it",
        arguments: [
            // key 00 01 … 0f, input 00 01 … of that length
            (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
            (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
            (9, "264499060ad9baabc47f8b02bb6d71ed"),
        ])
    func vectors(count: Int, expected: String) throws {
        var parts: [UInt64] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908]
        let secret = KeyDigest.Secret { parts.removeFirst() }
        let digest = (0..<UInt8(count)).map(\.self).withUnsafeBytes { KeyDigest($0, secret) }
        let bytes = [digest.low, digest.high].flatMap { word in (0..<8).map { UInt8(word >> (8 * $0) & 0xff) } }
        #expect(hex(bytes) == expected)
    }

    @Test("knows of each key whether a later record was noted, and is full in time")
    func bounded() {
        let secret = KeyDigest.Secret { 7 }
        var keys = KeyOffsets(.all, bytes: 4096, records: 1 << 40)
        var noted: [String] = []
        for number in 0... {
            let key = "k\(number)"
            if !keys.note(digest(key, secret), at: Offset(Int64(number))) { break }
            noted.append(key)
        }
        #expect(noted.count == keys.count && noted.count * KeyOffsets.bytesPerEntry <= 4096 && noted.count > 100)
        // One that is there already needs no room.
        let isNoted = keys.note(digest("k5", secret), at: Offset(9_999))
        #expect(isNoted)
        for (number, key) in noted.enumerated() {
            let digest = digest(key, secret)
            let isLater = keys.supersedes(digest, at: Offset(Int64(number)))
            #expect(isLater == (key == "k5"))
            let isBefore = keys.supersedes(digest, at: Offset(Int64(number) - 1))
            #expect(isBefore)
        }
        let isUnknown = keys.supersedes(digest("other", secret), at: .zero)
        #expect(!isUnknown)
        keys.begin(.all)
        let isForgotten = keys.supersedes(digest("k5", secret), at: .zero)
        #expect(!isForgotten && keys.count == 0)
    }

    @Test("takes no more memory than there are records")
    func small() {
        var keys = KeyOffsets(.all, bytes: 1 << 30, records: 100)
        let secret = KeyDigest.Secret { 7 }
        var count = 0
        while keys.note(digest("\(count)", secret), at: .zero) { count += 1 }
        #expect((100..<200).contains(count))
    }

    @Test("divides all keys into classes, each key into one")
    func classes() {
        let secret = KeyDigest.Secret { 3 }
        let first = KeyClass.all.half.half
        var classes = [first]
        while let next = classes.last?.next { classes.append(next) }
        #expect(classes.count == 4)
        for number in 0..<1000 {
            let digest = digest("\(number)", secret)
            #expect(classes.filter { $0.contains(digest) }.count == 1)
            #expect(KeyClass.all.contains(digest))
        }
        // What is left when the map of the third pass is too small.
        let third = classes[2].half
        #expect(third.contains(digest("x", secret)) || !third.contains(digest("x", secret)))
        var rest: [KeyClass] = [third]
        while let next = rest.last?.next { rest.append(next) }
        #expect(rest.count == 4)
    }
}

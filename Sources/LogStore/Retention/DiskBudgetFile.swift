/// `disk-budget`: what was decided when the log was first opened, so that the share of a disk does not shrink with what we put on it.
/// Text, a key and its value a line. Only a memory: one that is missing or damaged is decided anew.
///
/// | key             | meaning                               |
/// |:----------------|:--------------------------------------|
/// | `version`       | 1                                     |
/// | `budget.bytes`  | ``DiskBudget/bytes``, 1 or more       |
/// | `reserve.bytes` | ``DiskBudget/reserve``, 0 or more     |
package enum DiskBudgetFile {
    package static let fileName = "disk-budget"
    private static let longest = 1024

    package static func encoded(_ budget: DiskBudget) -> [UInt8] {
        Array("version=1\nbudget.bytes=\(budget.bytes)\nreserve.bytes=\(budget.reserve)\n".utf8)
    }

    /// - Returns: `nil` if the bytes are no such file.
    package static func decode(_ bytes: [UInt8]) -> DiskBudget? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == "version=1", lines[3].isEmpty,
            let budget = number(lines[1], "budget.bytes="), let reserve = number(lines[2], "reserve.bytes="),
            budget > 0, reserve >= 0
        else { return nil }
        return DiskBudget(bytes: budget, reserve: reserve)
    }

    private static func number(_ line: Substring, _ key: String) -> Int64? {
        line.hasPrefix(key) ? Int64(line.dropFirst(key.count)) : nil
    }

    /// What a folder remembers; `nil` if nothing that can be read.
    package static func read(in folder: String, on disk: any Disk) -> DiskBudget? {
        guard let bytes = try? disk.contents(of: folder + "/" + fileName, limit: longest) else { return nil }
        return decode(bytes)
    }

    /// - Throws: what the disk says; the file is as before then.
    package static func write(_ budget: DiskBudget, in folder: String, on disk: any Disk) throws(DiskError) {
        try disk.replace(folder + "/" + fileName, with: encoded(budget), in: folder)
    }
}

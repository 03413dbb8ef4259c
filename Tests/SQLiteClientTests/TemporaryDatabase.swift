import Foundation
import SQLiteClient

/// A database file in a folder of its own, gone with its owner.
final class TemporaryDatabase {
    let directory: String
    var path: String { directory + "/mes.db" }

    init() throws {
        directory = NSTemporaryDirectory() + "/edgebroker-sqlite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: directory) } catch {
            print("\(directory) is left over: \(error)")
        }
    }

    func open(_ access: SQLiteDatabase.Access = .readWrite, busyTimeout: Duration = .zero) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: path, access, busyTimeout: busyTimeout)
    }
}

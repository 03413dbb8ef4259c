import Foundation
import SQLiteClient

@testable import Loader

/// A folder of its own, gone with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/edgebroker-loader-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) is left over: \(error)") }
    }

    var mesPath: String { path + "/mes.db" }

    func openMES(busyTimeout: Duration = .zero) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: mesPath, busyTimeout: busyTimeout)
    }

    func rows(_ sql: String) throws -> [[SQLiteValue]] {
        try SQLiteDatabase(path: mesPath, .readOnly).prepare(sql).rows()
    }
}

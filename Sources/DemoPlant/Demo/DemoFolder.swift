import Foundation
import Glibc

/// The folder of one demonstration: configuration, flow, log, MES, and the ERP's cluster if it is to be kept.
struct DemoFolder {
    let path: String
    let isThrowAway: Bool

    /// Where Postgres may put its cluster: nil for a folder of its own that goes with it.
    var cluster: String? { isThrowAway ? nil : path + "/erp" }
    var site: DemoSite { DemoSite(configuration: path + "/edgebroker.yaml", mes: path + "/mes.db") }

    /// Makes the folder.
    /// - Parameter kept: an empty folder or one that does not exist; nil for one below /tmp that goes with the demonstration.
    init(kept: String?) throws(DemoError) {
        isThrowAway = kept == nil
        guard let kept else {
            var name = Array("/tmp/edgebroker-demo-XXXXXX".utf8CString)
            guard mkdtemp(&name) != nil else { throw Self.failed("/tmp/edgebroker-demo-XXXXXX") }
            path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return
        }
        // Everybody may enter: the ERP's server may run as another user.
        guard mkdir(kept, 0o755) == 0 || errno == EEXIST else { throw Self.failed(kept) }
        guard let whole = realpath(kept, nil) else { throw Self.failed(kept) }
        defer { free(whole) }
        path = String(cString: whole)
        guard let content = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw DemoError(.folder, "\(kept) cannot be read as a folder.", remedy: "Name an empty folder.")
        }
        guard content.isEmpty else {
            throw DemoError(
                .folder, "\(kept) is not empty.", remedy: "Name an empty folder, or one that does not exist.")
        }
    }

    /// Writes the plant's configuration and its flow.
    func write(flow: String) throws(DemoError) {
        let plant = """
            data_dir: log
            site: demo
            flows: [\(DemoFlow.name).yaml]

            """
        for (name, text) in [("edgebroker", plant), (DemoFlow.name, flow)] {
            let file = "\(path)/\(name).yaml"
            do {
                try text.write(toFile: file, atomically: false, encoding: .utf8)
            } catch {
                throw DemoError(
                    .folder, "\(file) cannot be written: \(error.localizedDescription)",
                    remedy: "Make room and rights there.")
            }
        }
    }

    /// Removes the folder if nobody wants to keep it. What cannot be removed is litter below /tmp.
    func leave() {
        if isThrowAway { try? FileManager.default.removeItem(atPath: path) }
    }

    private static func failed(_ path: String) -> DemoError {
        DemoError(
            .folder, "Folder \(path) cannot be made: \(String(cString: strerror(errno))).",
            remedy: "Name another folder.")
    }
}

package import RecordFormat

/// What the log could not do: a code to switch on, a sentence with the values, and what to do about it.
package struct LogStoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// Another process has the folder open.
        case locked
        /// The path is a file, or something else that is not a folder.
        case notADirectory
        /// This user may not write there.
        case refused
        /// No room. Nothing was changed; the same call may succeed later.
        case noSpace
        /// The folder was written by a newer EdgeBroker.
        case newerFormat
        /// The folder has data but not our identity file: perhaps a volume that is not mounted, perhaps somebody
        /// else's.
        case foreignDirectory
        /// A read, write or sync failed. The partition is closed and opens again by itself.
        case storage
        /// Stored bytes are not what was written. ``LogStoreError/nextReadable`` says where good data goes on.
        case corrupt
        /// The offset asked for is below the log start or above the high watermark.
        case offsetOutOfRange
        /// The partition's topic was deleted.
        case deleted
        /// The store was closed.
        case closed
    }

    package let code: Code
    package let message: String
    package let remedy: String
    package let cause: DiskError?
    /// With `.corrupt` and `.offsetOutOfRange`: the first offset at which a read can go on, if there is one.
    package let nextReadable: Offset?

    package init(
        _ code: Code, _ message: String, remedy: String, cause: DiskError? = nil, nextReadable: Offset? = nil
    ) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
        self.nextReadable = nextReadable
    }

    package var description: String { "\(message) \(remedy)" }

    /// A failed disk call in the words of the log.
    package init(_ what: String, _ error: DiskError) {
        if error.isNoSpace {
            self.init(
                .noSpace, "\(what): \(error).", remedy: "Make room on that disk; nothing acknowledged is lost.",
                cause: error)
        } else if error.isRefused {
            self.init(
                .refused, "\(what): \(error).", remedy: "Give the user that runs edgebroker the right to write there.",
                cause: error)
        } else {
            self.init(
                .storage, "\(what): \(error).",
                remedy: "Check the disk (`dmesg`, SMART); acknowledged records are kept.",
                cause: error)
        }
    }
}

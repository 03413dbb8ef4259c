import Glibc
import Synchronization

/// Data goes to standard output, talk to standard error; whole lines, never buffered, so that a kill loses none.
enum Console {
    private static let output = Mutex(STDOUT_FILENO)
    private static let talk = Mutex(STDERR_FILENO)

    /// One or more lines of data, with their line ends.
    static func data(_ bytes: [UInt8]) {
        output.withLock { write(bytes, to: $0) }
    }

    static func data(line: String) { data(Array((line + "\n").utf8)) }

    static func talk(_ line: String) {
        talk.withLock { write(Array((line + "\n").utf8), to: $0) }
    }

    /// A reader that went away ends us by SIGPIPE as any tool, except in `serve`, which ignores that signal and must run on.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}

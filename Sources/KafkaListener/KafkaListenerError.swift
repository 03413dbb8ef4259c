import Glibc
import NIOCore

/// Why a listener cannot begin.
public struct KafkaListenerError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// Somebody else has the port.
        case addressInUse
        /// This machine has no such address, or nobody knows the name.
        case addressNotAvailable
        /// The user may not have the port.
        case notAllowed
        case other
    }

    public let code: Code
    /// What happened, with the address.
    public let message: String
    /// What to do about it.
    public let remedy: String

    init(cannotListenOn endpoint: KafkaListenerConfiguration.Endpoint, _ error: any Error) {
        let errno = (error as? IOError)?.errnoCode
        let (code, why, what) = Self.explain(error, errno)
        self.code = code
        message = "Cannot listen on \(endpoint.host):\(endpoint.port) for Kafka clients: \(why)."
        remedy = "\(what)choose another one with `kafka: { listen: HOST:PORT }`."
    }

    private static func explain(_ error: any Error, _ errno: CInt?) -> (Code, String, String) {
        switch errno {
        case EADDRINUSE:
            (.addressInUse, "the port is in use", "Stop whoever has it (`ss -ltnp` tells), or ")
        case EADDRNOTAVAIL:
            (.addressNotAvailable, "this machine has no such address", "Name one that it has, or ")
        case EACCES, EPERM:
            (.notAllowed, "this user may not have the port", "Take one from 1024 on: ")
        case let errno?: (.other, String(cString: strerror(errno)), "Look into it, or ")
        case nil where error is SocketAddressError.UnknownHost:
            (.addressNotAvailable, "nobody knows this name", "Name an address of this machine, or ")
        case nil: (.other, "\(error)", "Look into it, or ")
        }
    }

    public var description: String { "\(message) \(remedy)" }
}

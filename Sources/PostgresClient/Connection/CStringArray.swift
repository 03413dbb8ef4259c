import Glibc

/// A NULL-terminated array of C strings that overwrites itself when it goes: a connection text is among them.
struct CStringArray: ~Copyable {
    private let pointers: [UnsafePointer<CChar>?]
    private let owned: [UnsafeMutablePointer<CChar>?]

    /// Nil becomes NULL, which libpq takes as SQL's NULL.
    init(_ strings: [String?]) {
        owned = strings.map { $0.flatMap { strdup($0) } }
        pointers = owned.map { UnsafePointer($0) } + [nil]
    }

    deinit {
        for pointer in owned {
            guard let pointer else { continue }
            explicit_bzero(pointer, strlen(pointer))
            free(pointer)
        }
    }

    borrowing func withPointer<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
        pointers.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}

/// The keys one map of a file may have, and what each does today.
struct SectionSchema: Sendable {
    struct Key: Sendable {
        enum State: Sendable, Equatable {
            case built
            /// Read and reported; going on without it does no harm. Says what will not happen.
            case ignored(String)
            /// Going on would do something else than the file says. Says what is missing.
            case refused(String)
        }

        let name: String
        let isRequired: Bool
        let state: State
    }

    /// As a person would call it, for messages.
    let name: String
    let keys: [Key]

    func key(_ name: String) -> Key? { keys.first { $0.name == name } }
}

extension SectionSchema.Key {
    static func required(_ name: String) -> Self { Self(name: name, isRequired: true, state: .built) }
    static func optional(_ name: String) -> Self { Self(name: name, isRequired: false, state: .built) }
    static func ignored(_ name: String, _ what: String) -> Self {
        Self(name: name, isRequired: false, state: .ignored(what))
    }
    static func refused(_ name: String, _ what: String) -> Self {
        Self(name: name, isRequired: false, state: .refused(what))
    }
}

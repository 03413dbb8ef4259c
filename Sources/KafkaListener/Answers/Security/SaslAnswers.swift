import KafkaWire

/// A listener without authentication has no mechanism to offer.
enum SaslHandshakeAnswer: Answering {
    typealias API = SaslHandshake

    static func answer(_ request: SaslHandshake.Request, _ exchange: Exchange<SaslHandshake>) {
        exchange.respond { $0.errorCode = .illegalSASLState }
    }
}

enum SaslAuthenticateAnswer: Answering {
    typealias API = SaslAuthenticate

    static func answer(_ request: SaslAuthenticate.Request, _ exchange: Exchange<SaslAuthenticate>) {
        exchange.respond {
            $0.errorCode = .illegalSASLState
            $0.errorMessage = "This listener has no authentication."
        }
    }
}

// A broker without security answers each part of a request about it with SECURITY_DISABLED, which admin tools understand.
// Where there is a part for each thing asked for, there must be as many: Java's Admin takes them by their position.

extension DescribeAcls.Response {
    package init(refusing request: DescribeAcls.Request, with error: ErrorCode, _ message: String) {
        self.init()
        errorCode = error
        errorMessage = message
    }
}

extension CreateAcls.Response {
    package init(refusing request: CreateAcls.Request, with error: ErrorCode, _ message: String) {
        self.init()
        results = request.creations.map { _ in
            Result {
                $0.errorCode = error
                $0.errorMessage = message
            }
        }
    }
}

extension DeleteAcls.Response {
    package init(refusing request: DeleteAcls.Request, with error: ErrorCode, _ message: String) {
        self.init()
        filterResults = request.filters.map { _ in
            FilterResult {
                $0.errorCode = error
                $0.errorMessage = message
            }
        }
    }
}

extension DescribeUserScramCredentials.Response {
    package init(refusing request: DescribeUserScramCredentials.Request, with error: ErrorCode, _ message: String) {
        self.init()
        errorCode = error
        errorMessage = message
    }
}

extension AlterUserScramCredentials.Response {
    /// One result for each user, however many changes are asked for.
    package init(refusing request: AlterUserScramCredentials.Request, with error: ErrorCode, _ message: String) {
        self.init()
        let users = Set(request.deletions.map(\.name) + request.upsertions.map(\.name))
        results = users.sorted().map { user in
            Result {
                $0.user = user
                $0.errorCode = error
                $0.errorMessage = message
            }
        }
    }
}

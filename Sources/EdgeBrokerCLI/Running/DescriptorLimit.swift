import Glibc

/// Every open partition holds a descriptor, and the usual limit of 1,024 is a soft one.
enum DescriptorLimit {
    /// Raises the soft limit to what the system allows this process. A system that refuses leaves it as it is.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

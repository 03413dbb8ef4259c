// What libFuzzer's `main` calls, by its names.

/// Once, before libFuzzer reads the arguments.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    do { try FuzzFormats.begin() } catch { fatalError("\(error)") }
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzFormats.feed(UnsafeBufferPointer(start: bytes, count: count))
    return 0
}

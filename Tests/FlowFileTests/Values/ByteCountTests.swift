import FlowFile
import Testing

@Suite("A size") struct ByteCountTests {
    @Test(
        "is read in powers of ten and of two",
        arguments: [
            ("0", 0), ("1024", 1024), ("40GB", 40_000_000_000), ("64 MB", 64_000_000), ("1kb", 1000), ("2 KiB", 2048),
            ("512MiB", 512 << 20), ("1.5 GB", 1_500_000_000), ("0.125KiB", 128), ("3TiB", 3 << 40),
        ])
    func reads(_ text: String, _ bytes: Int64) { #expect(ByteCount(text)?.bytes == bytes) }

    @Test(
        "that is none is refused",
        arguments: [
            "", "GB", "-1", "1,5GB", "1.", ".5GB", "1.2345GB", "0.5B", "1 G", "1XB", "9999999999999999999",
            "9223372036854775807kB",
            "1e3", "٣",
        ])
    func refuses(_ text: String) { #expect(ByteCount(text) == nil) }
}

import ArgumentParser

/// A span of time as ISO 8601 has it: `P1DT2H30M`, `PT0.5S`.
struct ISODuration: Equatable, ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) {
        guard
            let match = argument.wholeMatch(
                of: /P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(?:\.(\d{1,3}))?S)?)?/),
            argument != "P", !argument.hasSuffix("T")
        else { return nil }
        func number(_ text: Substring?) -> Int64 { text.flatMap { Int64($0) } ?? 0 }
        let fraction = (String(match.5 ?? "") + "000").prefix(3)
        let seconds = number(match.1) * 86_400 + number(match.2) * 3600 + number(match.3) * 60 + number(match.4)
        milliseconds = seconds * 1000 + (Int64(fraction) ?? 0)
    }
}

/// The words of a name in camel case: `unsupportedSASLMechanism` has three.
func words(of name: String) -> [Substring] {
    var words: [Substring] = []
    var rest = name[...]
    while !rest.isEmpty {
        let capitals = rest.prefix(while: \.isUppercase)
        // The last of several capitals begins the next word, unless the name ends with them.
        let isAcronym = capitals.count > 1
        let end =
            if isAcronym {
                capitals.count == rest.count ? rest.endIndex : rest.index(before: capitals.endIndex)
            } else {
                rest[capitals.endIndex...].firstIndex(where: \.isUppercase) ?? rest.endIndex
            }
        words.append(rest[..<end])
        rest = rest[end...]
    }
    return words
}

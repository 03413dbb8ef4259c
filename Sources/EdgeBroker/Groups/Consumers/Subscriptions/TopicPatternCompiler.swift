/// Writes an expression's tree as a program, repetitions written out, within the limits.
struct TopicPatternCompiler {
    private(set) var program: [TopicPattern.Instruction] = []
    /// Parts looked at: a repetition of nothing makes no instruction and takes its time all the same.
    private var steps = 0

    mutating func add(_ part: TopicPatternPart) throws(TopicPattern.Mistake) {
        steps += 1
        if program.count >= TopicPattern.mostInstructions || steps > 4 * TopicPattern.mostInstructions {
            throw TopicPattern.Mistake(
                "it has more than \(TopicPattern.mostInstructions) steps, repetitions written out")
        }
        switch part {
        case .bytes(let set): program.append(.bytes(set))
        case .begin: program.append(.begin)
        case .end: program.append(.end)
        case .sequence(let parts): for part in parts { try add(part) }
        case .choice(let parts): try add(choice: parts[...])
        case .repetition(let part, let least, let most):
            for _ in 0..<least { try add(part) }
            if let most { try add(part, upTo: most - least) } else { try add(anyNumberOf: part) }
        }
    }

    private mutating func add(choice parts: ArraySlice<TopicPatternPart>) throws(TopicPattern.Mistake) {
        guard let first = parts.first else { return }
        if parts.count == 1 { return try add(first) }
        let fork = program.count
        program.append(.match)
        try add(first)
        let end = program.count
        program.append(.match)
        program[fork] = .either(fork + 1, program.count)
        try add(choice: parts.dropFirst())
        program[end] = .jump(program.count)
    }

    private mutating func add(_ part: TopicPatternPart, upTo most: Int) throws(TopicPattern.Mistake) {
        var forks: [Int] = []
        for _ in 0..<most {
            forks.append(program.count)
            program.append(.match)
            try add(part)
        }
        for fork in forks { program[fork] = .either(fork + 1, program.count) }
    }

    private mutating func add(anyNumberOf part: TopicPatternPart) throws(TopicPattern.Mistake) {
        let fork = program.count
        program.append(.match)
        try add(part)
        program.append(.jump(fork))
        program[fork] = .either(fork + 1, program.count)
    }
}

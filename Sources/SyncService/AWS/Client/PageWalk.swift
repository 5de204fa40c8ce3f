import JSON

/// Decides whether a listing goes on, and refuses to go in circles.
struct PageWalk {
    let paginator: ServiceModel.Paginator?
    let limits: AWSLimits
    private var seen: Set<String> = []
    private var pages = 0
    private var empty = 0

    init(paginator: ServiceModel.Paginator?, limits: AWSLimits) {
        self.paginator = paginator
        self.limits = limits
    }

    /// The inputs that ask for the next page; nil at the end.
    mutating func next(after output: CanonicalObject) throws(AWSError) -> [(name: String, value: JSONValue)]? {
        pages += 1
        guard let paginator else { return nil }
        let more = paginator.more.flatMap { output.first(at: $0)?.bool }
        if more == false { return nil }
        var inputs: [(name: String, value: JSONValue)] = []
        for (name, path) in zip(paginator.inputs, paginator.outputs) {
            guard let token = output.first(at: path), !token.isNull, token != .string("") else { continue }
            inputs.append((name, token))
        }
        if inputs.isEmpty {
            if more == true { throw AWSError(.malformed("the reply says that more follows, but has no token for it")) }
            return nil
        }
        let mark = inputs.map { "\($0.name)=\($0.value.text(canonical: true))" }.joined(separator: "&")
        guard seen.insert(mark).inserted else {
            throw AWSError(.malformed("page \(pages) has the token of an earlier page: the listing does not end"))
        }
        guard pages < limits.pages else { throw AWSError(.malformed("more than \(limits.pages) pages")) }
        return inputs
    }

    mutating func counted(items: Int) throws(AWSError) {
        empty = items == 0 ? empty + 1 : 0
        guard empty < limits.emptyPages else {
            throw AWSError(.malformed("\(empty) pages one after another without an item"))
        }
    }
}

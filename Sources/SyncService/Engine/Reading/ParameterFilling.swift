import JSON

/// What templates of an entry can read.
struct TemplateScope: Sendable {
    var place: ReadingPlace
    /// The scope's region, or the asset's own where it is known.
    var region: String
    var parent: JSONValue?
    /// The asset's configuration so far.
    var asset = CanonicalObject.empty
    var each: JSONValue?
    /// Enrichments that failed.
    var failed: Set<String> = []

    func read(_ path: FieldPath) -> Template.Outcome {
        if path.steps.count == 1 {
            switch path.head {
            case "account": return .value(.string(place.account))
            case "partition": return .value(.string(place.partition))
            case "region": return .value(.string(region))
            case "each": return Self.outcome(each)
            default: break
            }
        }
        switch path.head {
        case "parent":
            return Self.outcome(parent.flatMap { FieldPath(steps: Array(path.steps.dropFirst())).first(in: $0) })
        case "each": return Self.outcome(each.flatMap { FieldPath(steps: Array(path.steps.dropFirst())).first(in: $0) })
        case let head?:
            if failed.contains(head) { return .failed(head) }
            return Self.outcome(asset.first(at: path))
        case nil: return .absent
        }
    }

    private static func outcome(_ value: JSONValue?) -> Template.Outcome {
        guard let value, !value.isNull else { return .absent }
        return .value(value)
    }

    /// Fills all templates in a call's parameters.
    func fill(_ parameters: JSONValue) -> Template.Outcome {
        switch parameters {
        case .null, .bool, .number: return .value(parameters)
        case .string(let text):
            guard text.utf8.contains(where: Template.isBrace), let template = Template.known(text) else {
                return .value(parameters)
            }
            return template.fill(read)
        case .array(let items):
            var filled: [JSONValue] = []
            for item in items {
                guard case .value(let value) = fill(item) else { return fill(item) }
                filled.append(value)
            }
            return .value(.array(filled))
        case .object(let object):
            var filled = JSONObject()
            for (name, value) in object {
                guard case .value(let value) = fill(value) else { return fill(value) }
                filled[name] = value
            }
            return .value(.object(filled))
        }
    }

    /// Whether all conditions hold. A missing member is in no list.
    func holds(_ conditions: [ResourceType.Condition], of value: CanonicalObject) -> Bool {
        conditions.allSatisfy { condition in
            let found = value.first(at: condition.path)
            let isMember = condition.values.contains { wanted in
                guard case .value(let wanted) = fill(wanted) else { return false }
                return wanted == found
            }
            return isMember == condition.isMember
        }
    }
}

import JSON

extension CatalogueReader {
    func finish(
        _ item: ListedItem, chosen: RegionChoice
    ) async throws(ReadFailure) -> ItemOutcome {
        if let owner = type.identity.owner.flatMap({ item.item.first(at: $0) })?.string,
            !chosen.keeps(itemOf: owner, listedIn: scope.region)
        {
            return .elsewhere
        }
        var asset = AssetInProgress(item: item, templates: templates, scopeRegion: scope.region)
        let located = type.enrich.filter { $0.name == type.identity.regionCall }
        let others = type.enrich.filter { $0.name != type.identity.regionCall }
        for enrichment in located where try await !add(enrichment, to: &asset) { return .gone }
        locate(&asset)
        guard asset.region == scope.region || asset.region == Scope.global || chosen.contains(asset.region) else {
            return .elsewhere
        }
        for enrichment in others where try await !add(enrichment, to: &asset) { return .gone }
        return identified(asset)
    }

    // MARK: Calls

    /// Makes a call and adds its output. False: AWS says that the item is gone.
    private func add(
        _ enrichment: ResourceType.Enrichment, to asset: inout AssetInProgress
    ) async throws(ReadFailure) -> Bool {
        guard asset.templates.holds(enrichment.conditions, of: asset.templates.asset) else {
            asset.set(enrichment.name, Self.null)
            return true
        }
        let templates = asset.templates
        let answer: Answer
        if let path = enrichment.forEach {
            answer = await answers(enrichment, for: path, templates)
        } else {
            answer = await self.answer(enrichment, templates)
        }
        switch answer {
        case .output(let output): asset.set(enrichment.name, output)
        case .absent: asset.set(enrichment.name, Self.null)
        case .gone: return false
        case .cancelled: throw .cancelled
        case .gap(let code, let message): asset.fail(enrichment.name, code: code, message: message)
        }
        return true
    }

    private static let null = Array("null".utf8)

    /// What a call gave, as canonical JSON.
    private enum Answer {
        case output([UInt8])
        case absent
        case gone
        case cancelled
        case gap(code: String, message: String)
    }

    private func answer(_ enrichment: ResourceType.Enrichment, _ templates: TemplateScope) async -> Answer {
        let parameters: JSONValue
        switch templates.fill(enrichment.params) {
        case .value(let filled): parameters = filled
        case .absent: return .absent
        case .failed(let name):
            return .gap(code: "Parapet.Dependency", message: "\(name), which it depends on, was not answered")
        }
        let region = self.region(of: enrichment, templates)
        do throws(AWSError) {
            guard enrichment.per == .region else {
                return .output(
                    try await calls.output(enrichment.service, enrichment.operation, region: region, parameters))
            }
            let calls = calls
            let output = try await shared.output(of: enrichment.name) { () async throws(AWSError) in
                try await calls.call(enrichment.service, enrichment.operation, region: region, parameters)
            }
            return .output(matched(output, enrichment, templates.asset).bytes(canonical: true))
        } catch {
            if case .cancelled = error.kind { return .cancelled }
            if enrichment.absent.contains(error.code) { return .absent }
            if enrichment.gone.contains(error.code) { return .gone }
            return .gap(code: error.code, message: error.message)
        }
    }

    /// One call per element of a list; the outputs stand in `items`, in order.
    private func answers(
        _ enrichment: ResourceType.Enrichment, for path: FieldPath, _ templates: TemplateScope
    ) async -> Answer {
        if let head = path.head, templates.failed.contains(head) {
            return .gap(code: "Parapet.Dependency", message: "\(head), which it depends on, was not answered")
        }
        let found = templates.asset.values(at: path)
        // The path may name the list or, with `[]` at its end, the elements.
        let elements = found.count == 1 ? found[0].array ?? found : found
        var outputs: [[UInt8]] = []
        for element in elements where !element.isNull {
            var templates = templates
            templates.each = element
            switch await answer(enrichment, templates) {
            case .output(let output): outputs.append(output)
            case .absent: outputs.append(Self.null)
            case let other: return other
            }
        }
        return .output(Array("{\"items\":[".utf8) + outputs.joined(separator: [UInt8(ascii: ",")]) + Array("]}".utf8))
    }

    private func region(of enrichment: ResourceType.Enrichment, _ templates: TemplateScope) -> String {
        if case .value(let value)? = enrichment.region?.fill(templates.read), let region = value.string {
            return region
        }
        return templates.region
    }

    /// Of a shared output's list, the elements that belong to the item.
    private func matched(
        _ output: JSONValue, _ enrichment: ResourceType.Enrichment, _ asset: CanonicalObject
    ) -> JSONValue {
        guard let match = enrichment.match else { return output }
        let wanted = asset.first(at: match.item)
        var list = match.list
        if list.steps.last == .elements { list.steps.removeLast() }
        var output = output
        list.update(&output) { value in
            guard let elements = value.array else { return value }
            return .array(elements.filter { wanted != nil && match.element.first(in: $0) == wanted })
        }
        return output
    }

    // MARK: Identity

    /// Finds where the asset is. Where that could not be read it stays with its scope: it must not seem to be gone.
    private func locate(_ asset: inout AssetInProgress) {
        guard let template = type.identity.region else { return }
        var region: String?
        switch template.fill(asset.templates.read) {
        case .value(let value): region = value.string
        // S3 answers nothing for its oldest region.
        case .absent where type.identity.regionCall == "GetBucketLocation": region = "us-east-1"
        case .absent, .failed: break
        }
        guard let region, !region.isEmpty else { return }
        asset.region = region == "EU" && type.service == "s3" ? "eu-west-1" : region
        if asset.region != Scope.global { asset.templates.region = asset.region }
    }

    private static let masked = JSONValue.string(Redactor.mask).bytes()

    /// Puts documents in the place of the texts that hold them. False: one is cut, or a text of something else.
    private func parseDocuments(at path: FieldPath, of asset: inout AssetInProgress) -> Bool {
        var areAll = true
        asset.templates.asset.replace(at: path) { value in
            guard let text = (try? JSONValue(parsing: Array(value)))?.string, !text.isEmpty else { return nil }
            let document = EmbeddedJSON.document(Array(text.utf8))
            if document == nil { areAll = false }
            return document?.bytes(canonical: true)
        }
        return areAll
    }

    private func identified(_ asset: AssetInProgress) -> ItemOutcome {
        var asset = asset
        for path in type.jsonText where !parseDocuments(at: path, of: &asset) {
            let message = "\(path) is no JSON document"
            guard let call = type.enrich.first(where: { $0.name == path.head }) else {
                return .unidentified(
                    ReadFailure(.other, code: "Parapet.MalformedResponse", message: message, operation: operation))
            }
            asset.templates.asset.remove(call.name)
            asset.fail(call.name, code: "Parapet.MalformedResponse", message: message)
        }
        guard let id = asset.text(type.identity.id), let arn = asset.text(type.identity.arn) else {
            return .unidentified(
                ReadFailure(
                    .other, code: "Parapet.MalformedResponse", message: "an item has no id or ARN",
                    operation: operation))
        }
        let tags = type.identity.tags.map { TagText.tags(of: asset.templates.asset, at: $0) } ?? [:]
        let name = type.identity.name.flatMap { asset.text($0) } ?? tags["Name"] ?? id
        var configuration = asset.templates.asset
        for drop in type.drop {
            if drop.masks {
                configuration.replace(at: drop.path) { _ in Self.masked }
            } else {
                configuration.remove(at: drop.path)
            }
        }
        for path in type.unordered { configuration.sortLists(at: path) }
        return .asset(
            ObservedAsset(
                id: id, arn: arn, name: name, region: asset.region, tags: tags, configuration: configuration,
                gaps: asset.gaps))
    }
}

/// An asset while its calls are made.
struct AssetInProgress {
    var templates: TemplateScope
    /// Where it is, as far as known.
    var region: String
    var gaps: [AssetGap] = []

    init(item: ListedItem, templates: TemplateScope, scopeRegion: String) {
        self.templates = templates
        self.templates.asset = item.item
        self.templates.parent = item.parent
        region = scopeRegion
    }

    /// - Parameter value: Canonical JSON.
    mutating func set(_ name: String, _ value: [UInt8]) { templates.asset.set(name, value) }

    mutating func fail(_ name: String, code: String, message: String) {
        templates.failed.insert(name)
        gaps.append(AssetGap(call: name, code: code, message: message))
    }

    func text(_ template: Template) -> String? {
        guard case .value(let value) = template.fill(templates.read), let text = Template.text(value), !text.isEmpty
        else { return nil }
        return text
    }
}

/// Tags in the forms in which AWS's services write them.
enum TagText {
    static func tags(of object: CanonicalObject, at path: FieldPath) -> [String: String] {
        object.textPairs(at: path, "Key", "Value") ?? object.first(at: path).map(tags) ?? [:]
    }

    /// A list of `Key`/`Value` in any case, or of `TagKey`/`TagValue`, or a map.
    static func tags(_ value: JSONValue) -> [String: String] {
        var tags: [String: String] = [:]
        switch value {
        case .object(let object):
            for (name, value) in object { tags[name] = Template.text(value) ?? "" }
        case .array(let items):
            for item in items {
                guard let object = item.object else { continue }
                var key: String?
                var text = ""
                for (name, value) in object {
                    switch name.lowercased() {
                    case "key", "tagkey": key = value.string
                    case "value", "tagvalue": text = Template.text(value) ?? ""
                    default: break
                    }
                }
                if let key { tags[key] = text }
            }
        default: break
        }
        return tags
    }
}

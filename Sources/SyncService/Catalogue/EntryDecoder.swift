import JSON

/// Reads one entry of the catalogue; the shapes are held against it afterwards (``EntryChecker``).
struct EntryDecoder {
    let file: String
    private let root: JSONObject
    private var service = ""

    init(file: String, _ value: JSONValue) throws(CatalogueError) {
        self.file = file
        guard let root = value.object else { throw CatalogueError(file: file, field: "", rule: "must be an object") }
        self.root = root
    }

    func wrong(_ field: String, _ rule: String) -> CatalogueError {
        CatalogueError(file: file, field: field, rule: rule)
    }

    mutating func entry() throws(CatalogueError) -> ResourceType {
        try only(
            root,
            [
                "type", "title", "service", "scope", "list", "identity", "enrich", "json_text", "drop", "unordered",
                "columns", "tables", "iam_actions", "notes",
            ], "")
        let type = try text(root, "type", "")
        guard Self.isWords(type) else { throw wrong("type", "lower-case words joined by _") }
        service = try text(root, "service", "")
        guard let scope = ResourceType.Scope(rawValue: try text(root, "scope", "")) else {
            throw wrong("scope", "global or regional")
        }
        let enrich = try enrichments()
        let calls = Set(enrich.map(\.name))
        return ResourceType(
            type: type, title: try text(root, "title", ""), service: service, scope: scope, list: try listing(),
            identity: try identity(calls), enrich: enrich, jsonText: try paths(root, "json_text", ""),
            drop: try drops(), unordered: try paths(root, "unordered", ""),
            columns: try columns(root, "columns", calls), tables: try tables(calls),
            iamActions: try actions(), notes: root["notes"]?.string ?? "")
    }

    // MARK: Parts

    private func listing() throws(CatalogueError) -> ResourceType.Listing {
        let object = try self.object(root, "list", "")
        try only(
            object,
            [
                "service", "operation", "params", "items", "carry", "passes", "parent", "absent", "gone", "unavailable",
                "singleton", "where", "region", "prepare", "decode", "notes",
            ], "list")
        let params = object["params"] ?? .object(JSONObject())
        guard params.object != nil else { throw wrong("list.params", "must be an object") }
        let (plan, fromParent) = try items(object)
        let singleton = object["singleton"]?.bool ?? false
        if singleton, !plan.isSingle { throw wrong("list.singleton", "needs \"items\": \"\"") }
        var passes: [JSONObject] = []
        for pass in object["passes"]?.array ?? [] {
            guard let pass = pass.object else { throw wrong("list.passes", "a list of objects") }
            passes.append(pass)
        }
        return ResourceType.Listing(
            service: object["service"]?.string ?? service, operation: try text(object, "operation", "list"),
            params: params, items: plan, carryFromParent: fromParent, passes: passes.isEmpty ? [JSONObject()] : passes,
            parents: try strings(object, "parent", "list"), absent: try codes(object, "absent", "list"),
            gone: try codes(object, "gone", "list"), unavailable: try codes(object, "unavailable", "list"),
            singleton: singleton, conditions: try conditions(object, "where", "list"),
            region: object["region"]?.string, prepare: try preparation(object), csv: try csv(object))
    }

    private func items(_ object: JSONObject) throws(CatalogueError) -> (ItemsPlan, [String: Template]) {
        var plan = ItemsPlan(paths: [])
        for text in try strings(object, "items", "list") where !text.isEmpty {
            guard let one = ItemsPlan(text) else { throw wrong("list.items", "\(text) is no path that ends with []") }
            plan.paths += one.paths
        }
        var fromParent: [String: Template] = [:]
        for entry in object["carry"]?.object ?? JSONObject() {
            let field = "list.carry.\(entry.name)"
            guard let text = entry.value.string else { throw wrong(field, "a path, or a template of the parent") }
            if text.contains("{") {
                guard let template = Template(text) else { throw wrong(field, "\(text) is no template") }
                fromParent[entry.name] = template
            } else {
                guard let path = FieldPath(text), !path.steps.isEmpty else { throw wrong(field, "\(text) is no path") }
                plan.carry[entry.name] = path
            }
        }
        return (plan, fromParent)
    }

    private func preparation(_ object: JSONObject) throws(CatalogueError) -> ResourceType.Preparation? {
        guard let prepare = object["prepare"]?.object else { return nil }
        try only(prepare, ["operation", "until"], "list.prepare")
        guard let until = prepare["until"]?.object, !until.isEmpty else {
            throw wrong("list.prepare.until", "an object of members and their values")
        }
        return ResourceType.Preparation(operation: try text(prepare, "operation", "list.prepare"), until: until)
    }

    private func csv(_ object: JSONObject) throws(CatalogueError) -> [String] {
        var names: [String] = []
        for entry in object["decode"]?.object ?? JSONObject() {
            guard entry.value == "csv" else { throw wrong("list.decode.\(entry.name)", "csv is the one form") }
            names.append(entry.name)
        }
        return names
    }

    private func identity(_ calls: Set<String>) throws(CatalogueError) -> ResourceType.Identity {
        let object = try self.object(root, "identity", "")
        try only(object, ["id", "name", "arn", "region", "owner", "tags"], "identity")
        guard let id = try template(object, "id", "identity"), let arn = try template(object, "arn", "identity") else {
            throw wrong("identity", "id and arn are required")
        }
        let region = try template(object, "region", "identity")
        func path(_ name: String) throws(CatalogueError) -> FieldPath? {
            guard let text = object[name]?.string else { return nil }
            guard let path = FieldPath(text) else { throw wrong("identity.\(name)", "\(text) is no path") }
            return path
        }
        return ResourceType.Identity(
            id: id, arn: arn, name: try template(object, "name", "identity"), region: region,
            owner: try path("owner"), tags: try path("tags"),
            regionCall: region?.paths.compactMap(\.head).first { calls.contains($0) })
    }

    private func enrichments() throws(CatalogueError) -> [ResourceType.Enrichment] {
        var all: [ResourceType.Enrichment] = []
        for (number, value) in (root["enrich"]?.array ?? []).enumerated() {
            let field = "enrich[\(number)]"
            guard let object = value.object else { throw wrong(field, "must be an object") }
            try only(
                object,
                [
                    "name", "service", "operation", "params", "per", "match", "for_each", "when", "absent", "gone",
                    "region", "notes",
                ], field)
            let operation = try text(object, "operation", field)
            let name = object["name"]?.string ?? operation
            if all.contains(where: { $0.name == name }) { throw wrong("\(field).name", "\(name) occurs twice") }
            guard let per = ResourceType.Enrichment.Per(rawValue: object["per"]?.string ?? "item") else {
                throw wrong("\(field).per", "item or region")
            }
            let params = object["params"] ?? .object(JSONObject())
            guard params.object != nil else { throw wrong("\(field).params", "must be an object") }
            var forEach: FieldPath?
            if let text = object["for_each"]?.string {
                guard var path = FieldPath(text), !path.steps.isEmpty else {
                    throw wrong("\(field).for_each", "\(text) is no path")
                }
                if path.steps.last != .elements { path.steps.append(.elements) }
                forEach = path
            }
            all.append(
                ResourceType.Enrichment(
                    name: name, service: object["service"]?.string ?? service, operation: operation, params: params,
                    per: per, match: try match(object, field), forEach: forEach,
                    conditions: try conditions(object, "when", field), absent: try codes(object, "absent", field),
                    gone: try codes(object, "gone", field), region: try template(object, "region", field)))
        }
        return all
    }

    private func match(_ object: JSONObject, _ field: String) throws(CatalogueError) -> ResourceType.Match? {
        guard let match = object["match"]?.object else { return nil }
        try only(match, ["list", "where", "equals"], "\(field).match")
        guard let list = FieldPath(try text(match, "list", "\(field).match")), list.steps.last == .elements,
            let element = FieldPath(try text(match, "where", "\(field).match")),
            let item = FieldPath(try text(match, "equals", "\(field).match"))
        else { throw wrong("\(field).match", "list (a path that ends with []), where and equals") }
        return ResourceType.Match(list: list, element: element, item: item)
    }

    private func conditions(
        _ object: JSONObject, _ name: String, _ field: String
    ) throws(CatalogueError) -> [ResourceType.Condition] {
        var all: [ResourceType.Condition] = []
        for value in object[name]?.array ?? [] {
            let inside = value["in"]?.array
            guard let condition = value.object, let text = condition["path"]?.string, let path = FieldPath(text),
                let values = inside ?? condition["not_in"]?.array, condition.count == 2
            else { throw wrong("\(field).\(name)", "each has path, and in or not_in") }
            all.append(ResourceType.Condition(path: path, values: values, isMember: inside != nil))
        }
        return all
    }

    private func drops() throws(CatalogueError) -> [ResourceType.Drop] {
        var all: [ResourceType.Drop] = []
        for text in try strings(root, "drop", "") {
            let masks = text.hasSuffix("=")
            guard let path = FieldPath(masks ? String(text.dropLast()) : text), !path.steps.isEmpty else {
                throw wrong("drop", "\(text) is no path")
            }
            all.append(ResourceType.Drop(path: path, masks: masks))
        }
        return all
    }

    private func columns(
        _ object: JSONObject, _ field: String, _ calls: Set<String>
    ) throws(CatalogueError) -> [ResourceType.Column] {
        guard let values = object["columns"]?.array else { throw wrong(field, "a list is required") }
        var all: [ResourceType.Column] = []
        for value in values {
            guard let column = value.object else { throw wrong(field, "each is an object") }
            try only(column, ["name", "type", "path", "description"], field)
            let name = try text(column, "name", field)
            let here = "\(field).\(name)"
            guard Self.isWords(name), !Self.reserved.contains(name) else {
                throw wrong(here, "lower-case words joined by _, and none of \(Self.reserved.sorted())")
            }
            if all.contains(where: { $0.name == name }) { throw wrong(here, "occurs twice") }
            guard let kind = ResourceType.Column.Kind(rawValue: try text(column, "type", here)) else {
                throw wrong(here, "type: text, integer, real, boolean, json or time")
            }
            let path = try text(column, "path", here)
            guard let parsed = FieldPath(sqlite: path) else { throw wrong(here, "\(path) is no path of SQLite's form") }
            all.append(
                ResourceType.Column(
                    name: name, kind: kind, path: path, description: try text(column, "description", here),
                    call: parsed.head.flatMap { calls.contains($0) ? $0 : nil }))
        }
        return all
    }

    /// Columns that every table has by itself.
    static let reserved: Set<String> = ["account_id", "region", "arn", "id", "name", "tags", "position"]

    private func tables(_ calls: Set<String>) throws(CatalogueError) -> [ResourceType.Table] {
        var all: [ResourceType.Table] = []
        for (number, value) in (root["tables"]?.array ?? []).enumerated() {
            let field = "tables[\(number)]"
            guard let table = value.object else { throw wrong(field, "must be an object") }
            try only(table, ["name", "rows", "columns", "description"], field)
            let rows = try text(table, "rows", field)
            guard let path = FieldPath(sqlite: rows), Self.isWords(try text(table, "name", field)) else {
                throw wrong(field, "a name of lower-case words, and rows in SQLite's form")
            }
            let call = path.head.flatMap { calls.contains($0) ? $0 : nil }
            var columns = try columns(table, "\(field).columns", [])
            for index in columns.indices { columns[index].call = call }
            all.append(
                ResourceType.Table(name: try text(table, "name", field), rows: rows, columns: columns, call: call))
        }
        return all
    }

    private func actions() throws(CatalogueError) -> [String] {
        let actions = try strings(root, "iam_actions", "")
        for action in actions {
            let parts = action.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2,
                parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } })
            else { throw wrong("iam_actions", "\(action) is not service:Action") }
        }
        return actions
    }

    // MARK: Values

    private func only(_ object: JSONObject, _ names: Set<String>, _ field: String) throws(CatalogueError) {
        for member in object where !names.contains(member.name) {
            throw wrong(field.isEmpty ? member.name : "\(field).\(member.name)", "is no member of an entry")
        }
    }

    private func text(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> String {
        guard let text = object[name]?.string, !text.isEmpty else {
            throw wrong(field.isEmpty ? name : "\(field).\(name)", "a text is required")
        }
        return text
    }

    private func object(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> JSONObject {
        guard let found = object[name]?.object else { throw wrong(name, "an object is required") }
        return found
    }

    /// One text, or a list of them; none where the member is missing.
    private func strings(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> [String] {
        guard let value = object[name] else { return [] }
        if let text = value.string { return [text] }
        var texts: [String] = []
        for item in value.array ?? [.null] {
            guard let text = item.string else {
                throw wrong(field.isEmpty ? name : "\(field).\(name)", "a list of texts")
            }
            texts.append(text)
        }
        return texts
    }

    private func paths(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> [FieldPath] {
        var paths: [FieldPath] = []
        for text in try strings(object, name, field) {
            guard let path = FieldPath(text), !path.steps.isEmpty else { throw wrong(name, "\(text) is no path") }
            paths.append(path)
        }
        return paths
    }

    private func codes(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> Set<String> {
        let codes = Set(try strings(object, name, field))
        for code in codes
        where AWSError(.service(code: code, message: "", httpStatus: 400)).isAccessDenied
            || ErrorReader.throttlingCodes.contains(code)
        {
            throw wrong("\(field).\(name)", "\(code) never means that something is not there")
        }
        return codes
    }

    /// A path, or a text with braces.
    private func template(_ object: JSONObject, _ name: String, _ field: String) throws(CatalogueError) -> Template? {
        guard let text = object[name]?.string else { return nil }
        // A path holds no blank: such a text stands for itself.
        let source = text.contains { $0 == "{" || $0 == " " } ? text : "{\(text)}"
        guard let template = Template(source) else { throw wrong("\(field).\(name)", "\(text) is no path or format") }
        return template
    }

    private static func isWords(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
    }
}

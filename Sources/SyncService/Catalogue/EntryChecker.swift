import JSON

/// What a member of an asset's configuration looks like.
indirect enum Form: Sendable {
    /// Anything: JSON out of a text, a document, a CSV column.
    case any
    case shape(ServiceModel, Int)
    case list(Form)
    /// Named members over those of another form.
    case object([String: Form], over: Form?)

    /// What is reached from here by a step; nil where there is no such member.
    func step(_ step: FieldPath.Step) -> Form? {
        switch self {
        case .any: return .any
        case .list(let element): return step == .elements || step.isIndex ? element : nil
        case .object(let members, let over):
            if case .member(let name) = step, let member = members[name] { return member }
            return over?.step(step)
        case .shape(let model, let number):
            let shape = model.shapes[number]
            if shape.isDocument { return .any }
            switch (shape.kind, step) {
            case (.structure, .member(let name)): return shape.member(name).map { .shape(model, $0.shape) }
            case (.list, .elements), (.list, .index), (.map, .values), (.map, .member):
                return shape.element.map { .shape(model, $0.shape) }
            default: return nil
            }
        }
    }

    func walk(_ path: FieldPath) -> Form? {
        var form = self
        for step in path.steps {
            guard let next = form.step(step) else { return nil }
            form = next
        }
        return form
    }

    /// The kind of a shape; nil for what is no shape.
    var kind: Shape.Kind? {
        if case .shape(let model, let number) = self, !model.shapes[number].isDocument {
            model.shapes[number].kind
        } else {
            nil
        }
    }
}

extension FieldPath.Step {
    fileprivate var isIndex: Bool { if case .index = self { true } else { false } }
}

/// Holds an entry against the shapes: operations, their inputs, and every path.
struct EntryChecker {
    let entry: ResourceType
    let file: String
    let shapes: ShapeStore

    private func wrong(_ field: String, _ rule: String) -> CatalogueError {
        CatalogueError(file: file, field: field, rule: rule)
    }

    func check() throws(CatalogueError) {
        let item = try listing()
        var members: [String: Form] = [:]
        for name in entry.list.carryFromParent.keys { members[name] = .any }
        for (name, path) in entry.list.items.carry {
            let (model, operation) = try self.operation(entry.list.service, entry.list.operation, "list")
            guard let source = Form.shape(model, operation.output ?? 0).walk(path) else {
                throw wrong("list.carry.\(name)", "\(path.text) is not in the output of \(operation.name)")
            }
            members[name] = source
        }
        for (number, call) in entry.enrich.enumerated() {
            if item.step(.member(call.name)) != nil, !isAny(item) {
                throw wrong("enrich[\(number)].name", "\(call.name) is a member of the item already")
            }
            members[call.name] = try enrichment(call, number, .object(members, over: item))
        }
        let asset = Form.object(members, over: item)
        try identity(asset)
        for (name, paths) in [
            ("json_text", entry.jsonText), ("unordered", entry.unordered), ("drop", entry.drop.map(\.path)),
        ] {
            for path in paths where resolve(path, asset) == nil {
                throw wrong(name, "\(path.text) is not in the asset")
            }
        }
        try columns(entry.columns, "columns", asset, prefix: FieldPath(steps: []))
        for (number, table) in entry.tables.enumerated() {
            guard let rows = FieldPath(sqlite: table.rows), let form = resolve(rows, asset),
                let row = form.step(.elements)
            else { throw wrong("tables[\(number)].rows", "\(table.rows) is no list of the asset") }
            try columns(table.columns, "tables[\(number)].columns", row, prefix: rows)
        }
        guard !entry.iamActions.isEmpty || entry.service == "sts" else {
            throw wrong("iam_actions", "a list is required")
        }
    }

    private func isAny(_ form: Form) -> Bool { if case .any = form { true } else { false } }

    // MARK: Calls

    private func operation(
        _ service: String, _ name: String, _ field: String
    ) throws(CatalogueError) -> (ServiceModel, ServiceModel.Operation) {
        if let objection = DataPlane.objection(service: service, operation: name) {
            throw wrong("\(field).operation", objection)
        }
        let model = try shapes.model(service)
        guard let operation = model.operations[name] else {
            throw wrong("\(field).operation", "\(service) has no operation \(name) (after a change: `make catalogue`)")
        }
        return (model, operation)
    }

    /// The form of an item.
    private func listing() throws(CatalogueError) -> Form {
        let (model, operation) = try self.operation(entry.list.service, entry.list.operation, "list")
        if let prepare = entry.list.prepare {
            _ = try self.operation(entry.list.service, prepare.operation, "list.prepare")
        }
        for pass in entry.list.passes {
            var params = entry.list.params.object ?? JSONObject()
            for member in pass { params[member.name] = member.value }
            try inputs(params, operation, model, "list.params", readable: nil)
        }
        guard let output = operation.output else { throw wrong("list.operation", "\(operation.name) has no output") }
        let whole = Form.shape(model, output)
        var item: Form?
        for path in entry.list.items.paths {
            if let head = path.head, entry.list.csv.contains(head) {
                item = .any
            } else if let form = whole.walk(path) {
                // Of several lists the first says what an item looks like; the others' members are not refused.
                item = item == nil ? form : .any
            } else {
                throw wrong("list.items", "\(path.text) is not in the output of \(operation.name)")
            }
        }
        if let item, let kind = item.kind, kind != .structure { return .object(["value": item], over: nil) }
        return item ?? whole
    }

    /// - Parameter readable: What templates may read; nil: the scope and the parent alone.
    private func inputs(
        _ params: JSONObject, _ operation: ServiceModel.Operation, _ model: ServiceModel, _ field: String,
        readable: Form?
    ) throws(CatalogueError) {
        let shape = operation.input.map { model.shapes[$0] }
        for member in params {
            guard shape?.index(ofMember: member.name) != nil else {
                throw wrong("\(field).\(member.name)", "\(operation.name) has no such input")
            }
            try templates(member.value, "\(field).\(member.name)", readable)
        }
        for name in shape?.required ?? [] where params[name] == nil {
            throw wrong(field, "\(operation.name) requires \(name)")
        }
    }

    private func templates(_ value: JSONValue, _ field: String, _ readable: Form?) throws(CatalogueError) {
        switch value {
        case .string(let text):
            guard let template = Template(text) else { throw wrong(field, "\(text) is no template") }
            for path in template.paths { try self.readable(path, readable, field) }
        case .array(let items): for item in items { try templates(item, field, readable) }
        case .object(let object): for member in object { try templates(member.value, field, readable) }
        case .null, .bool, .number: break
        }
    }

    private func readable(_ path: FieldPath, _ form: Form?, _ field: String) throws(CatalogueError) {
        if ["account", "region", "partition"].contains(path.text) { return }
        if path.head == "parent", !entry.list.parents.isEmpty { return }
        guard let form, resolve(path, form) != nil else {
            throw wrong(field, "{\(path.text)} is not in what is known at this call")
        }
    }

    private func enrichment(_ call: ResourceType.Enrichment, _ number: Int, _ known: Form) throws(CatalogueError)
        -> Form
    {
        let field = "enrich[\(number)]"
        let (model, operation) = try self.operation(call.service, call.operation, field)
        var readable = known
        if let path = call.forEach {
            guard let element = resolve(path, known) else {
                throw wrong("\(field).for_each", "\(path.text) is not in what is known at this call")
            }
            readable = .object(["each": element], over: known)
        }
        try inputs(
            call.params.object ?? JSONObject(), operation, model, "\(field).params",
            readable: call.per == .region ? nil : readable)
        guard let output = operation.output else { return .any }
        let form = Form.shape(model, output)
        if let match = call.match {
            guard let element = form.walk(match.list), element.walk(match.element) != nil,
                resolve(match.item, known) != nil
            else { throw wrong("\(field).match", "list, where or equals names no member") }
        }
        return call.forEach == nil ? form : .object(["items": .list(form)], over: nil)
    }

    // MARK: Paths

    private func identity(_ asset: Form) throws(CatalogueError) {
        let identity = entry.identity
        for (name, template) in [
            ("id", identity.id), ("arn", identity.arn), ("name", identity.name), ("region", identity.region),
        ] {
            for path in template?.paths ?? [] { try readable(path, asset, "identity.\(name)") }
        }
        for (name, path) in [("owner", identity.owner), ("tags", identity.tags)] {
            if let path, resolve(path, asset) == nil {
                throw wrong("identity.\(name)", "\(path.text) is not in the asset")
            }
        }
    }

    /// As `walk`, but what is inside a text that holds JSON is anything.
    private func resolve(_ path: FieldPath, _ form: Form) -> Form? {
        for text in entry.jsonText where path.steps.count > text.steps.count {
            let inside = zip(text.steps, path.steps).allSatisfy { $0 == $1 || ($0 == .elements && $1.isIndex) }
            if inside { return .any }
        }
        return form.walk(path)
    }

    private func columns(
        _ columns: [ResourceType.Column], _ field: String, _ form: Form, prefix: FieldPath
    ) throws(CatalogueError) {
        for column in columns {
            let path = FieldPath(sqlite: column.path) ?? FieldPath(steps: [])
            let here = "\(field).\(column.name)"
            let whole = FieldPath(steps: prefix.steps + (prefix.steps.isEmpty ? [] : [.elements]) + path.steps)
            let isText = entry.jsonText.contains { $0 == whole }
            let found = prefix.steps.isEmpty ? resolve(path, form) : resolve(whole, .any) == nil ? nil : form.walk(path)
            guard let found else { throw wrong(here, "\(column.path) is not in the asset") }
            guard let kind = found.kind, !isText else { continue }
            guard Self.fits(kind, column.kind) else {
                throw wrong(here, "\(column.path) is a \(kind), which is no \(column.kind)")
            }
        }
    }

    private static func fits(_ kind: Shape.Kind, _ column: ResourceType.Column.Kind) -> Bool {
        switch (kind, column) {
        // Maps of attributes carry numbers and booleans as text.
        case (.string, _): true
        case (.integer, .integer), (.long, .integer), (.integer, .real), (.long, .real): true
        case (.float, .real), (.double, .real), (.boolean, .boolean), (.timestamp, .time), (.blob, .text): true
        case (.structure, .json), (.list, .json), (.map, .json): true
        default: false
        }
    }
}

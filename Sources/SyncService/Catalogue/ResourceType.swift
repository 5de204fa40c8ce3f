import JSON

/// A resource type: one entry of the catalogue. `docs/adding-a-resource-type.md` has the meaning of every member.
struct ResourceType: Sendable {
    enum Scope: String, Sendable { case global, regional }

    var type: String
    var title: String
    var service: String
    var scope: Scope
    var list: Listing
    var identity: Identity
    var enrich: [Enrichment]
    var jsonText: [FieldPath]
    var drop: [Drop]
    var unordered: [FieldPath]
    var columns: [Column]
    var tables: [Table]
    /// IAM actions, `service:Action`.
    var iamActions: [String]
    var notes: String

    struct Listing: Sendable {
        var service: String
        var operation: String
        /// An object; its strings may be templates.
        var params: JSONValue
        var items: ItemsPlan
        /// Members taken over from the parent, each a template.
        var carryFromParent: [String: Template]
        /// Laid over `params`, one reading each; never empty.
        var passes: [JSONObject]
        /// Types read first, one listing for each of their assets; empty for most.
        var parents: [String]
        var absent: Set<String>
        var gone: Set<String>
        var unavailable: Set<String>
        var singleton: Bool
        var conditions: [Condition]
        /// Nil: the scope's region, or the partition's home region.
        var region: String?
        var prepare: Preparation?
        /// Members of the reply that are CSV text in base64.
        var csv: [String]
    }

    struct Preparation: Sendable {
        var operation: String
        /// Repeated until each member of the output has its value.
        var until: JSONObject
    }

    struct Condition: Sendable {
        var path: FieldPath
        var values: [JSONValue]
        /// False: `not_in`.
        var isMember: Bool
    }

    struct Identity: Sendable {
        var id: Template
        var arn: Template
        var name: Template?
        var region: Template?
        /// The region that an item listed in several regions belongs to.
        var owner: FieldPath?
        var tags: FieldPath?
        /// The enrichment that `region` reads, to be made first.
        var regionCall: String?
    }

    struct Enrichment: Sendable {
        enum Per: String, Sendable { case item, region }

        var name: String
        var service: String
        var operation: String
        var params: JSONValue
        var per: Per
        var match: Match?
        var forEach: FieldPath?
        var conditions: [Condition]
        var absent: Set<String>
        var gone: Set<String>
        var region: Template?
    }

    struct Match: Sendable {
        /// The list in the output.
        var list: FieldPath
        /// The member of an element, and the path of the item, that must be equal.
        var element: FieldPath
        var item: FieldPath
    }

    struct Drop: Sendable {
        var path: FieldPath
        /// True: each value is replaced by `"***"`; false: it is removed.
        var masks: Bool
    }

    struct Column: Sendable, Equatable {
        enum Kind: String, Sendable, CaseIterable { case text, integer, real, boolean, json, time }

        var name: String
        var kind: Kind
        /// SQLite's form.
        var path: String
        var description: String
        /// The call that the value comes from: an enrichment's name, or nil for the listing.
        var call: String?
    }

    struct Table: Sendable, Equatable {
        var name: String
        /// SQLite's form, of a list.
        var rows: String
        var columns: [Column]
        var call: String?
    }
}

extension ResourceType {
    /// Every operation that reading this type calls.
    var operations: [(service: String, operation: String)] {
        var all = [(list.service, list.operation)]
        if let prepare = list.prepare { all.append((list.service, prepare.operation)) }
        return all + enrich.map { ($0.service, $0.operation) }
    }
}

@testable import AssessmentService

/// A schema as small as the tests of the evaluation can do with.
enum SmallSchema {
    static func make() throws -> ReplicaSchema {
        func column(_ name: String, _ kind: ColumnKind = .text, call: String? = nil) -> ReplicaColumn {
            ReplicaColumn(name: name, kind: kind, path: "$." + (call.map { $0 + "." } ?? "") + name, call: call)
        }
        let bucket = ReplicaType(
            name: "aws_bucket", isGlobal: true,
            columns: [
                column("title"), column("versioning", call: "GetVersioning"),
                column("public", .boolean, call: "GetStatus"),
                column("target", call: "GetLogging"),
            ], calls: ["GetVersioning", "GetStatus", "GetLogging"])
        let group = ReplicaType(
            name: "aws_group", isGlobal: false, columns: [column("group_id"), column("vpc_id")],
            children: [
                ReplicaChildTable(
                    name: "aws_group_rule", rows: "$.GetRules.rules", call: "GetRules",
                    columns: [
                        ReplicaColumn(name: "port", kind: .integer, path: "$.port"),
                        ReplicaColumn(name: "open", kind: .boolean, path: "$.open"),
                    ])
            ], calls: ["GetRules"])
        let instance = ReplicaType(
            name: "aws_instance", isGlobal: false,
            columns: [column("group_id"), column("state"), column("protected", .boolean, call: "GetAttribute")],
            calls: ["GetAttribute"])
        let settings = ReplicaType(
            name: "aws_settings", isGlobal: true, columns: [column("block", .boolean, call: "GetBlock")],
            calls: ["GetBlock"])
        return try ReplicaSchema(types: [bucket, group, instance, settings], hash: "small")
    }
}

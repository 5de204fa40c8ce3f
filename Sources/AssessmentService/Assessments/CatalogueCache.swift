import API
import RPC
import Synchronization

/// The newest schema that the sync service has told, and what is wrong with controls under it.
final class CatalogueCache: Sendable {
    /// What a schema makes of a control.
    struct Check: Sendable, Equatable {
        var tables: [String] = []
        var problem = ""
    }

    private struct State {
        var schema: ReplicaSchema?
        var checks: [String: Check] = [:]
    }

    private let state = Mutex(State())
    private let registry: ControlRegistry

    init(registry: ControlRegistry) { self.registry = registry }

    /// Asks the sync service; a schema that is known already costs only the call.
    func refresh(_ source: any SyncSource) async throws -> ReplicaSchema {
        let response = try await source.resourceTypes()
        if let known = state.withLock({ $0.schema }), known.hash == response.schemaHash { return known }
        let schema = try ReplicaSchema(response)
        let checks = try Self.check(registry, schema)
        state.withLock { $0 = State(schema: schema, checks: checks) }
        return schema
    }

    /// nil before a schema is known.
    func check(_ id: String) -> Check? { state.withLock { $0.checks[id] } }

    var isEmpty: Bool { state.withLock { $0.schema == nil } }

    private static func check(
        _ registry: ControlRegistry, _ schema: ReplicaSchema
    ) throws(EvaluationError) -> [String: Check] {
        let checker = try ControlChecker(schema)
        var checks: [String: Check] = [:]
        for control in registry.controls where control.problem == nil {
            do throws(EvaluationError) {
                let program = try checker.program(sql: control.sql, resourceType: control.resourceType)
                checks[control.id] = Check(tables: program.tables)
            } catch {
                checks[control.id] = Check(problem: error.description)
            }
        }
        return checks
    }
}

import API

extension ReplicaSchema {
    /// - Throws: `replica` for a schema that no replica can be made of.
    init(_ response: ListResourceTypesResponse) throws(EvaluationError) {
        try self.init(types: response.resourceTypes.map(ReplicaType.init), hash: response.schemaHash)
    }
}

extension ReplicaType {
    init(_ type: ResourceType) {
        self.init(
            name: type.name, isGlobal: type.global, columns: type.columns.map(ReplicaColumn.init),
            children: type.childTables.map { table in
                ReplicaChildTable(
                    name: table.name, rows: table.rows, call: table.call.isEmpty ? nil : table.call,
                    columns: table.columns.map(ReplicaColumn.init))
            }, calls: type.calls)
    }
}

extension ReplicaColumn {
    init(_ column: Column) {
        self.init(
            name: column.name, kind: ColumnKind(column.type), path: column.path,
            call: column.call.isEmpty ? nil : column.call)
    }
}

extension ColumnKind {
    init(_ type: ColumnType) {
        self =
            switch type {
            case .integer: .integer
            case .real: .real
            case .boolean: .boolean
            case .json: .json
            case .time: .time
            default: .text
            }
    }
}

extension ReplicaBatch {
    init(_ response: StreamAssetsResponse) {
        self.init(
            assets: response.assets.map(ReplicaAsset.init), coverage: response.coverage.map(ScopeCoverage.init),
            change: response.change, epoch: response.epoch, isComplete: response.complete)
    }
}

extension ReplicaAsset {
    init(_ asset: Asset) {
        self.init(
            type: asset.resourceType, arn: asset.arn, region: asset.region, scope: asset.scope, id: asset.resourceId,
            name: asset.name, tags: asset.tags, configuration: asset.configuration,
            gaps: asset.gaps.map { AssetGap(call: $0.call, code: $0.code, message: $0.message) },
            isStale: asset.stale, change: asset.change, isDeleted: asset.deleted)
    }
}

extension ScopeCoverage {
    init(_ coverage: Coverage) {
        // Where a region is not enabled there can be nothing: that is complete knowledge.
        let isComplete = coverage.state == .complete || coverage.state == .regionDisabled
        self.init(
            type: coverage.resourceType, region: coverage.region, isComplete: isComplete, code: coverage.code,
            message: coverage.message)
    }
}

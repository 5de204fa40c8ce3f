/// What the catalogue must never call: operations that return customers' data or secrets, or change anything.
enum DataPlane {
    /// By name, whatever the service.
    static let operations: Set<String> = [
        "GetObject", "SelectObjectContent", "ListObjects", "ListObjectsV2", "ListObjectVersions", "HeadObject",
        "GetObjectAttributes", "GetObjectTorrent", "GetObjectAcl", "GetItem", "BatchGetItem", "Query", "Scan",
        "ExecuteStatement", "BatchExecuteStatement", "TransactGetItems", "GetRecords", "GetShardIterator",
        "SubscribeToShard", "GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters",
        "GetParametersByPath", "GetParameterHistory", "GetLogEvents", "FilterLogEvents", "StartQuery", "GetLogRecord",
        "GetQueryResults", "LookupEvents", "ReceiveMessage", "Decrypt", "ReEncrypt", "GenerateDataKey",
        "GenerateDataKeyPair", "GenerateDataKeyWithoutPlaintext", "GenerateRandom", "Invoke", "InvokeModel",
        "InvokeAgent", "Retrieve", "Converse", "GetFunction", "GetLayerVersion", "ExportCertificate",
        "GetPasswordData", "GetConsoleOutput", "GetConsoleScreenshot", "GetAuthorizationToken", "BatchGetImage",
        "GetDownloadUrlForLayer", "GetExportedReport", "GetCredentials", "GetSessionToken", "GetFederationToken",
        "GetBlob", "GetFile", "GetFolder", "DownloadDBLogFilePortion", "GetTable", "GetQueryExecution",
        "GetCredentialsForIdentity", "GetId", "GetOpenIdToken", "GetMetricData", "GetMetricStatistics",
        "GetTraceSummaries", "BatchGetTraces", "SearchTranscripts", "GetTemplate", "GetSnapshotBlock",
        "ListSnapshotBlocks", "GetJobOutput", "AdminGetUser", "ListUsersInGroup", "GetClusterCredentials",
        "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity",
    ]

    /// How the names of operations that only read begin.
    static let readVerbs = ["List", "Describe", "Get", "BatchGet"]

    /// Makes a report of what may be read anyway, and nothing that lasts: the one exception.
    static let exceptions: Set<String> = ["iam:GenerateCredentialReport"]

    /// Why an operation must not be in the catalogue; nil for one that may.
    static func objection(service: String, operation: String) -> String? {
        if exceptions.contains("\(service):\(operation)") { return nil }
        if operations.contains(operation) { return "\(operation) returns data or secrets" }
        if service == "cognito-idp", operation == "ListUsers" { return "\(operation) returns people's data" }
        if !readVerbs.contains(where: { operation.hasPrefix($0) }) { return "\(operation) does not only read" }
        return nil
    }
}

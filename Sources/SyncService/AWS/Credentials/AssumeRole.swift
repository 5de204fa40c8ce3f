/// Assumes a role by STS.
struct AssumeRole: Sendable {
    let client: AWSClient
    /// The service's own credentials.
    let source: any CredentialsProvider

    /// New credentials of a role.
    ///
    /// - Parameters:
    ///   - externalID: Sent if given. It occurs in no error: AWS's messages are kept only if they do not hold it.
    ///   - sessionName: Shown in CloudTrail; 2 to 64 of `[\w+=,.@-]`.
    ///   - region: Whose STS endpoint is asked.
    ///   - duration: 15 minutes to 12 hours; by a role that was itself assumed, an hour at most.
    func assume(
        roleARN: String, externalID: String?, sessionName: String, region: String, duration: Duration = .seconds(3600)
    ) async throws(AWSError) -> AWSCredentials {
        throw AWSError(.request("not built"))
    }
}

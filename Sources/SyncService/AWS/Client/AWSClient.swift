import EventLoop
import JSON
import Platform

/// Calls AWS: signs, sends, retries, follows pages, and gives canonical JSON.
///
/// Every failure is an ``AWSError``; an answer that is cut, of another format or lacks what must be there is one too,
/// never an empty result.
final class AWSClient: Sendable {
    let meter: AWSMeter
    let partitions: Partitions

    init(configuration: AWSClientConfiguration) {
        meter = configuration.meter
        partitions = configuration.partitions
    }

    /// Makes one call; an operation that pages is read to its end and its lists are joined.
    ///
    /// - Parameters:
    ///   - service: botocore's name of the service (`s3control`, `elbv2`).
    ///   - region: Where to ask. Global services answer from their one region wherever they are asked.
    ///   - parameters: The operation's input, an object.
    ///   - account: The account that the calls count against, for the limits.
    ///   - collect: False: the first page alone.
    func call(
        service: String, operation: String, region: String, parameters: JSONValue = .object(JSONObject()),
        credentials: any CredentialsProvider, account: String, collect: Bool = true
    ) async throws(AWSError) -> AWSResponse {
        throw AWSError(.request("not built"))
    }

    /// Reads a listing to its end, page by page. A page is handed over when it was read whole; the next one is asked
    /// for when `onPage` returned. Returns the number of items.
    ///
    /// Ends with an error, so that the listing is a gap, when a token comes twice or too many pages are empty.
    @discardableResult
    func listPages(
        service: String, operation: String, region: String, parameters: JSONValue = .object(JSONObject()),
        items: ItemsPlan, credentials: any CredentialsProvider, account: String,
        onPage: @Sendable (AWSPage) async throws(AWSError) -> Void
    ) async throws(AWSError) -> Int {
        throw AWSError(.request("not built"))
    }
}

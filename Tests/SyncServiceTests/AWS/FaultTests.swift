import JSON
import Platform
import Testing

@testable import SyncService

/// What AWS, or what stands between, may do wrong: every one of it is an error, none an empty answer.
@Suite struct FaultTests {
    static let topics = """
        <ListTopicsResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListTopicsResult><Topics><member>\
        <TopicArn>arn:aws:sns:eu-central-1:1:a</TopicArn></member></Topics></ListTopicsResult></ListTopicsResponse>
        """
    static let slow = """
        <ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>\
        <RequestId>r-1</RequestId></ErrorResponse>
        """
    static let page = "<html><head><title>502</title></head><body>Bad gateway</body></html>"

    private func topics(_ harness: ClientHarness) async throws(AWSError) {
        _ = try await harness.call("sns", "ListTopics")
    }

    @Test func `a throttled call is repeated with a growing pause and counted`() async throws {
        try await withStandIn { _, number in
            number < 2 ? .reply(400, Self.slow) : .reply(200, Self.topics)
        } _: { server, harness in
            let found = try await harness.list("sns", "ListTopics", "Topics[]")
            #expect(found == [["TopicArn": "arn:aws:sns:eu-central-1:1:a"]])
            #expect(server.requests.count == 3)
            let counts = harness.client.meter.total()
            #expect(counts.calls == 3 && counts.retries == 2 && counts.throttles == 2 && counts.failures == 0)
            // Full jitter at one half of one second and of two; pauses of the pacer come between.
            #expect(harness.backoffs.contains(.milliseconds(500)) && harness.backoffs.contains(.seconds(1)))
        }
    }

    @Test func `a call that is throttled to the end says so in AWS's words`() async throws {
        try await withStandIn { _, _ in
            .reply(400, Self.slow)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            #expect(error?.kind == .throttled(code: "Throttling", message: "Rate exceeded", httpStatus: 400))
            #expect(error?.requestID == "r-1")
            #expect(server.requests.count == 3)
            #expect(harness.client.meter.total().failures == 1)
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a status of trouble is repeated, whatever its body`(status: Int) async throws {
        try await withStandIn { _, number in
            number == 0 ? .reply(status, Self.page, type: "text/html") : .reply(200, Self.topics)
        } _: { server, harness in
            try await topics(harness)
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [200, 404, 500])
    func `a page of HTML is no answer`(status: Int) async throws {
        try await withStandIn { _, _ in
            .reply(status, Self.page, type: "text/html")
        } _: { _, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            guard case .malformed = error?.kind else {
                Issue.record("\(String(describing: error))")
                return
            }
            let other = await failure { () throws(AWSError) in _ = try await harness.call("kms", "ListKeys") }
            guard case .malformed = other?.kind else {
                Issue.record("\(String(describing: other))")
                return
            }
        }
    }

    @Test(arguments: [
        "", " ", "{}", "not xml", "<ListTopicsResponse>", "<ListTopicsResponse/>",
        "<ListTopicsResponse><OtherResult/></ListTopicsResponse>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><ListTopicsResponse><ListTopicsResult/></ListTopicsResponse>",
        "<ListTopicsResponse><ListTopicsResult>&undefined;</ListTopicsResult></ListTopicsResponse>",
        "<ListTopicsResponse><ListTopicsResult></ListTopicsResponse></ListTopicsResult>",
        "<ListTopicsResponse><ListTopicsResult><Wrong/></ListTopicsResult></ListTopicsResponse>",
    ])
    func `a body that is not the operation's output is an error`(body: String) async throws {
        try await withStandIn { _, _ in
            .reply(200, body)
        } _: { _, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            guard case .malformed = error?.kind else {
                Issue.record("\(body): \(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: ["", "[]", "{", "null", "{\"Keys\":{}}", "{\"Keys\":[{\"KeyId\":[]}]}", "<xml/>"])
    func `a JSON service's body that is no output is an error`(body: String) async throws {
        try await withStandIn { _, _ in
            .reply(200, body, type: "application/x-amz-json-1.1")
        } _: { _, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("kms", "ListKeys") }
            guard case .malformed = error?.kind else {
                Issue.record("\(body): \(String(describing: error))")
                return
            }
        }
    }

    @Test func `a body that is cut is repeated, then an error`() async throws {
        try await withStandIn { _, number in
            number == 0 ? .cut(String(Self.topics.prefix(60)), promised: 900) : .reply(200, Self.topics)
        } _: { server, harness in
            try await topics(harness)
            #expect(server.requests.count == 2)
        }
        try await withStandIn { _, _ in
            .cut(String(Self.topics.prefix(60)), promised: 900)
        } _: { _, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            #expect(error?.code == "Parapet.MalformedResponse")
        }
    }

    @Test func `a connection that closes without a byte is repeated`() async throws {
        try await withStandIn { _, number in
            number == 0 ? .close : .reply(200, Self.topics)
        } _: { server, harness in
            try await topics(harness)
            #expect(server.requests.count >= 2)
        }
    }

    @Test func `a server that hangs costs no more than the call's time`() async throws {
        var limits = AWSLimits()
        limits.callTimeout = .milliseconds(200)
        limits.attempts = 2
        try await withStandIn(limits: limits) { _, _ in
            .hang
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            #expect(error?.code == "Parapet.Timeout")
            #expect(server.requests.count == 2)
        }
    }

    @Test func `an endpoint that cannot be reached fails at once after a few attempts`() async throws {
        var limits = AWSLimits()
        limits.breakerSpan = .zero
        let harness = try ClientHarness(endpoint: "http://127.0.0.1:1", limits: limits)
        let first = await failure { () throws(AWSError) in try await topics(harness) }
        #expect(first?.code == "Parapet.Connection")
        let calls = harness.client.meter.total().calls
        let second = await failure { () throws(AWSError) in try await topics(harness) }
        #expect(second?.message.contains("could not be reached") == true)
        #expect(harness.client.meter.total().calls == calls, "the breaker is open")
        await harness.stop()
    }

    @Test func `a cancelled call ends while the server hangs`() async throws {
        try await withStandIn { _, _ in
            .hang
        } _: { server, harness in
            let error = await withTaskGroup(of: AWSError?.self) { group in
                group.addTask { await failure { () throws(AWSError) in try await self.topics(harness) } }
                while server.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(error?.kind == .cancelled)
        }
    }

    @Test func `a reply beyond the limit is refused`() async throws {
        var limits = AWSLimits()
        limits.responseBytes = 100
        try await withStandIn(limits: limits) { _, _ in
            .reply(200, Self.topics)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in try await topics(harness) }
            #expect(error?.kind == .tooLarge(limit: 100))
            #expect(server.requests.count == 1)
        }
    }

    @Test func `an error of XML from a JSON service is read`() async throws {
        let body = """
            <ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not authorized</Message></Error></ErrorResponse>
            """
        try await withStandIn { _, _ in
            .reply(403, body)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("kms", "ListKeys") }
            #expect(error?.code == "AccessDenied" && error?.message == "User is not authorized")
            #expect(error?.isAccessDenied == true)
            #expect(server.requests.count == 1, "a refusal is final")
        }
    }

    @Test func `an error in a reply that says 200 is an error`() async throws {
        let body = "<?xml version=\"1.0\"?><Error><Code>InternalError</Code><Message>again</Message></Error>"
        let buckets =
            "<ListAllMyBucketsResult><Buckets><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>"
        try await withStandIn { _, number in
            .reply(200, number == 0 ? body : buckets)
        } _: { server, harness in
            let found = try await harness.list("s3", "ListBuckets", "Buckets[]")
            #expect(found == [["Name": "a"]])
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a refusal in a reply that says 200 keeps its code`() async throws {
        let body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        try await withStandIn { _, _ in
            .reply(200, body)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in _ = try await harness.call("s3", "ListBuckets") }
            #expect(error?.code == "AccessDenied" && error?.message == "no")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `an expired session is renewed once`() async throws {
        let expired = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>over</Message></Error></ErrorResponse>"
        let provider = RenewedCredentials(clock: SystemWallClock()) { () async throws(AWSError) in
            AWSCredentials(
                accessKeyID: "AKID\(Int.random(in: 0...Int.max))", secretAccessKey: "s", sessionToken: "t",
                expiration: WallTime.now() + .seconds(3600))
        }
        try await withStandIn { _, number in
            number == 0 ? .reply(403, expired) : .reply(200, Self.topics)
        } _: { server, harness in
            _ = try await harness.client.call(
                service: "sns", operation: "ListTopics", region: "eu-central-1", credentials: provider, account: "1")
            let signatures = server.requests.compactMap { $0.headers["authorization"]?.prefix(60) }
            #expect(signatures.count == 2 && signatures[0] != signatures[1])
        }
        try await withStandIn { _, _ in
            .reply(403, expired)
        } _: { server, harness in
            let error = await failure { () throws(AWSError) in
                _ = try await harness.client.call(
                    service: "sns", operation: "ListTopics", region: "eu-central-1", credentials: provider, account: "1"
                )
            }
            #expect(error?.code == "ExpiredToken")
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [
        (301, "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>", true),
        (301, "", true), (307, "<Error><Code>TemporaryRedirect</Code></Error>", true),
        (400, "<Error><Code>IllegalLocationConstraintException</Code></Error>", true),
        (400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>", false),
    ])
    func `a bucket elsewhere is asked for in its region`(status: Int, moved: String, hasHeader: Bool) async throws {
        let body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        try await withStandIn { _, number in
            number == 0
                ? .reply(status, moved, headers: hasHeader ? ["x-amz-bucket-region": "eu-west-1"] : [:])
                : .reply(200, body)
        } _: { server, harness in
            let found = try await harness.call("s3", "GetBucketVersioning", ["Bucket": "a-bucket"], region: "us-east-1")
            #expect(found == ["Status": "Enabled"])
            try #require(server.requests.count == 2)
            #expect(server.requests[1].headers["authorization"]?.contains("/eu-west-1/s3/") == true)
            #expect(server.requests[1].target == "/a-bucket?versioning=")
        }
    }
}

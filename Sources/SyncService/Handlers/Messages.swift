import API
import JSON
import Storage
import Wire

extension Timestamp {
    init(unixMilliseconds: Int64) {
        let seconds = unixMilliseconds >= 0 ? unixMilliseconds / 1000 : (unixMilliseconds - 999) / 1000
        self.init(seconds: seconds, nanos: Int32(truncatingIfNeeded: unixMilliseconds - seconds * 1000) * 1_000_000)
    }
}

extension Sync {
    /// - Parameter calls: What the run called since it began or was resumed, beyond what its row says.
    init(_ run: StoredRun, calls: AWSMeter.Counts = AWSMeter.Counts()) {
        self.init()
        id = run.id
        accountId = run.accountID
        state = SyncState(rawValue: Int32(truncatingIfNeeded: run.state.rawValue)) ?? .unspecified
        trigger = SyncTrigger(rawValue: Int32(truncatingIfNeeded: run.cause.rawValue)) ?? .unspecified
        createTime = Timestamp(unixMilliseconds: run.createTime)
        startTime = run.startTime.map(Timestamp.init(unixMilliseconds:))
        endTime = run.endTime.map(Timestamp.init(unixMilliseconds:))
        scopesTotal = Int32(clamping: run.counts.scopesTotal)
        scopesDone = Int32(clamping: run.counts.scopesDone)
        scopesWithGaps = Int32(clamping: run.counts.scopesWithGaps)
        assetsSeen = run.counts.assetsSeen
        assetsChanged = run.counts.assetsChanged
        apiCalls = run.counts.apiCalls + Int64(calls.calls)
        retries = run.counts.retries + Int64(calls.retries)
        throttles = run.counts.throttles + Int64(calls.throttles)
        problem = run.problem
        assessment = AssessmentProgress(run.assessment)
        assessmentId = run.assessmentID
        resumptions = Int32(clamping: run.resumptions)
        change = run.change
        resourceTypes = run.filter.types.sorted()
        regions = run.filter.regions.sorted()
    }
}

extension AssessmentProgress {
    init(_ state: AssessmentState) {
        switch state {
        case .none: self = .unspecified
        case .pending, .waiting: self = .pending
        case .running: self = .running
        case .done: self = .done
        }
    }
}

extension CallUsage {
    init(_ usage: RunUsage) {
        self.init()
        service = usage.service
        region = usage.region
        calls = usage.calls
        retries = usage.retries
        throttles = usage.throttles
        bytes = usage.bytes
        peakPerSecond = Int32(clamping: usage.peak)
    }
}

extension UnchosenRegion {
    init(_ noticed: NoticedRegion) {
        self.init()
        region = noticed.region
        instances = Int64(noticed.instances)
        hasMore = noticed.hasMore
        code = noticed.code
        newlyEnabled = noticed.isNew
    }
}

extension ScopeResult {
    init(_ end: ScopeEnd) {
        self.init()
        region = end.scope.region
        resourceType = end.scope.type
        let ended = end.failure?.scopeState ?? .complete
        state = CoverageState(rawValue: Int32(truncatingIfNeeded: ended.rawValue)) ?? .unspecified
        assets = Int64(end.seen)
        code = end.failure?.code ?? ""
    }
}

extension API.Coverage {
    init(_ stored: StoredCoverage) {
        self.init()
        region = stored.scope.region
        resourceType = stored.scope.type
        state = CoverageState(rawValue: Int32(truncatingIfNeeded: stored.state.rawValue)) ?? .unspecified
        code = stored.code
        message = stored.message
        operation = stored.operation
        assets = stored.assets
        assetsWithGaps = stored.assetsWithGaps
        completeTime = stored.completeTime.map(Timestamp.init(unixMilliseconds:))
        attemptTime = stored.attemptTime.map(Timestamp.init(unixMilliseconds:))
        change = stored.change
    }
}

extension API.Gap {
    init(_ gap: AssetGap) {
        self.init()
        call = gap.call
        code = gap.code
        message = gap.message
    }
}

extension API.GapCount {
    init(_ count: StoredGapCount) {
        self.init()
        region = count.scope.region
        resourceType = count.scope.type
        gap = API.Gap(count.gap)
        assets = count.assets
    }
}

extension API.Asset {
    init(_ asset: StoredAsset, withConfiguration: Bool = true) {
        self.init()
        accountId = asset.accountID
        arn = asset.arn
        resourceType = asset.scope.type
        resourceId = asset.id
        name = asset.name
        region = asset.region
        scope = asset.scope.region
        change = asset.change
        versionTime = Timestamp(unixMilliseconds: asset.versionTime)
        deleted = asset.isDeleted
        guard !asset.isDeleted else { return }
        if withConfiguration { configuration = String(decoding: asset.body, as: UTF8.self) }
        tags = Self.tags(asset.tags)
        gaps = Self.gaps(asset.gaps)
        stale = asset.isStale
        configurationHash = asset.hash.hexText
        firstSeenTime = Timestamp(unixMilliseconds: asset.firstSeen)
    }

    static func tags(_ text: String) -> [String: String] {
        guard text != "{}", let object = (try? JSONValue(parsing: text))?.object else { return [:] }
        return Dictionary(object.map { ($0.name, $0.value.string ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    static func gaps(_ text: String?) -> [API.Gap] {
        guard let text, let items = (try? JSONValue(parsing: text))?.array else { return [] }
        return items.map { item in
            API.Gap(
                AssetGap(
                    call: item["call"]?.string ?? "", code: item["code"]?.string ?? "",
                    message: item["message"]?.string ?? ""))
        }
    }
}

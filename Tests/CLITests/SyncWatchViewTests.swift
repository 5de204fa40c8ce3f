import API
import Testing

@testable import CLI

@Suite struct SyncWatchViewTests {
    private func message(regions: Int, services: Int, done: Int) -> WatchSyncResponse {
        var message = WatchSyncResponse()
        var sync = Sync()
        sync.state = .running
        for region in 0..<regions {
            for service in 0..<services {
                var progress = ServiceProgress()
                progress.region = "xx-northeast-\(region)"
                progress.service = "service\(service)"
                progress.scopesTotal = 2
                progress.scopesDone = region < done ? 2 : service == 0 ? 1 : 0
                progress.scopesWithGaps = region == 0 && service == 1 ? 1 : 0
                message.services.append(progress)
                sync.scopesTotal += 2
                sync.scopesDone += progress.scopesDone
            }
        }
        sync.apiCalls = 345
        sync.throttles = 3
        message.callsPerSecond = 12
        message.sync = sync
        return message
    }

    @Test(arguments: [(1, 1), (4, 12), (17, 40), (50, 60)])
    func `every line fits in 80 columns and all of them in 24 rows`(regions: Int, services: Int) {
        var view = SyncWatchView(width: 80, height: 24)
        let lines = view.lines(message(regions: regions, services: services, done: 1), elapsed: .seconds(1))
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.count <= 24)
    }

    @Test func `regions fill up by service, with calls a second, throttles and the time left`() {
        var view = SyncWatchView(width: 80, height: 24)
        _ = view.lines(message(regions: 3, services: 4, done: 0), elapsed: .seconds(1))
        let lines = view.lines(message(regions: 3, services: 4, done: 2), elapsed: .seconds(14))
        #expect(lines[0].hasSuffix("17/24 scopes  about 8 s left"))
        #expect(lines[1] == "0 assets  345 calls  12/s  3 throttles  0 repeated")
        #expect(lines[2] == "xx-northeast-0  █!██  8/8")
        #expect(lines[4] == "xx-northeast-2  ▒···  1/8  service0 service1 service2 service3")
    }

    @Test func `what is still read is shown first where not all fits`() {
        var view = SyncWatchView(width: 80, height: 10)
        let lines = view.lines(message(regions: 20, services: 2, done: 18), elapsed: .seconds(1))
        #expect(lines.count == 8)
        #expect(lines[2].hasPrefix("xx-northeast-18"))
        #expect(lines[6] == "and 16 regions more")
    }

    @Test func `without a terminal a scope that ended is a line`() {
        var end = ScopeResult()
        end.region = "eu-central-1"
        end.resourceType = "aws_vpc"
        end.state = .accessDenied
        end.code = "UnauthorizedOperation"
        #expect(SyncWatchView.line(end) == "eu-central-1  aws_vpc  access_denied  0 assets  UnauthorizedOperation")
    }
}

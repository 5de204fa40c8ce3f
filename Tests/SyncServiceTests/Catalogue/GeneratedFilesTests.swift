import Platform
import TestSupport
import Testing

@testable import SyncService

@Suite struct GeneratedFilesTests {
    @Test(.enabled(if: Files.exists(Emulator.python), "needs PARAPET_PYTHON, or .venv from `make dependencies`"))
    func `shapes, partitions and the managed policy are what the generator writes`() async throws {
        let run = try await ChildProcess.run(
            [Emulator.python, Fixtures.root + "/scripts/generate-shapes.py", "--check"], timeout: .seconds(120))
        let words = String(decoding: run.output + run.error, as: UTF8.self)
        #expect(run.status.isSuccess, "\(words)")
    }

    @Test func `each partition has its home region among its regions`() throws {
        let partitions = try Partitions.load(share: Fixtures.share)
        #expect(
            partitions.all.map(\.id) == ["aws", "aws-us-gov", "aws-cn", "aws-eusc"]
                + ["", "-b", "-e", "-f"].map { "aws-iso\($0)" })
        for partition in partitions.all {
            #expect(partition.regions.contains { $0.name == partition.homeRegion }, "\(partition.id)")
            for region in partition.regions { #expect(partitions.partition(ofRegion: region.name) == partition) }
        }
        #expect(partitions.partition(ofRegion: "eu-newest-9")?.id == "aws")
        #expect(partitions.partition(ofRegion: "us-gov-north-1")?.id == "aws-us-gov")
        #expect(partitions.partition(ofRegion: "us-isob-north-1")?.id == "aws-iso-b")
        for region in ["mars-1", "us", "us-", "", "us-mars-east-1"] {
            #expect(partitions.partition(ofRegion: region) == nil)
        }
        #expect(partitions.partition(ofARN: "arn:aws-cn:iam::1:role/x")?.id == "aws-cn")
        #expect(partitions.partition(ofARN: "nonsense") == nil)
    }
}

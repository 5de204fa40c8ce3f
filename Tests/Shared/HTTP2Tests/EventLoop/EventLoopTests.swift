import EventLoop
import Glibc
import Synchronization
import Testing

struct EventLoopTests {
    private func onLoop<T: Sendable>(_ loop: EventLoop, _ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { done in loop.execute { done.resume(returning: body()) } }
    }

    @Test func `work runs on the loop's thread in the order it was handed over`() async throws {
        let loop = try EventLoop.start()
        let order = Mutex<[Int]>([])
        for number in 0..<1000 { loop.execute { order.withLock { $0.append(loop.isCurrent ? number : -1) } } }
        _ = await onLoop(loop) { true }
        #expect(order.withLock { $0 } == Array(0..<1000))
        #expect(!loop.isCurrent)
        loop.stop()
        loop.join()
    }

    @Test func `tasks that prefer the loop run on it, and come back to it`() async throws {
        let loop = try EventLoop.start()
        let places = await withTaskExecutorPreference(loop) { @concurrent in
            var places = [loop.isCurrent]
            try? await Task.sleep(for: .milliseconds(1))
            places.append(loop.isCurrent)
            await MainActor.run {}
            places.append(loop.isCurrent)
            return places
        }
        #expect(places == [true, true, true])
        loop.stop()
    }

    @Test func `a descriptor's handler runs while it is readable`() async throws {
        let loop = try EventLoop.start()
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        let bytes = await withCheckedContinuation { (done: CheckedContinuation<Int, Never>) in
            loop.execute {
                try? loop.watch(readEnd, .readable) { _ in
                    var buffer = [UInt8](repeating: 0, count: 16)
                    let count = read(readEnd, &buffer, 16)
                    loop.unwatch(readEnd)
                    done.resume(returning: count)
                }
            }
            var byte: UInt8 = 1
            _ = write(writeEnd, &byte, 1)
        }
        #expect(bytes == 1)
        close(readEnd)
        close(writeEnd)
        loop.stop()
    }

    @Test func `timers fire unless they are cancelled`() async throws {
        let loop = try EventLoop.start()
        let fired = Mutex<[String]>([])
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            loop.execute {
                let late = loop.schedule(after: .milliseconds(20)) { fired.withLock { $0.append("cancelled") } }
                loop.schedule(after: .milliseconds(30)) {
                    fired.withLock { $0.append("second") }
                    done.resume()
                }
                loop.schedule(after: .milliseconds(10)) {
                    fired.withLock { $0.append("first") }
                    loop.cancel(late)
                }
            }
        }
        #expect(fired.withLock { $0 } == ["first", "second"])
        loop.stop()
    }

    @Test func `what arrives after the end is run by whoever brings it`() async throws {
        let loop = try EventLoop.start()
        loop.stop()
        loop.join()
        #expect(await onLoop(loop) { loop.isCurrent } == false)
    }

    /// Has more to write each time it is flushed, as when its peer reads as fast as it writes.
    private final class Talker: TurnParticipant, @unchecked Sendable {
        // Confined to the loop's thread until it has ended.
        let loop: EventLoop
        var turns: [ContinuousClock.Instant] = []

        init(_ loop: EventLoop) { self.loop = loop }

        func startInTurn() { loop.markDirty(self) }

        func flushInTurn() {
            turns.append(loop.turnStart)
            if turns.count < 300 { loop.markReady(self) } else { loop.stop() }
        }
    }

    @Test func `who always has more to write is flushed three times in a turn, and then others have theirs`() throws {
        let loop = try EventLoop.start()
        let talker = Talker(loop)
        loop.execute { loop.markDirty(talker) }
        loop.join()
        let byTurn = Dictionary(grouping: talker.turns, by: \.self)
        #expect(talker.turns.count >= 300)
        #expect(byTurn.values.allSatisfy { $0.count <= 3 })
    }
}

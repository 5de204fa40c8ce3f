import RPC
import Testing

struct CallContextTests {
    @Test func `what was asked for runs once when the call is given up, what was forgotten does not`() {
        let call = CallContext()
        let seen = Sightings()
        call.onCancel { seen.note("first") }
        let forgotten = call.onCancel { seen.note("forgotten") }
        call.forget(forgotten)
        #expect(seen.all.isEmpty)
        call.cancel()
        call.cancel()
        #expect(seen.all == ["first"])
        #expect(call.isCancelled)
    }

    @Test func `what is asked for too late runs at once`() {
        let call = CallContext()
        let seen = Sightings()
        call.cancel()
        call.onCancel { seen.note("late") }
        #expect(seen.all == ["late"])
    }

    @Test func `there is no current call outside of handlers`() {
        #expect(CallContext.current == nil)
    }
}

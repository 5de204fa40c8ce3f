import EventLoop
import Glibc

/// Looks host names up without blocking a loop: numeric addresses at once, names on a thread of their own.
enum Resolver {
    typealias Completion = @Sendable (Result<[SocketAddress], TransportError>) -> Void

    /// `completion` is called on the loop.
    static func resolve(_ host: String, port: UInt16, loop: EventLoop, _ completion: @escaping Completion) {
        if SocketAddress.isNumeric(host) { return completion(lookUp(host, port)) }
        let request = Request(host: host, port: port, loop: loop, completion: completion)
        var thread: pthread_t = 0
        let box = Unmanaged.passRetained(request)
        guard pthread_create(&thread, nil, resolverMain, box.toOpaque()) == 0 else {
            box.release()
            return completion(.failure(TransportError("\(host): no thread to look it up")))
        }
        pthread_detach(thread)
    }

    fileprivate static func lookUp(_ host: String, _ port: UInt16) -> Result<[SocketAddress], TransportError> {
        do throws(TransportError) {
            return .success(try SocketAddress.resolve(host, port: port))
        } catch {
            return .failure(error)
        }
    }

    fileprivate final class Request: Sendable {
        let host: String
        let port: UInt16
        let loop: EventLoop
        let completion: Completion

        init(host: String, port: UInt16, loop: EventLoop, completion: @escaping Completion) {
            self.host = host
            self.port = port
            self.loop = loop
            self.completion = completion
        }
    }
}

private func resolverMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let request = Unmanaged<Resolver.Request>.fromOpaque(argument).takeRetainedValue()
    let result = Resolver.lookUp(request.host, request.port)
    request.loop.execute { request.completion(result) }
    return nil
}

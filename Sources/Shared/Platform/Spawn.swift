import CLinux
import Glibc

/// `posix_spawnp` with the given standard streams and nothing else inherited but the working directory.
func spawn(
    _ arguments: [String], _ environment: [String: String], _ streams: [ChildProcess.Stream]
) throws(SpawnError) -> pid_t {
    let program = arguments.first ?? ""
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }
    for (number, stream) in streams.enumerated() {
        let number = Int32(number)
        switch stream {
        case .inherit: posix_spawn_file_actions_adddup2(&actions, number, number)
        case .null: posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        }
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, Int32(streams.count))
    var all = sigset_t()
    var none = sigset_t()
    sigfillset(&all)
    sigemptyset(&none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let argumentPointers = arguments.map { strdup($0) } + [nil]
    let variablePointers = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in argumentPointers + variablePointers { free(pointer) } }
    var pid = pid_t()
    let code = posix_spawnp(&pid, program, &actions, &attributes, argumentPointers, variablePointers)
    if code != 0 { throw SpawnError(program: program, code: code) }
    return pid
}

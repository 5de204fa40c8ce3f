import Platform
import ServiceKit
import SyncService

ProcessExit.end(
    await ServiceRunner.main(
        .sync, options: SyncProgram.options, check: SyncProgram.check, build: SyncProgram.build))

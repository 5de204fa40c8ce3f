import Glibc
import ServiceKit
import SyncService

exit(
    await ServiceRunner.main(
        .sync, options: SyncProgram.options, check: SyncProgram.check, build: SyncProgram.build))

import Glibc
import ServiceKit
import SyncService

exit(await ServiceRunner.main(.sync, options: SyncProgram.options, build: SyncProgram.build))

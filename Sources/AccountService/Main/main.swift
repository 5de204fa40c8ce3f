import AccountService
import Glibc
import ServiceKit

exit(await ServiceRunner.main(.account, options: AccountProgram.options, build: AccountProgram.build))

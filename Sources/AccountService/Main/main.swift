import AccountService
import Glibc
import ServiceKit

exit(
    await ServiceRunner.main(
        .account, options: AccountProgram.options, check: AccountProgram.check, build: AccountProgram.build))

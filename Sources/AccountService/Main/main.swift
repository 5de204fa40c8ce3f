import AccountService
import Platform
import ServiceKit

ProcessExit.end(
    await ServiceRunner.main(
        .account, options: AccountProgram.options, check: AccountProgram.check, build: AccountProgram.build))

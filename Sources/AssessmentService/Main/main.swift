import AssessmentService
import Glibc
import ServiceKit

exit(
    await ServiceRunner.main(
        .assessment, options: AssessmentServiceBuilder.options, check: AssessmentServiceBuilder.check
    ) { context in
        try await AssessmentServiceBuilder.build(context)
    })

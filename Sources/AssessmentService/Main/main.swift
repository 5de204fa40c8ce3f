import AssessmentService
import Glibc
import ServiceKit

exit(
    await ServiceRunner.main(.assessment, options: AssessmentServiceBuilder.options) { context in
        try await AssessmentServiceBuilder.build(context)
    })

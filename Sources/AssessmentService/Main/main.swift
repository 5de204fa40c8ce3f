import AssessmentService
import Platform
import ServiceKit

ProcessExit.end(
    await ServiceRunner.main(
        .assessment, options: AssessmentServiceBuilder.options, check: AssessmentServiceBuilder.check
    ) { context in
        try await AssessmentServiceBuilder.build(context)
    })

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz build format lint proto catalogue images compose-test bench bench-check bench-sync clean dependencies

SWIFT ?= swift
SOURCES := Package.swift Sources Tests

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: dependencies ## Build, connect an account of an AWS emulator, and print its alerts
	@scripts/demo.sh

test: dependencies lint ## Install what is missing, build, and run every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip 'IntegrationTests|InteropTests'
	$(SWIFT) test --skip-build --filter 'IntegrationTests|InteropTests' --no-parallel
	@scripts/fuzz.sh --replay
	@scripts/compose-test.sh

fuzz: dependencies ## Run each fuzzer for FUZZ_SECONDS (60), with the address sanitizer; see scripts/fuzz.sh
	@scripts/fuzz.sh

build: dependencies ## Build the four programs for use into .build/release
	@for program in parapet account-service sync-service assessment-service; do \
		$(SWIFT) build -c release --static-swift-stdlib --product $$program || exit 1; \
	done

format: ## Format the Swift sources
	$(SWIFT) format format --in-place --parallel --recursive $(SOURCES)

lint: dependencies ## Check formatting, contract, generated files and escapes from the type system
	@scripts/lint.sh

proto: dependencies ## Write share/parapet/descriptors.pb from proto/
	scripts/proto.sh

catalogue: dependencies ## Write share/parapet/shapes from botocore for the operations that the catalogue names
	.venv/bin/python3 scripts/generate-shapes.py

images: dependencies ## Build the container images of deploy/
	@scripts/images.sh

compose-test: dependencies ## Run the stack of deploy/compose.yaml, and do to it what happens to one in use
	@scripts/compose-test.sh

bench: dependencies ## Compare the gRPC stack with gRPC C++: CPU, memory, start, as a table
	@Benchmarks/install-dependencies.sh
	.venv/bin/python3 Benchmarks/bench.py

bench-check: dependencies ## Count a call's instructions and allocations, and compare with Benchmarks/thresholds.txt
	@Benchmarks/install-dependencies.sh
	.venv/bin/python3 Benchmarks/check.py

bench-sync: dependencies build ## Measure the sync service against an emulated AWS: CPU, memory, calls, bytes written
	.venv/bin/python3 Benchmarks/Sync/bench_sync.py $(BENCH_SYNC)

clean: ## Remove what was built, the virtual environment too
	rm -rf .build .venv

dependencies:
	@scripts/install-dependencies.sh

# Two commands matter to a newcomer: `make demo` and `make test`. `make help` lists the rest.

SWIFT ?= swift
# How long the demo changes the ERP before it stops and compares.
DEMO_SECONDS ?= 15
# Where the benchmarks write: on the disk in question. QUICK=1 takes a minute, without it ten.
BENCH_DIR ?= .build
QUICK ?=
# How many plants the simulation lets lose power. One seed is one plant.
SEEDS ?= 5000
# How many sequences of events the simulation of consumer groups plays.
SEQUENCES ?= 20000

SOURCES := Package.swift Sources Tests Simulations Examples
# A test that waits for what never comes must not keep CI for as long as it may last.
TIMED := timeout --kill-after=10 1200
STRICT := --explicit-target-dependency-import-check error
PLANTED := --configuration release --scratch-path .build-planted

.DEFAULT_GOAL := help
# The steps of `test` are ordered from quick to thorough, and two builds at once would only share the same cores.
.NOTPARALLEL:
.PHONY: help demo test build lint packages test-packages unit-tests simulate simulate-groups planted-bugs integration-tests bench \
    clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: packages ## an ERP, a MES and EdgeBroker between them, for DEMO_SECONDS (15); ends with `demo: equal, …`
	$(SWIFT) build --configuration release --product edgebroker
	.build/release/edgebroker demo --seconds $(DEMO_SECONDS)

test: test-packages lint unit-tests simulate simulate-groups planted-bugs integration-tests ## everything CI runs, quick things first

build: packages ## the edgebroker program, optimised: .build/release/edgebroker
	$(SWIFT) build --configuration release --product edgebroker

lint: ## format and style
	$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)

packages: ## installs what the build and the demo need, if it is missing (Debian)
	Scripts/install-packages

test-packages: ## the same, and what the tests need besides
	Scripts/install-packages --tests
	Scripts/python-for-tests
	Scripts/java-for-tests

unit-tests: test-packages ## builds everything, warnings and undeclared imports are errors; tests of each target
	$(SWIFT) build --build-tests $(STRICT)
	EDGEBROKER_TEST_PYTHON="$$(Scripts/python-for-tests)" $(TIMED) $(SWIFT) test $(STRICT) --disable-xctest --skip IntegrationTests

simulate: ## SEEDS (5000) simulated plants lose power; no acknowledged record may be lost or altered
	$(SWIFT) build --configuration release --product PowerCuts
	.build/release/PowerCuts --seeds $(SEEDS)

simulate-groups: ## SEQUENCES (20000) random histories of a consumer group; no partition with two owners, no offset back
	$(SWIFT) build --configuration release --product GroupEvents
	.build/release/GroupEvents --sequences $(SEQUENCES)

planted-bugs: ## the simulations must find each bug that is planted in their own build
	EDGEBROKER_PLANTED_BUGS=1 $(SWIFT) build $(PLANTED) --product PowerCuts
	EDGEBROKER_PLANTED_BUGS=1 $(SWIFT) build $(PLANTED) --product GroupEvents
	.build-planted/release/PowerCuts --seeds $(SEEDS) --planted-bugs
	.build-planted/release/GroupEvents --sequences $(SEQUENCES) --planted-bugs

integration-tests: test-packages ## the whole path with a real Postgres and kill -9
	$(SWIFT) build --build-tests $(STRICT)
	EDGEBROKER_TEST_PYTHON="$$(Scripts/python-for-tests)" EDGEBROKER_TEST_JAVA="$$(Scripts/java-for-tests)" \
	    $(TIMED) $(SWIFT) test $(STRICT) --disable-xctest --filter IntegrationTests

bench: packages ## the log against this machine's limits, in one table; QUICK=1: a minute's worth, BENCH_DIR: another disk
	$(SWIFT) build --configuration release --product edgebroker
	$(SWIFT) build --configuration release --product LogLimits
	Benchmarks/run .build/release/edgebroker .build/release/LogLimits $(BENCH_DIR) $(if $(QUICK),--quick)

clean: ## removes what was built
	rm -rf .build .build-planted

# Two commands matter to a newcomer: `make demo` and `make test`. `make help` lists the rest.

SWIFT ?= swift
# How long the demo changes the ERP before it stops and compares.
DEMO_SECONDS ?= 15
# Where the benchmarks write: on the disk in question. QUICK=1 takes a minute, without it ten.
BENCH_DIR ?= .build
QUICK ?=
# How many plants the simulation lets lose power. One seed is one plant, which loses it some hundred times.
SEEDS ?= 800
# How many sequences of events the simulation of consumer groups plays.
SEQUENCES ?= 20000
# How long libFuzzer tries each format, and with which inputs: 0 for others each time. The gate judges a change, not the luck of a draw.
SECONDS ?= 20
SEED ?= 1
# For `fuzz`: as many inputs, however long it takes. For `damages`: as many damages; 10000 take a minute or two.
RUNS ?=
# How many plants of producers lose power, some ten times each.
TRANSACTION_SEEDS ?= 500

SOURCES := Package.swift Sources Tests Simulations Fuzz Examples
# A test that waits for what never comes must not keep CI for as long as it may last.
TIMED := timeout --kill-after=10 1800
STRICT := --explicit-target-dependency-import-check error
PLANTED := --configuration release --scratch-path .build-planted
FUZZ := --configuration release --scratch-path .build-fuzz --product FuzzFormats

.DEFAULT_GOAL := help
# The steps of `test` are ordered from quick to thorough, and two builds at once would only share the same cores.
.NOTPARALLEL:
.PHONY: help demo test build lint packages test-packages unit-tests fuzz simulate simulate-groups simulate-transactions \
    planted-bugs damages integration-tests documentation bench bench-broker bench-kafka clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: packages ## an ERP, a MES and EdgeBroker between them, for DEMO_SECONDS (15); ends with `demo: equal, …`
	$(SWIFT) build --configuration release --product edgebroker
	.build/release/edgebroker demo --seconds $(DEMO_SECONDS)

test: test-packages lint unit-tests documentation fuzz simulate simulate-groups simulate-transactions planted-bugs damages integration-tests ## everything CI runs, quick things first

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

documentation: packages ## of the library, into .build/documentation; a warning or an undocumented public symbol is an error
	SWIFT=$(SWIFT) Scripts/documentation

fuzz: ## libFuzzer tries each format for SECONDS (20), two at a time, or with RUNS inputs; no crash, no hang, no broken law
	EDGEBROKER_FUZZ=1 $(SWIFT) build $(FUZZ)
	Fuzz/run .build-fuzz/release/FuzzFormats .build-fuzz/work $(if $(RUNS),--runs $(RUNS),--seconds $(SECONDS)) --seed $(SEED)

simulate: ## SEEDS (800) simulated plants lose power some hundred times each; no promise may be broken
	$(SWIFT) build --configuration release --product PowerCuts
	.build/release/PowerCuts --seeds $(SEEDS)

simulate-groups: ## SEQUENCES (20000) random histories of a consumer group in each protocol; no partition with two owners, no offset back
	$(SWIFT) build --configuration release --product GroupEvents
	.build/release/GroupEvents --sequences $(SEQUENCES)

simulate-transactions: ## TRANSACTION_SEEDS (500) plants of producers lose power; transactions whole or absent, batches once
	$(SWIFT) build --configuration release --product TransactionCuts
	.build/release/TransactionCuts --seeds $(TRANSACTION_SEEDS)

planted-bugs: ## the simulations must find each bug that is planted in their own build
	EDGEBROKER_PLANTED_BUGS=1 $(SWIFT) build $(PLANTED) --product PowerCuts
	EDGEBROKER_PLANTED_BUGS=1 $(SWIFT) build $(PLANTED) --product GroupEvents
	EDGEBROKER_PLANTED_BUGS=1 $(SWIFT) build $(PLANTED) --product TransactionCuts
	.build-planted/release/PowerCuts --seeds $(SEEDS) --planted-bugs
	.build-planted/release/GroupEvents --sequences $(SEQUENCES) --planted-bugs
	.build-planted/release/TransactionCuts --seeds $(TRANSACTION_SEEDS) --planted-bugs

damages: ## RUNS (2000) times one file of a log is damaged; it must be reported or harmless, and never served
	$(SWIFT) build --configuration release --product Damages
	.build/release/Damages --runs $(or $(RUNS),2000)

integration-tests: test-packages ## the whole path with a real Postgres and kill -9
	$(SWIFT) build --build-tests $(STRICT)
	EDGEBROKER_TEST_PYTHON="$$(Scripts/python-for-tests)" EDGEBROKER_TEST_JAVA="$$(Scripts/java-for-tests)" \
	    $(TIMED) $(SWIFT) test $(STRICT) --disable-xctest --filter IntegrationTests

bench: packages ## the log against this machine's limits, in one table; QUICK=1: a minute's worth, BENCH_DIR: another disk
	$(SWIFT) build --configuration release --product edgebroker
	$(SWIFT) build --configuration release --product LogLimits
	Benchmarks/run .build/release/edgebroker .build/release/LogLimits $(BENCH_DIR) $(if $(QUICK),--quick)

bench-broker: packages ## the library in its process against this machine's limits: sending, four consumers, 500 partitions, latency, idling
	$(SWIFT) build --configuration release --product InProcess
	$(SWIFT) build --configuration release --product LogLimits
	Benchmarks/run-broker .build/release/InProcess .build/release/LogLimits $(BENCH_DIR) $(if $(QUICK),--quick)

bench-kafka: packages ## the listener: a load by librdkafka beside its limits, hostile clients, idle ones; a command's start; QUICK=1: two minutes, without it ten
	$(SWIFT) build --configuration release --product edgebroker
	$(SWIFT) build --configuration release --product KafkaLoad
	Benchmarks/Listener/load .build/release/edgebroker .build/release/KafkaLoad $(BENCH_DIR) $(if $(QUICK),--quick)
	Benchmarks/Listener/hostile .build/release/edgebroker $(BENCH_DIR) $(if $(QUICK),--seconds 3)
	Benchmarks/Listener/idle .build/release/edgebroker $(BENCH_DIR) $(if $(QUICK),--seconds 10)
	Benchmarks/start .build/release/edgebroker $(BENCH_DIR)

clean: ## removes what was built
	rm -rf .build .build-planted .build-fuzz

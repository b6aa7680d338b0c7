# Entry points for people and for CI; `make help` lists them. On Debian each target installs what is
# missing, in the versions of the lock files unless MQBIND_PACKAGES is `newest` or `oldest`.

# Debian installs mosquitto in a directory that only root has in PATH.
export PATH := $(PATH):/usr/sbin
PROTOCOLS := $(patsubst schema/%.yaml,%,$(wildcard schema/*.yaml))
PYTHON := .venv/bin/python
MQBIND := .venv/bin/mqbind

.DEFAULT_GOAL := help
.PHONY: help demo test test-python test-long generate check amalgamation fuzz coverage ci bench size \
    prove brokers cluster soak misra docs-api lint format lock clean setup-demo setup-test setup-bench \
    setup-size setup-prove setup-brokers setup-cluster setup-lock build-dev

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: generate ## run both sides of all protocols through a private mosquitto
	@echo "building the libraries and the examples in build/release"
	@mkdir -p build
	@{ cmake --preset release && cmake --build --preset release; } >build/release.log 2>&1 || \
	    { cat build/release.log; exit 1; }
	@$(PYTHON) examples/demo.py --build-dir build/release

test: setup-test ## run every test, formatter and linter
	@$(PYTHON) -m tests.support.run_tests

test-python: setup-test ## run only the Python tests; see MQBIND_PACKAGES in CONTRIBUTING.md
	@$(PYTHON) -m tests.support.run_tests python

test-long: setup-test ## compare millions of verdicts with reference validators; takes minutes
	@$(PYTHON) -m tests.support.run_tests long

generate: setup-demo ## compile schema/*.yaml into generated/
	@for p in $(PROTOCOLS); do $(MQBIND) generate schema/$$p.yaml -o generated/$$p || exit; done

check: setup-demo ## check the schemas, and that generated/ is up to date
	@$(MQBIND) check $(PROTOCOLS:%=schema/%.yaml)
	@for p in $(PROTOCOLS); do \
	    $(MQBIND) generate schema/$$p.yaml -o generated/$$p --check || exit; done

amalgamation: setup-demo ## write the runtime as mqbind.c and mqbind.h, into build/amalgamation/
	@$(MQBIND) amalgamate -o build/amalgamation

fuzz: setup-test ## fuzz every target at length, under sanitizers; extends tests/fuzz/corpus/
	@$(PYTHON) -m tests.fuzz.run_fuzz $(FUZZ_OPTIONS)

coverage: setup-test ## measure test coverage; reports go to build/coverage/
	@$(PYTHON) -m tests.support.measure_coverage

ci: setup-test ## run every test and measure coverage: what must pass before a change lands
	@$(PYTHON) -m tests.support.run_tests ci

bench: setup-bench ## compare speed with jsmn, cJSON, yyjson, simdjson and others; takes minutes
	@$(PYTHON) -m tests.bench.run_bench $(BENCH_OPTIONS)

size: setup-size ## measure code size and stack on a Cortex-M4
	@$(PYTHON) -m tests.bench.size

prove: setup-prove ## prove the contracts of the runtime, and that seeded bugs break them
	@$(PYTHON) -m tests.prove.run_prove $(PROVE_OPTIONS)

brokers: setup-brokers build-dev ## run the demo and a group through six brokers; see docs/brokers.md
	@$(PYTHON) -m tests.brokers.run_brokers

cluster: setup-cluster build-dev ## kill a node and a worker of a cluster; measure 1 to 8 workers
	@$(PYTHON) -m tests.cluster.run_cluster

soak: setup-test build-dev ## load 200 devices for SECONDS and kill the broker; 10^6 numbers; figures
	@$(PYTHON) -m tests.soak.run_soak $(if $(SECONDS),--seconds $(SECONDS)) $(SOAK_OPTIONS)

build-dev: setup-demo
	@echo "building the examples and the tests in build/dev"
	@mkdir -p build
	@{ cmake --preset dev && cmake --build --preset dev; } >build/dev.log 2>&1 || \
	    { cat build/dev.log; exit 1; }

misra: setup-test ## check the C against MISRA C:2012 and the deviations in runtime/MISRA.md
	@$(PYTHON) -m tests.misra.check_misra

docs-api: setup-test ## write the reference of the public headers to build/docs-api/
	@mkdir -p build
	@doxygen docs/Doxyfile

lint: setup-test ## run formatters and linters without changing files
	@$(PYTHON) -m tests.support.run_tests lint

format: setup-test ## format the C and Python sources in place
	@$(PYTHON) -m tests.support.lint

lock: setup-lock ## renew the lock files for what does not come from Debian
	@$(PYTHON) -m tests.support.renew_locks

clean: ## remove build/ (keeps .venv)
	rm -rf build

setup-demo:
	@tests/support/setup.sh demo

setup-test:
	@tests/support/setup.sh test

setup-bench:
	@tests/support/setup.sh bench

setup-size:
	@tests/support/setup.sh size

setup-prove:
	@tests/support/setup.sh prove

setup-brokers:
	@tests/support/setup.sh brokers

setup-cluster:
	@tests/support/setup.sh cluster

setup-lock:
	@tests/support/setup.sh lock

# The front door; `make help` lists what it can do. On Debian each target installs what it lacks, in
# the versions of the lock files unless MQBIND_PACKAGES is `newest` or `oldest`.

# Debian keeps mosquitto where only root looks.
export PATH := $(PATH):/usr/sbin
PROTOCOLS := $(patsubst schema/%.yaml,%,$(wildcard schema/*.yaml))
PYTHON := .venv/bin/python
MQBIND := .venv/bin/mqbind

.DEFAULT_GOAL := help
.PHONY: help demo test test-python test-long generate check fuzz coverage ci bench size prove misra \
    lint format lock clean setup-demo setup-test setup-bench setup-size setup-prove setup-lock

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

demo: generate ## run both sides of FoloToy and ThingsPanel through a private mosquitto
	@echo "building the libraries and the examples in build/release"
	@mkdir -p build
	@{ cmake --preset release && cmake --build --preset release; } >build/release.log 2>&1 || \
	    { cat build/release.log; exit 1; }
	@$(PYTHON) examples/demo.py --build-dir build/release

test: setup-test ## run every test, formatter and linter
	@$(PYTHON) -m tests.support.run_tests

test-python: setup-test ## run the Python tests only; MQBIND_PACKAGES=newest or oldest is for them
	@$(PYTHON) -m tests.support.run_tests python

test-long: setup-test ## judge millions of texts and payloads beside other judges, for minutes
	@$(PYTHON) -m tests.support.run_tests long

generate: setup-demo ## compile schema/*.yaml into generated/
	@for p in $(PROTOCOLS); do $(MQBIND) generate schema/$$p.yaml -o generated/$$p || exit; done

check: setup-demo ## check the schemas, and that generated/ is what they give
	@$(MQBIND) check $(PROTOCOLS:%=schema/%.yaml)
	@for p in $(PROTOCOLS); do \
	    $(MQBIND) generate schema/$$p.yaml -o generated/$$p --check || exit; done

fuzz: setup-test ## fuzz every target for long, under sanitizers; keeps what it learns in tests/fuzz/
	@$(PYTHON) -m tests.fuzz.run_fuzz $(FUZZ_OPTIONS)

coverage: setup-test ## measure the tests' coverage, into build/coverage/
	@$(PYTHON) -m tests.support.measure_coverage

ci: setup-test ## run every test, then measure the coverage: what has to pass before a change lands
	@$(PYTHON) -m tests.support.run_tests ci

bench: setup-bench ## measure ours beside jsmn, cJSON, yyjson, simdjson and others, for minutes
	@$(PYTHON) -m tests.bench.run_bench $(BENCH_OPTIONS)

size: setup-size ## measure code and stack on a Cortex-M4
	@$(PYTHON) -m tests.bench.size

prove: setup-prove ## prove the contracts of the runtime, and that seeded mistakes break them
	@$(PYTHON) -m tests.prove.run_prove $(PROVE_OPTIONS)

misra: setup-test ## compare the C with MISRA C:2012 and with the deviations in runtime/MISRA.md
	@$(PYTHON) -m tests.misra.check_misra

lint: setup-test ## run the formatters and linters, changing nothing
	@$(PYTHON) -m tests.support.run_tests lint

format: setup-test ## format the C and Python sources in place
	@$(PYTHON) -m tests.support.lint

lock: setup-lock ## renew the lock files, which say what the set-up takes from PyPI and npm
	@$(PYTHON) -m tests.support.renew_locks

clean: ## remove what was built (.venv stays)
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

setup-lock:
	@tests/support/setup.sh lock

# The front door; `make help` lists what it can do. On Debian each target installs what it lacks.

# Debian keeps mosquitto where only root looks.
export PATH := $(PATH):/usr/sbin
PROTOCOLS := $(patsubst schema/%.yaml,%,$(wildcard schema/*.yaml))
PYTHON := .venv/bin/python
MQBIND := .venv/bin/mqbind

.DEFAULT_GOAL := help
.PHONY: help demo test test-long generate check coverage bench lint format clean setup-demo setup-test setup-bench

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

demo: generate ## run both sides of FoloToy and ThingsPanel through a private mosquitto
	@echo "building the libraries and the examples in build/release"
	@mkdir -p build
	@{ cmake --preset release && cmake --build --preset release; } >build/release.log 2>&1 || \
	    { cat build/release.log; exit 1; }
	@$(PYTHON) examples/demo.py --build-dir build/release

test: setup-test ## run every test, formatter and linter
	@$(PYTHON) -m tests.support.run_tests

test-long: setup-test ## judge millions of texts and payloads beside other judges, for minutes
	@$(PYTHON) -m tests.support.run_tests long

generate: setup-demo ## compile schema/*.yaml into generated/
	@for p in $(PROTOCOLS); do $(MQBIND) generate schema/$$p.yaml -o generated/$$p || exit; done

check: setup-demo ## check the schemas, and that generated/ is what they give
	@$(MQBIND) check $(PROTOCOLS:%=schema/%.yaml)
	@for p in $(PROTOCOLS); do \
	    $(MQBIND) generate schema/$$p.yaml -o generated/$$p --check || exit; done

coverage: setup-test ## measure the tests' coverage, into build/coverage/
	@$(PYTHON) -m tests.support.measure_coverage

bench: setup-bench ## measure beside jsmn, cJSON, yyjson, simdjson and others, for some minutes
	@mkdir -p build
	@{ cmake --preset bench && cmake --build --preset bench; } >build/bench.log 2>&1 || \
	    { cat build/bench.log; exit 1; }
	@$(PYTHON) tests/bench/run_bench.py --build-dir build/bench

lint: setup-test ## run the formatters and linters, changing nothing
	@$(PYTHON) -m tests.support.run_tests lint

format: setup-test ## format the C and Python sources in place
	@$(PYTHON) -m tests.support.lint

clean: ## remove what was built (.venv stays)
	rm -rf build

setup-demo:
	@tests/support/setup.sh demo

setup-test:
	@tests/support/setup.sh test

setup-bench:
	@tests/support/setup.sh bench

#!/bin/sh
# Install what is missing: `setup.sh demo` for the build and the demo; `setup.sh test`, `bench`,
# `size`, `prove`, `brokers` or `cluster` also for the tests, the benchmark, the sizes on a
# microcontroller, the proofs, other brokers or a cluster; `setup.sh lock` for renewing the lock files. If nothing is missing, it is quick and silent.
#
# To add a set, add a function look_for_SET to setup_packages.sh, a function set_up_SET here and, if
# pip installs something for it, a line to renew_locks.py.
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin:/usr/local/go/bin
log=build/setup.log

say() {
    printf 'set-up: %s\n' "$*"
}

fail() {
    say "$*" >&2
    exit 1
}

# Run a command with its output in the log, which is shown only on failure.
quietly() {
    mkdir -p build
    "$@" >"$log" 2>&1 && return
    tail -n 30 "$log" >&2
    fail "failed: $*"
}

. tests/support/setup_packages.sh
. tests/support/setup_python.sh
. tests/support/setup_brokers.sh

set_up_demo() {
    set_up_packages
    set_up_python
}

set_up_test() {
    set_up_packages
    set_up_python dev
    set_up_node tests/protocols/asyncapi_parser # AsyncAPI's own parser, which checks the schemas
    set_up_node tests/differential/ajv # a second validator of JSON Schema
    set_up_node tests/brokers/aedes # a broker without shared subscriptions
    # The official test suite of JSON Schema is in no registry by itself, but these sources contain it.
    [ -n "${JSON_SCHEMA_TEST_SUITE:-}" ] ||
        unpack_sources jsonschema .venv/share/JSON-Schema-Test-Suite 2 \
            '*/json/LICENSE' '*/json/remotes' '*/json/tests/draft[467]' '*/json/tests/draft20*'
}

set_up_bench() {
    set_up_packages
    set_up_python bench
    set_up_node tests/bench/quicktype # generates C from the schemas, based on cJSON
    # Debian has no yyjson; the sources of the Python package contain the C library.
    unpack_sources yyjson .venv/share/yyjson 2 '*/yyjson/yyjson.c' '*/yyjson/yyjson.h'
}

set_up_size() {
    set_up_packages
    set_up_python
}

set_up_prove() {
    set_up_packages
    set_up_python
}

set_up_brokers() {
    set_up_packages
    set_up_python
    set_up_node tests/brokers/aedes
    build_mochi
    copy_jars hivemq
    copy_jars moquette
}

set_up_cluster() {
    set_up_packages
    set_up_python
    unpack_artemis
}

set_up_lock() {
    set_up_packages
    set_up_python
}

set_name=${1:-}
packages=${MQBIND_PACKAGES:-locked}
case $set_name in
demo | test | bench | size | prove | brokers | cluster | lock) ;;
*) fail "usage: setup.sh demo|test|bench|size|prove|brokers|cluster|lock" ;;
esac
case $packages in
locked | newest | oldest) ;;
*) fail "MQBIND_PACKAGES must be locked, newest or oldest, not $packages" ;;
esac
"set_up_$set_name"

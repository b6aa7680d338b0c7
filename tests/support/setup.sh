#!/bin/sh
# Install what is missing: `setup.sh demo` for the build and the demo; `setup.sh test`, `bench` or
# `size` for the tests, the benchmark or the sizes on a microcontroller too. Looks for programs and
# headers, not for packages, so whatever is there already is used. Without anything to do it takes a
# moment and says nothing.
set -eu
cd "$(dirname "$0")/../.."
PATH=$PATH:/usr/sbin
set_name=${1:?usage: setup.sh demo|test|bench|size}
log=build/setup.log

say() {
    printf 'set-up: %s\n' "$*"
}

fail() {
    say "$*" >&2
    exit 1
}

# Run a command with its output in the log, which is shown only if it fails.
quietly() {
    mkdir -p build
    "$@" >"$log" 2>&1 && return
    tail -n 30 "$log" >&2
    fail "failed: $*"
}

# need PACKAGE CHECK...: the package is missing unless the check succeeds.
need() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

has() {
    command -v "$1"
}

has_header() {
    for folder in ${2:-} /usr/include /usr/local/include; do
        [ -f "$folder/$1" ] && return
    done
    return 1
}

# The compiler package does not depend on the C library's headers.
has_c_library() {
    [ -f "$(gcc -print-file-name=crt1.o)" ]
}

has_clang_sanitizers() {
    set -- "$(clang -print-resource-dir)"/lib/*/libclang_rt.asan*
    [ -e "$1" ]
}

# The system's Python first: a version manager's may change between two shells.
find_python() {
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null && return
    done
    return 1
}

look_for_demo() {
    need gcc has gcc
    need libc6-dev has_c_library
    need cmake has cmake
    need ninja-build has ninja
    need libjsmn-dev has_header jsmn.h "${JSMN_INCLUDE_DIR:-}"
    need libmosquitto-dev has_header mosquitto.h
    need mosquitto has mosquitto
    need mosquitto-clients has mosquitto_pub
    need python3-venv find_python
}

look_for_test() {
    need g++ has g++
    need clang has clang
    has_clang_sanitizers >/dev/null 2>&1 || missing="$missing $(clang_sanitizer_package)"
    need libcmocka-dev has_header cmocka.h
    need pkg-config has pkg-config
    need shellcheck has shellcheck
    need openssl has openssl
    need nodejs has node
    need npm has npm
    need valgrind has_header valgrind/callgrind.h
    need gcc-powerpc-linux-gnu has powerpc-linux-gnu-gcc
    need libc6-dev-powerpc-cross has_powerpc_library
    need qemu-user has qemu-ppc
}

look_for_bench() {
    need g++ has g++
    need valgrind has_header valgrind/callgrind.h
    need libcjson-dev has_header cjson/cJSON.h
    need libsimdjson-dev has_header simdjson.h
    need libnanopb-dev has_header pb_decode.h
    need nanopb has protoc-gen-nanopb
    need protobuf-compiler has protoc
    need nodejs has node
    need npm has npm
}

look_for_size() {
    need gcc-arm-none-eabi has arm-none-eabi-gcc
    need libnewlib-arm-none-eabi has_cross_header
    need qemu-user has qemu-arm
}

has_cross_header() {
    echo '#include <string.h>' | arm-none-eabi-gcc -E - -o /dev/null
}

has_powerpc_library() {
    [ -f "$(powerpc-linux-gnu-gcc -print-file-name=crt1.o)" ]
}

# Its name carries the version of clang: libclang-rt-14-dev on Debian 12.
clang_sanitizer_package() {
    version=$(clang -dumpversion 2>/dev/null ||
        apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p')
    version=${version%%.*}
    echo "libclang-rt-${version:-14}-dev"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}

look_for_packages() {
    missing=
    look_for_demo
    [ "$set_name" = demo ] || "look_for_$set_name"
}

require_apt_get() {
    has apt-get >/dev/null || fail "please install (named as Debian's packages):$missing"
    [ "$(id -u)" -eq 0 ] || has sudo >/dev/null ||
        fail "neither root nor sudo here; please run as root: apt-get install$missing"
}

set_up_packages() {
    look_for_packages
    [ -n "$missing" ] || return 0
    say "missing:$missing"
    require_apt_get
    say "fetching the lists of packages (apt-get update)"
    quietly apt_get update
    # The lists say which version of clang there is.
    look_for_packages
    case " $missing " in
    *' mosquitto '*)
        say "Debian's mosquitto package may start a broker on port 1883; mqbind leaves it alone"
        ;;
    esac
    say "installing with apt-get:$missing"
    # $missing is a list of package names.
    # shellcheck disable=SC2086
    quietly apt_get install --no-install-recommends $missing
}

# What .venv was made from; it holds absolute paths, so a moved checkout needs a new one.
describe_venv() {
    pwd
    echo "$1"
    cat pyproject.toml
}

# up_to_date SET: .venv works and was made from the pyproject.toml of now.
up_to_date() {
    [ -f ".venv/$1.stamp" ] && .venv/bin/python -c '' 2>/dev/null &&
        describe_venv "$1" | cmp -s - ".venv/$1.stamp"
}

set_up_python() {
    # Whoever makes .venv a link keeps what it leads to.
    [ ! -L .venv ] || return 0
    if up_to_date "$set_name" || { [ "$set_name" != bench ] && up_to_date test; }; then
        return
    fi
    find_python || fail "Python 3.11 or newer with the module venv is needed"
    if ! .venv/bin/pip --version >/dev/null 2>&1 || [ "$(cat .venv/checkout)" != "$(pwd)" ]; then
        say "making a Python environment in .venv"
        rm -rf .venv
        quietly "$python" -m venv .venv
        pwd >.venv/checkout
    fi
    case $set_name in
    test) extra='[dev]' ;;
    bench) extra='[bench]' ;;
    *) extra= ;;
    esac
    say "installing the mqbind command and its Python packages into .venv"
    quietly .venv/bin/pip install --disable-pip-version-check -e ".$extra"
    describe_venv "$set_name" >".venv/$set_name.stamp"
}

# set_up_node FOLDER: what its package-lock.json names.
set_up_node() {
    stamp=$1/node_modules/package-lock.stamp
    if cmp -s "$1/package-lock.json" "$stamp"; then
        return
    fi
    say "installing npm packages into $1/node_modules"
    quietly npm ci --prefix "$1" --no-audit --no-fund
    cp "$1/package-lock.json" "$stamp"
}

# The official test suite of JSON Schema. No registry has it by itself, but the sources of the
# Python package jsonschema bring it along.
set_up_suite() {
    version=4.26.0
    suite=.venv/share/JSON-Schema-Test-Suite
    if [ -n "${JSON_SCHEMA_TEST_SUITE:-}" ] || [ "$(cat $suite/version 2>/dev/null)" = $version ]; then
        return
    fi
    say "fetching the JSON Schema test suite into $suite"
    rm -rf $suite build/suite
    quietly .venv/bin/pip download --disable-pip-version-check --no-deps --no-binary jsonschema \
        --dest build/suite "jsonschema==$version"
    mkdir -p $suite
    quietly tar -xzf "build/suite/jsonschema-$version.tar.gz" --strip-components 2 -C $suite \
        "jsonschema-$version/json/LICENSE" "jsonschema-$version/json/remotes" \
        "jsonschema-$version/json/tests/draft7"
    rm -r build/suite
    echo $version >$suite/version
}

# yyjson in C, which Debian lacks: the sources of the Python package bring it along.
set_up_yyjson() {
    version=4.0.6
    yyjson=.venv/share/yyjson
    if [ "$(cat $yyjson/version 2>/dev/null)" = $version ]; then
        return
    fi
    say "fetching yyjson into $yyjson"
    rm -rf $yyjson build/yyjson
    quietly .venv/bin/pip download --disable-pip-version-check --no-deps --no-binary yyjson \
        --dest build/yyjson "yyjson==$version"
    mkdir -p $yyjson
    quietly tar -xzf "build/yyjson/yyjson-$version.tar.gz" --strip-components 2 -C $yyjson \
        "yyjson-$version/yyjson/yyjson.c" "yyjson-$version/yyjson/yyjson.h"
    rm -r build/yyjson
    echo $version >$yyjson/version
}

case $set_name in
demo | size)
    set_up_packages
    set_up_python
    ;;
bench)
    set_up_packages
    set_up_python
    set_up_node tests/bench/quicktype # makes C from the schemas, over cJSON
    set_up_yyjson
    ;;
test)
    set_up_packages
    set_up_python
    set_up_node tests/protocols/asyncapi_parser # AsyncAPI's own, which checks our schemas
    set_up_node tests/differential/ajv # a validator of JSON Schema beside Python's
    set_up_suite
    ;;
*)
    fail "unknown: $set_name; it is demo, test, bench or size"
    ;;
esac

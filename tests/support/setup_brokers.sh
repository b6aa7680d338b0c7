# shellcheck shell=sh disable=SC2154
# For setup.sh: brokers that are no packages of Debian, in build/brokers/ and build/cluster/. Their
# versions are in go.sum, for Maven in pom.xml and jars.sha256, which has the hash of every file, and
# for Artemis here.

MAVEN_DEPENDENCY=org.apache.maven.plugins:maven-dependency-plugin:2.8
ARTEMIS=2.40.0
ARTEMIS_SHA256=3add67e7b0af89f81eac1e6c577427b049b4e7502fb278c591838465d5ca93b5

build_mochi() {
    stamp=build/brokers/mochi.stamp
    if cat tests/brokers/mochi/* | cmp -s - $stamp; then
        return
    fi
    say "building the broker mochi into build/brokers/mochi"
    mkdir -p build/brokers
    # Go has an option -C, too, but not the Go of Debian 12.
    quietly env -C tests/brokers/mochi GOTOOLCHAIN=local GOFLAGS=-mod=readonly \
        go build -o "$PWD/build/brokers/mochi" .
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

unpack_artemis() {
    folder=build/cluster
    if [ -f $folder/artemis/$ARTEMIS.stamp ]; then
        return
    fi
    say "fetching the broker Artemis into $folder/artemis"
    rm -rf $folder
    mkdir -p $folder/artemis
    quietly mvn -B -q $MAVEN_DEPENDENCY:copy -DoutputDirectory="$PWD/$folder" \
        -Dartifact=org.apache.activemq:apache-artemis:$ARTEMIS:tar.gz:bin
    archive=$folder/apache-artemis-$ARTEMIS-bin.tar.gz
    echo "$ARTEMIS_SHA256  $archive" | sha256sum --check --quiet ||
        fail "$archive is not the one that is locked"
    quietly tar -xzf $archive --strip-components 1 -C $folder/artemis
    rm $archive
    touch $folder/artemis/$ARTEMIS.stamp
}

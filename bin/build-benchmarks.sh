# Sourced by bench and gpu-benchmark. build_benchmarks compiles everything the benchmarks need if they are missing or
# older than the sources, and sets 'classpath' to what they run with and 'commit' to the sources they are made from.
build_benchmarks() { # root of the project; fail() and JDK are there
  local file=$1/tests/target/bench-classpath log=$1/target/bench-build.log maven started
  if [[ ! -f $file || -n $(find "$1"/pom.xml "$1"/{engine,datasets,eval,job,tests}/{pom.xml,src} -newer "$file" -print -quit) ]]; then
    maven=$(command -v mvn) || fail 2 MAVEN_NOT_FOUND \
      "the benchmarks have to be built and that needs Maven 3.8 or newer, but there is no mvn on the PATH; install it (https://maven.apache.org, or your system's package 'maven')"
    echo "${0##*/}: building, log $log" >&2
    mkdir -p "$1/target"
    started=$1/target/bench-build.started
    : >"$started"
    JAVA_HOME=$JDK "$maven" -B -f "$1/pom.xml" -pl tests -am -Dspotless.check.skip=true -Dmdep.outputFile=target/bench-classpath \
      -Dmdep.includeScope=test test-compile dependency:build-classpath >"$log" 2>&1 </dev/null ||
      fail 4 BUILD_FAILED "Maven could not build the benchmarks: $(grep -m 1 '^\[ERROR\]' "$log"); the whole log is $log"
    # As old as the start of the build, so that a source edited meanwhile counts as newer.
    touch -r "$started" "$file"
  fi
  classpath=$1/tests/target/test-classes:$(<"$file")
  commit=$(git -C "$1" rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
  [[ -z $(git -C "$1" status --porcelain 2>/dev/null) ]] || commit+=+
}

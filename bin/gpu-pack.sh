# Sourced by gpu-benchmark: makes the archive.

# What Assay and the benchmarks run with, of all that a build has on its class path: no Spark, no test libraries.
libraries=(api tokenizers jackson-annotations jackson-core jackson-databind jackson-dataformat-yaml jackson-datatype-jsr310
  snakeyaml picocli slf4j-api log4j-api log4j-core log4j-slf4j2-impl commons-lang3 gson jmh-core jopt-simple)

# Modules of the Java runtime: what those libraries, Assay and TornadoVM ask for.
modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.scripting
modules+=,java.sql,java.xml,jdk.incubator.vector,jdk.internal.vm.ci,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs
# Of java.desktop log4j wants beans, nobody its native libraries.
unwanted='**/libawt*,**/libfontmanager*,**/libfreetype*,**/libjavajpeg*,**/libjawt*,**/libjsound*,**/liblcms*,**/libmlib*'
unwanted+=',**/libsplashscreen*'

# What is needed of an SDK besides its drivers: io.assay.engine.backend.tornado.sdk.TornadoSdk says why.
sdk_jars=(tornado/tornado-api tornado/tornado-runtime tornado/tornado-annotation tornado/tornado-drivers-common tornado/asm
  tornado/commons-math3 tornado/snmp4j graalJars/compiler graalJars/truffle-compiler graalJars/collections graalJars/word)

# A jar without compression: the archive compresses all of them together, and better.
store_jar() { # from, to, what to leave out
  local unpacked=$work/jar
  rm -rf "$unpacked"
  mkdir -p "$unpacked" "${2%/*}"
  (cd "$unpacked" && "$JDK/bin/jar" -xf "$1") || fail 4 PACK_FAILED "$1 cannot be unpacked"
  [[ -z ${3:-} ]] || (cd "$unpacked" && find . -regex "$3" -delete)
  # With its own manifest, which may name the jar's module.
  "$JDK/bin/jar" -c -0 -M -f "$2" -C "$unpacked" . || fail 4 PACK_FAILED "$2 cannot be written"
}

pack_runtime() {
  "$JDK/bin/jlink" --add-modules "$modules" --output "$stage/runtime" --strip-java-debug-attributes --no-man-pages \
    --no-header-files --compress zip-0 --vm server "--exclude-files=$unwanted" >"$work/jlink.log" 2>&1 ||
    fail 4 PACK_FAILED "jlink cannot make a runtime of $JDK: $(head -n 1 "$work/jlink.log")"
}

pack_assay() {
  local entry name library
  mkdir -p "$stage/app" "$stage/bin" "$stage/tests/peers" "$stage/tests/golden"
  while IFS= read -r -d : entry; do
    if [[ -d $entry ]]; then
      name=${entry#"$root/"}
      mkdir -p "$stage/app/${name%%/*}-${name##*/}"
      cp -R "$entry/." "$stage/app/${name%%/*}-${name##*/}"
      continue
    fi
    for library in "${libraries[@]}"; do
      name=${entry##*/}
      [[ $name =~ ^$library-[0-9] ]] || continue
      # Of native libraries those of this system's processors, of the catalogue of models nothing.
      store_jar "$entry" "$stage/app/$name" '\./\(native/lib/\(win\|osx\|linux-aarch64\).*\|nlp/.*\)'
      continue 2
    done
  done <<<"$classpath:"
  cp -R "$root"/tests/golden/v* "$stage/tests/golden"
  cp "$root"/tests/peers/*.py "$stage/tests/peers"
  cp "$root"/bin/{gpu-benchmark,gpu-run.sh,tornado-arguments.sh} "$stage/bin"
  cp "$root"/{LICENSE,NOTICE} "$stage"
  cp "$root/conf/log4j2.properties" "$stage/app"
  echo "$commit" >"$stage/app/commit"
}

# The SDK's parts, and the sources of its native library if it has none.
pack_sdk() { # SDK, sources
  local jar file found backend=opencl missing=()
  grep -q cuda "$1/etc/tornado.backend" && backend=cuda
  for jar in "${sdk_jars[@]}" "tornado/tornado-drivers-$backend"; do
    found=
    for file in "$1/share/java/$jar"-[0-9]*.jar; do
      [[ -f $file ]] && found=$file
    done
    [[ -n $found ]] || { missing+=("share/java/$jar-VERSION.jar"); continue; }
    store_jar "$found" "$stage/sdk/share/java/${jar%/*}/${found##*/}"
  done
  mkdir -p "$stage/sdk/etc/exportLists" "$stage/sdk/lib"
  for file in etc/tornado.backend etc/tornado.release "etc/exportLists/common-exports" "etc/exportLists/$backend-exports"; do
    cp "$1/$file" "$stage/sdk/$file" 2>/dev/null || missing+=("$file")
  done
  if [[ -f $1/lib/libtornado-$backend.so ]]; then
    cp "$1/lib/libtornado-$backend.so" "$stage/sdk/lib"
  elif [[ -z $2 ]]; then
    missing+=("lib/libtornado-$backend.so (or give its sources with --native-sources)")
  elif ! compgen -G "$2/*.cpp" >/dev/null; then
    fail 2 SDK_INCOMPLETE "--native-sources $2 holds no .cpp file; give tornado-drivers/cuda-jni/src/main/cpp/source of TornadoVM's sources"
  else
    mkdir "$stage/native"
    cp "$2"/*.{cpp,h} "$JDK/include/jni.h" "$JDK"/include/linux/jni_md.h "$stage/native"
  fi
  ((${#missing[@]} == 0)) ||
    fail 2 SDK_INCOMPLETE "the TornadoVM SDK in $1 lacks $(printf '%s, ' "${missing[@]}" | sed 's/, $//'); set TORNADOVM_HOME to a complete one"
  echo "gpu-benchmark: backend $backend, native library $([[ -d $stage/native ]] && echo "as sources" || echo "included")" >&2
  [[ $backend == cuda ]] || echo "gpu-benchmark: this SDK has no backend cuda: on NVIDIA the archive computes through OpenCL" >&2
}

pack() {
  local output=$root/target/assay-gpu.tar.xz sources='' sdk=${TORNADOVM_HOME:-/opt/tornadovm}
  while (($#)); do
    case $1 in
      --output) output=${2:?FILE}; shift 2 ;;
      --native-sources) sources=${2:?DIR}; shift 2 ;;
      *) fail 2 USAGE "pack knows --output FILE and --native-sources DIR, not '$1'" ;;
    esac
  done
  [[ -f $root/pom.xml ]] || fail 2 USAGE "pack works in Assay's sources; this folder was unpacked from an archive and has only run"
  [[ -f $sdk/etc/tornado.backend ]] ||
    fail 2 SDK_NOT_FOUND "$sdk is no TornadoVM SDK; install it (5.2.0 or later, the JDK 25 build, from https://tornadovm.org) and set TORNADOVM_HOME to its folder"
  command -v xz >/dev/null || fail 2 XZ_NOT_FOUND "the archive is compressed with xz, which is not on the PATH; install your system's package 'xz-utils' or 'xz'"
  # shellcheck source=bin/find-jdk.sh
  source "$root/bin/find-jdk.sh"
  find_jdk || fail 2 JDK_NOT_FOUND "$JDK_PROBLEM"
  # shellcheck source=bin/build-benchmarks.sh
  source "$root/bin/build-benchmarks.sh"
  build_benchmarks "$root"
  mkdir -p "$root/target"
  work=$(mktemp -d "$root/target/gpu-pack.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  stage=$work/assay-gpu
  mkdir "$stage"
  pack_runtime
  pack_assay
  pack_sdk "$sdk" "$sources"
  # What is missing shows here, not there.
  source "$root/bin/gpu-run.sh"
  (root=$stage && assay verify --backend cpu --quiet "$stage/tests/golden/v3-basic" &&
    java_packed io.assay.tests.benchmark.Bench peers --help) >"$work/trial.log" 2>&1 ||
    fail 4 PACK_FAILED "what was packed does not run here: $(grep -m 1 -E 'assay: |Exception|Error' "$work/trial.log")"
  mkdir -p "$(dirname "$output")"
  # With the same order and owner whoever packs.
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cf - assay-gpu | xz -9 -T1 >"$output.part" &&
    mv "$output.part" "$output" || fail 4 PACK_FAILED "$output cannot be written"
  printf '%s: %d MB\n' "$output" $(($(wc -c <"$output") / 1000000))
}

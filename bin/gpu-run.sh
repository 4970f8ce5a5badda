# Sourced by gpu-benchmark in the unpacked archive: golden cases and benchmark on this machine's device.

# Java with what was packed. Arguments of TornadoVM are in 'tornado' if a device is to be used.
java_packed() { # main class and its arguments
  local entry path=
  for entry in "$root"/app/*-classes "$root"/app/*.jar; do
    path+=:$entry
  done
  OPT_OUT_TRACKING=true "$root/runtime/bin/java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -XX:+UseParallelGC ${tornado[@]+"${tornado[@]}"} -Dai.djl.offline=true \
    -DOPT_OUT_TRACKING=true -Dassay.root="$root" -Dassay.home="$root" -Dassay.commit="$(<"$root/app/commit")" \
    -Dlog4j2.configurationFile="$root/app/log4j2.properties" -cp "${path#:}" "$@"
}

assay() {
  java_packed io.assay.job.Assay "$@"
}

# Folders that may hold CUDA, most specific first; Python packages bring it in parts.
cuda_folders() { # interpreter
  local folder
  for folder in "${CUDA_HOME:-}" "${CUDA_PATH:-}" /usr/local/cuda /usr; do
    [[ -z $folder ]] || echo "$folder"
  done
  "$1" -c 'import glob, sys
for top in sys.path:
    print(*sorted(glob.glob(top + "/nvidia/*/include")), sep="\n")' 2>/dev/null | sed -n 's|/include$||p'
}

# The first of these files below one of the folders.
first_file() { # folders (lines), names below them
  local folder name file
  while IFS= read -r folder; do
    for name in "${@:2}"; do
      for file in "$folder"/$name; do
        [[ -f $file ]] && { echo "$file"; return; }
      done
    done
  done <<<"$1"
  return 1
}

# Headers that stand for NVIDIA's profiler extensions: they only name what a profiler shows.
write_no_nvtx() {
  mkdir -p "$root/native/nvtx3"
  printf '%s\n' '#pragma once' 'static inline int nvtxRangePushA(const char *) { return 0; }' \
    'static inline int nvtxRangePop() { return 0; }' \
    'template <typename Stream> static inline void nvtxNameCuStreamA(Stream, const char *) {}' \
    >"$root/native/nvtx3/nvToolsExt.h"
  : >"$root/native/nvtx3/nvToolsExtCuda.h"
}

# TornadoVM's library for CUDA from its sources, against the toolkit of this machine.
build_native() { # interpreter
  local compiler folders cuda nvrtc nvtx library driver missing=() log=$root/results/native.log
  compiler=$(command -v c++ || command -v g++ || command -v clang++) || missing+=("a C++ compiler (g++ or clang++)")
  folders=$(cuda_folders "$1")
  cuda=$(first_file "$folders" include/cuda.h) || missing+=("cuda.h (CUDA toolkit)")
  nvrtc=$(first_file "$folders" include/nvrtc.h) || missing+=("nvrtc.h (CUDA toolkit, or the Python package nvidia-cuda-nvrtc)")
  library=$(first_file "$folders" 'lib64/libnvrtc.so*' 'lib/libnvrtc.so*' 'targets/x86_64-linux/lib/libnvrtc.so*' 'lib/x86_64-linux-gnu/libnvrtc.so*') ||
    missing+=("libnvrtc.so (CUDA toolkit, or the Python package nvidia-cuda-nvrtc)")
  driver=$(ldconfig -p 2>/dev/null | sed -n 's|.*libcuda\.so\.1 (.*=> ||p' | head -n 1)
  [[ -n $driver ]] || driver=$(first_file "$(tr : '\n' <<<"${LD_LIBRARY_PATH:-}")
/usr/local/nvidia/lib64
/usr/lib64
/usr/lib/x86_64-linux-gnu
/usr/lib/wsl/lib" libcuda.so.1) || missing+=("libcuda.so.1 (NVIDIA's driver)")
  ((${#missing[@]} == 0)) ||
    fail 2 CUDA_INCOMPLETE "TornadoVM's native library has to be compiled here and this machine lacks $(printf '%s; ' "${missing[@]}")looked in $(tr '\n' ' ' <<<"$folders")(set CUDA_HOME to the toolkit)"
  echo "compiling libtornado-cuda.so: $compiler, ${cuda%/*}, ${nvrtc%/*}, $library, $driver"
  # Python packages may lack these headers.
  nvtx=$(first_file "$folders" include/nvtx3/nvToolsExtCuda.h) || write_no_nvtx
  # Both libraries lie where the linker of the running program may not look.
  "$compiler" -O2 -fPIC -fpermissive -w -shared -o "$root/sdk/lib/libtornado-cuda.so" -I "$root/native" -I "${cuda%/*}" \
    -I "${nvrtc%/*}" ${nvtx:+-I "${nvtx%/nvtx3/*}"} "$root"/native/*.cpp "$library" "$driver" "-Wl,--no-as-needed,-rpath,${library%/*},-rpath,${driver%/*}" \
    >"$log" 2>&1 ||
    fail 4 BUILD_FAILED "TornadoVM's native library does not compile here: $(grep -m 1 -i error "$log"); the whole log is $log"
}

run() {
  local python=python3 torch='' rounds=3 small=() tornado=() line folder failed=0 backend=opencl
  while (($#)); do
    case $1 in
      --python) python=${2:?PATH}; shift 2 ;;
      --torch-device) torch=${2:?cuda or cpu}; shift 2 ;;
      --memory) export ASSAY_DEVICE_MEMORY=${2:?SIZE}; shift 2 ;;
      --rounds) rounds=${2:?N}; shift 2 ;;
      --small) small=(--small --warmups 1 --repeats 1); shift ;;
      *) fail 2 USAGE "run does not know '$1'; see bin/gpu-benchmark --help" ;;
    esac
  done
  [[ -d $root/runtime && -d $root/sdk ]] ||
    fail 2 USAGE "run works in the folder unpacked from an archive; make one with bin/gpu-benchmark pack"
  [[ $(uname -sm) == "Linux x86_64" ]] || fail 2 MACHINE "the archive is for Linux on x86-64, this is $(uname -sm)"
  grep -q cuda "$root/sdk/etc/tornado.backend" && backend=cuda
  [[ -n $torch ]] || { [[ $backend == cuda ]] && torch=cuda || torch=cpu; }
  mkdir -p "$root/results"
  # CUDA counts the fastest GPU first unless told to count as nvidia-smi does.
  export TORNADOVM_HOME=$root/sdk CUDA_DEVICE_ORDER=${CUDA_DEVICE_ORDER:-PCI_BUS_ID}
  [[ ! -d $root/native || -f $root/sdk/lib/libtornado-cuda.so ]] || build_native "$python"

  # shellcheck source=bin/tornado-arguments.sh
  source "$root/bin/tornado-arguments.sh"
  line=$(device_memory) || exit
  while IFS= read -r line; do
    tornado+=("$line")
  done < <(java_packed io.assay.job.launch.TornadoArguments "$line")
  {
    date -u
    uname -srm
    command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
    echo "== doctor (Spark is not part of the archive)"
    assay doctor
    for folder in "$root"/tests/golden/v*; do
      echo "== golden ${folder##*/}"
      assay verify --backend tornado "$folder" || echo "FAILED golden ${folder##*/}"
    done
    echo "== benchmark"
    java_packed io.assay.tests.benchmark.Bench peers --backend tornado --python "$python" --torch-device "$torch" \
      --rounds "$rounds" ${small[@]+"${small[@]}"} && cp "$root/target/bench/tornado.jsonl" "$root/results" || echo "FAILED benchmark"
  } 2>&1 | tee "$root/results/log.txt"
  failed=$(grep -c '^FAILED ' "$root/results/log.txt")
  echo "results: $root/results"
  ((failed == 0)) || fail 1 FAILED "$(sed -n 's/^FAILED //p' "$root/results/log.txt" | paste -sd, -): see $root/results/log.txt"
}

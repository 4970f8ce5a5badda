# Sourced by bin/assay: how to start the JVM where TornadoVM is installed.

# Whether the command may compute on a device: not if it only reads, not if it asks for the processor. Without an SDK there
# is nothing to start differently; which folders are one is for Java to say.
wants_tornado() {
  [[ -n ${TORNADOVM_HOME:-} || -d /opt/tornadovm ]] || return 1
  local argument before='' computes=1
  for argument; do
    case $before$argument in
      --backend=cpu | '--backend cpu') return 1 ;;
    esac
    case $argument in
      run | plan | score | generate | verify | balance | compare | doctor) computes=0 ;;
    esac
    before=
    [[ $argument != --backend ]] || before='--backend '
  done
  return $computes
}

# Memory of a device that may be filled, empty if nothing is known: nine tenths of the smallest GPU, as its driver and
# TornadoVM's code need some.
device_memory() {
  if [[ -n ${ASSAY_DEVICE_MEMORY:-} ]]; then
    [[ $ASSAY_DEVICE_MEMORY =~ ^[1-9][0-9]{0,8}[MG]B$ ]] ||
      fail 2 USAGE "ASSAY_DEVICE_MEMORY is '$ASSAY_DEVICE_MEMORY'; give a size such as 70GB or 8192MB"
    echo "$ASSAY_DEVICE_MEMORY"
    return
  fi
  command -v nvidia-smi >/dev/null || return 0
  local size least=
  while read -r size; do
    [[ $size =~ ^[1-9][0-9]*$ ]] || continue
    ((${least:-$size} < size)) || least=$size
  done < <(nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits 2>/dev/null)
  [[ -z $least ]] || echo "$((least * 9 / 10))MB"
}

# Sets the array 'tornado': what Java needs for TornadoVM, nothing without an SDK. An SDK that Java does not start with
# is left out and the reason handed over: the command says it if it needs TornadoVM, and the doctor in any case.
tornado_arguments() { # arguments of the command
  tornado=()
  wants_tornado "$@" || return 0
  local memory problem line
  memory=$(device_memory) || exit
  while IFS= read -r line; do
    tornado+=("$line")
  done < <("$JDK/bin/java" -Xshare:auto -XX:TieredStopAtLevel=1 -cp "$jar" io.assay.job.launch.TornadoArguments "$memory")
  ((${#tornado[@]})) || return 0
  problem=$("$JDK/bin/java" "${tornado[@]}" -version 2>&1) ||
    tornado=("-Dassay.tornado.problem=${problem//$'\n'/; }")
}

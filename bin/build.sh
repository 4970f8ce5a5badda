# Sourced by assay. build_jar makes job/target/assay-job.jar, once however many launches ask for it, and shows progress.

# One short line about what Maven is doing, from its log.
build_progress() {
  awk '
    /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ { step = $NF; name = $0; sub(/^\[INFO\] Building /, "", name); sub(/ [0-9][^ ]* +\[.*$/, "", name); doing = "" }
    /^\[INFO\] --- / { doing = $3; n = split(doing, part, ":"); doing = part[n] }
    /Downloaded from/ {
      files++
      if (match($0, /\([0-9.]+ [kMG]?B at/)) {
        split(substr($0, RSTART + 1, RLENGTH - 4), size, " ")
        factor = size[2] == "GB" ? 1000 : size[2] == "MB" ? 1 : size[2] == "kB" ? 0.001 : 0.000001
        megabytes += size[1] * factor
      }
    }
    END {
      if (name == "") { name = "Maven" } else { name = name " " step }
      if (doing != "") { name = name ", " doing }
      if (files > 0) { name = name sprintf(", %d MB in %d files fetched", megabytes, files) }
      print name
    }' "$1" 2>/dev/null
}

# Runs Maven; its output goes to the log, one updating line (or, without a terminal, a line now and then) to stderr.
run_maven() { # maven, log, why
  local started=$SECONDS shown=-10 line maven_pid status terminal=''
  [[ -t 2 && -z $json ]] && terminal=1
  : >"$2"
  JAVA_HOME=$JDK "$1" -B -f "$home/pom.xml" -pl job -am -Dmaven.test.skip=true -Dspotless.check.skip=true package \
    >"$2" 2>&1 </dev/null &
  maven_pid=$!
  trap 'kill -TERM "$maven_pid" 2>/dev/null; [[ -z $terminal ]] || printf "\n" >&2; exit 130' INT TERM HUP
  # The first line comes in any case, however soon Maven ends.
  while :; do
    line="building ($3): $(build_progress "$2"), $((SECONDS - started)) s"
    if [[ -n $terminal ]]; then
      printf '\r\033[Kassay: %s' "${line:0:$((${COLUMNS:-$(tput cols 2>/dev/null || echo 80)} - 8))}" >&2
    else
      if ((SECONDS - shown >= 10)); then say "$line"; shown=$SECONDS; fi
    fi
    kill -0 "$maven_pid" 2>/dev/null || break
    if [[ -n $terminal ]]; then sleep 0.5; else sleep 0.2; fi
  done
  wait "$maven_pid"
  status=$?
  trap - INT TERM HUP
  [[ -z $terminal ]] || printf '\r\033[K' >&2
  ((status == 0)) && say "built in $((SECONDS - started)) s"
  return "$status"
}

build_jar() {
  local log=$home/target/build.log lock=$home/target/build.lock why maven started waited='' line
  maven=$(command -v mvn) || fail 2 MAVEN_NOT_FOUND \
    "Assay has to be built once ($(stale)) and that needs Maven 3.8 or newer, but there is no mvn on the PATH; install Maven (https://maven.apache.org, or your system's package 'maven')"
  mkdir -p "$home/target" 2>/dev/null && : >>"$lock" 2>/dev/null || fail 2 NOT_WRITABLE \
    "Assay has to be built once ($(stale)), but '$home' cannot be written to; build it as a user who may write there"

  # The first launch builds, the others wait for it and then find the jar fresh.
  if command -v flock >/dev/null; then
    exec 9>"$lock"
    flock -n 9 || { say "waiting for another launch that builds"; flock 9; }
  else
    until mkdir "$lock.d" 2>/dev/null; do
      [[ -n $waited ]] || say "waiting for another launch that builds ($lock.d)"
      waited=1
      sleep 0.5
    done
    trap 'rmdir "$lock.d" 2>/dev/null' EXIT
  fi

  why=$(stale)
  if [[ -n $why ]]; then
    started=$home/target/build.started
    : >"$started"
    if ! run_maven "$maven" "$log" "$why"; then
      grep -E '^\[ERROR\]' "$log" | grep -vE '^\[ERROR\] *$|\[Help 1\]|re-run Maven|Re-run Maven|For more information' | awk '!seen[$0]++' | head -n 12 |
        while IFS= read -r line; do if [[ -n $json ]]; then say "$line"; else printf '%s\n' "$line" >&2; fi; done
      fail 4 BUILD_FAILED "Maven could not build Assay; the last errors are above, the whole log is $log"
    fi
    # The jar is as old as the start of its build, so that a source edited meanwhile counts as newer.
    touch -r "$started" "$jar"
    why=$(stale)
    [[ -z $why || $why == *changed ]] || fail 4 BUILD_FAILED "the build ended well but $why; see $log"
  fi

  if command -v flock >/dev/null; then exec 9>&-; else rmdir "$lock.d"; trap - EXIT; fi
}

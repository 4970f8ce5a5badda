# Sourced by assay and test. find_jdk sets JDK to the folder of a JDK 25, or JDK_PROBLEM to a sentence and returns 1.
# Reads the `release` file that every JDK carries: asking `java -version` would start a JVM for each candidate.

# The feature version of the JDK in a folder: 25, or nothing.
jdk_version() {
  local line
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#JAVA_VERSION=\"}
      line=${line%\"*}
      echo "${line%%[.+-]*}"
      return
    fi
  done <"$1/release"
  return 1
}

# The folder of the JDK whose java stands on the PATH.
jdk_on_path() {
  local file link
  file=$(command -v java) || return 1
  while [[ -L $file ]]; do
    link=$(readlink "$file")
    [[ $link == /* ]] || link=${file%/*}/$link
    file=$link
  done
  echo "${file%/bin/java}"
}

find_jdk() {
  local candidate version root on_path looked=() candidates=()
  JDK='' JDK_PROBLEM=''

  for candidate in JAVA_HOME JDK_HOME; do
    if [[ -n ${!candidate:-} ]]; then
      version=$(jdk_version "${!candidate}") || version='no JDK'
      [[ $version == 25 ]] && { JDK=${!candidate}; return; }
      looked+=("$candidate ($version)")
    else
      looked+=("$candidate (not set)")
    fi
  done

  if on_path=$(jdk_on_path); then
    version=$(jdk_version "$on_path") || version='no JDK'
    [[ $version == 25 ]] && { JDK=$on_path; return; }
    looked+=("PATH ($version)")
  else
    looked+=("PATH (no java)")
  fi

  local roots=${ASSAY_JDK_ROOTS:-/usr/lib/jvm:/usr/java:/usr/local/java:/opt:/opt/java:${HOME:-/}/.sdkman/candidates/java:${HOME:-/}/.jdks:/Library/Java/JavaVirtualMachines:${HOME:-/}/Library/Java/JavaVirtualMachines}
  local IFS=:
  for root in $roots; do
    IFS=$' \t\n'
    [[ -d $root ]] || continue
    looked+=("$root")
    for candidate in "$root"/*/ "$root"/*/Contents/Home/; do
      candidate=${candidate%/}
      [[ -f $candidate/release ]] || continue
      [[ $(jdk_version "$candidate") == 25 ]] && { JDK=$candidate; return; }
    done
  done

  local list
  list=$(printf '%s, ' "${looked[@]}")
  JDK_PROBLEM="Assay needs a JDK 25, looked in ${list%, } and found none; install one (https://adoptium.net, or 'sdk install java 25-tem') or set JAVA_HOME to it"
  return 1
}

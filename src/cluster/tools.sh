# Read by scripts/cluster, scripts/hdfs and scripts/yarn: jars from Maven, and processes that outlive the script.
# Whoever reads it sets: tool (the script's name), root, state (folder of logs and process ids), order (names of its
# processes, or patterns, in the order to end them in).
# shellcheck shell=bash disable=SC2154

patience=120 # seconds; a busy machine is slow to start a JVM

fail() {
  printf '%s: %s\n' "$tool" "$*" >&2
  exit 2
}

# Whether a folder of links to the jars of a pom.xml is there and whole: the local Maven repository may have been emptied.
assembled() { # FOLDER POM
  [ -d "$1/jars" ] && [ ! "$2" -nt "$1/jars.txt" ] && [ -z "$(find -L "$1/jars" -type l | head -n 1)" ]
}

# Links the jars that a pom.xml names into FOLDER/jars.
gather() { # FOLDER WHAT POM OPTION ...
  local folder=$1 what=$2 pom=$3 jar jars
  shift 3
  command -v mvn >/dev/null ||
    fail "no mvn, which fetches the jars of $what: install Maven 3.8 or newer (Debian: apt install maven)$instead"
  mkdir -p "$folder/jars"
  printf '%s: assembling %s; the first time downloads its jars\n' "$tool" "$what" >&2
  mvn -B -ntp -q -f "$pom" "$@" dependency:build-classpath "-Dmdep.outputFile=$folder/jars.txt" </dev/null \
    >"$folder/log" 2>&1 || {
    cat "$folder/log" >&2
    fail "Maven did not find the jars of $what, for the reason above"
  }
  IFS=: read -r -a jars <"$folder/jars.txt" || true
  for jar in "${jars[@]}"; do ln -sf "$jar" "$folder/jars/"; done
}
instead= # what else would do than Maven
strays=  # stands in the environment of processes that belong here but lead groups of their own

# A process is told from a later one of the same id by when it started.
birth() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# Prints the process id, if it is still that process.
running() { # NAME
  local id born
  read -r id born 2>/dev/null <"$state/$1.pid" && [ "$(birth "$id")" = "$born" ] && printf '%s\n' "$id"
}

names() {
  local pattern file
  for pattern in "${order[@]}"; do
    for file in "$state"/$pattern.pid; do
      [ ! -f "$file" ] || basename "$file" .pid
    done
  done
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

# A port to listen on; 0 is any.
vacant() { # PORT VARIABLE
  [[ $1 =~ ^[0-9]{1,5}$ ]] || fail "$2=$1 is not a port: write for example 9000"
  ! taken "$1" || fail "port $1 of 127.0.0.1 is taken: stop what listens there, or set $2"
}

# Each process leads a group of its own, which holds what it starts in turn.
launch() { # NAME COMMAND ...
  local name=$1
  shift
  setsid "$@" </dev/null >"$state/$name.log" 2>&1 &
  printf '%s %s\n' "$!" "$(birth "$!")" >"$state/$name.pid"
}

await() { # NAME TEXT: until the log has it
  local end=$((SECONDS + patience))
  until grep -q "$2" "$state/$1.log"; do
    if ! running "$1" >/dev/null || [ "$SECONDS" -ge "$end" ]; then
      tail -n 5 "$state/$1.log" >&2
      fail "the $1 did not start, see $state/$1.log"
    fi
    sleep 0.2
  done
}

# Fails if any process of before still runs; else ends and clears what it left, and ends everything if what follows fails.
begin() {
  local name
  for name in $(names); do
    ! running "$name" >/dev/null || fail "it runs already: scripts/$tool stop ends it"
  done
  finish # a process that was killed may have left others of its group
  mkdir -p "$state"
  rm -f "$state"/*.log
  trap 'finish >&2' EXIT
}

processes() { # prints each with its memory; 1 if there is none or one has ended
  local name id all=0 any=1
  for name in $(names); do
    any=0
    if id=$(running "$name"); then
      printf '%-8s process %s, %d MB\n' "$name" "$id" "$(awk '/^VmRSS/ { printf "%d", $2 / 1024 }' "/proc/$id/status")"
    else
      all=1
      printf '%-8s ended, see %s\n' "$name" "$state/$name.log"
    fi
  done
  [ "$any" = 0 ] || printf '%s: does not run\n' "$tool"
  return $((any | all))
}

# Ends the groups of all processes, by force where they do not go in time.
finish() {
  local name id born i
  for name in $(names); do
    read -r id born <"$state/$name.pid" || true
    # Where the leader has gone, its group may still be there.
    if [ -n "$id" ] && { [ "$(birth "$id")" = "$born" ] || ! [ -e "/proc/$id" ]; }; then
      kill -TERM -- "-$id" 2>/dev/null || true
      for ((i = 0; i < 100; i++)); do
        kill -0 -- "-$id" 2>/dev/null || break
        sleep 0.2
      done
      kill -KILL -- "-$id" 2>/dev/null || true
    fi
    rm -f "$state/$name.pid"
  done
  [ -z "$strays" ] || astray
}

# Ends the processes that have "strays" in their environment.
astray() {
  local signal ids i
  for signal in TERM KILL; do
    for ((i = 0; i < 10; i++)); do
      # Also 1 where a process ended while its environment was read, or is another user's.
      ids=$(grep -lszF -- "$strays" /proc/[0-9]*/environ | sed 's|/proc/||; s|/environ||') || true
      [ -n "$ids" ] || return 0
      # shellcheck disable=SC2086
      [ "$i" -gt 0 ] || kill -"$signal" $ids 2>/dev/null || true
      sleep 0.2
    done
  done
}

# Hadoop's own processes, for HDFS and YARN: one version serves the clients of every Spark line.
hadoop() { # prints the folder of its jars
  local made=$root/target/hadoop pom=$root/src/cluster/hadoop.xml
  if ! assembled "$made" "$pom"; then
    gather "$made.$$" Hadoop "$pom"
    rm -rf "$made"
    mv "$made.$$" "$made"
  fi
  printf '%s/jars\n' "$made"
}

# A file of Hadoop's settings.
site() { # FILE KEY=VALUE ...
  local file=$state/conf/$1 pair
  shift
  mkdir -p "$state/conf"
  printf '<configuration>\n' >"$file"
  for pair; do
    printf '  <property><name>%s</name><value>%s</value></property>\n' "${pair%%=*}" "${pair#*=}" >>"$file"
  done
  printf '</configuration>\n' >>"$file"
}

# The settings of Hadoop's log, and the command of one of its classes, in the array "command".
daemon() { # LEVEL CLASS WORD ...
  local level=$1 java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  shift
  command -v "$java" >/dev/null || fail "no $java: install JDK 17 or newer, or set JAVA_HOME"
  # shellcheck disable=SC2016
  printf '%s\n' 'log4j.rootLogger=${level}, console' 'log4j.appender.console=org.apache.log4j.ConsoleAppender' \
    'log4j.appender.console.target=System.err' 'log4j.appender.console.layout=org.apache.log4j.PatternLayout' \
    'log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n' >"$state/conf/log4j.properties"
  # Hadoop 3.3 looks into java.lang by reflection. Of Java's compilers the quick one alone: half the time to start.
  command=("$java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --add-opens=java.base/java.lang=ALL-UNNAMED "-Dlevel=$level"
    -cp "$state/conf:$jars/*" "$@")
}

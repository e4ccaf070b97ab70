#!/usr/bin/env bash
# What scripts/zeppelin has Zeppelin's server start: the Spark interpreter, by its class path.
set -euo pipefail
range=: host='' port='' id=''
while getopts 'hc:p:r:d:l:vu:g:i:' option; do
  case $option in
    c) host=$OPTARG ;;
    p) port=$OPTARG ;;
    r) range=$OPTARG ;;
    i) id=$OPTARG ;;
    *) ;;
  esac
done
# shellcheck disable=SC2086
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" $SCHUSS_ZEPPELIN_OPTIONS -Xmx1g -cp "$SCHUSS_ZEPPELIN_CLASSPATH" \
  org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer "$host" "$port" "$id" "$range"

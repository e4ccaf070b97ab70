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
# As spark-submit does, whose class loader brings spark.jars into the REPL.
app=$(tr ':' '\n' <<<"$SCHUSS_ZEPPELIN_CLASSPATH" | grep '/spark-interpreter-[^/]*\.jar$')
# shellcheck disable=SC2086
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" $SCHUSS_ZEPPELIN_OPTIONS -Xmx1g -cp "$SCHUSS_ZEPPELIN_CLASSPATH" \
  org.apache.spark.deploy.SparkSubmit --master 'local[2]' --conf "spark.jars=$SCHUSS_ZEPPELIN_JAR" \
  --conf spark.ui.enabled=false --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 \
  --class org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer "$app" "$host" "$port" "$id" "$range"

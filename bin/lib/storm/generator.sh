# shellcheck shell=bash
# Part of bin/storm and bin/bench. Their programs are Java, in the module wg-bench: builds it where it is not yet, and says
# how they are run.

bench_java=() # and the main class
generator=()

find_generator() {
  find_bench_java
  generator=("${bench_java[@]}" io.wgnetty.storm.Storm)
}

find_bench_java() {
  local jar=$home/wg-bench/target/wg-bench-$version.jar
  find_jdk
  if ! generator_is_current "$jar"; then
    find_maven
    echo "building wg-bench ... (first run, about a minute)"
    # With wg-peers, or the distribution that is built along would have no directories, and look as if it were whole.
    package_module wg-bench,wg-peers >"$work/build.log" ||
      fail "the build failed:"$'\n'"$(tail -n 30 "$work/build.log")"
    touch "$jar.built"
  fi
  bench_java=("$jdk/bin/java" -Xms256m -XX:+UseSerialGC -XX:-UsePerfData --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow -cp "$jar:$home/wg-bench/target/lib/*")
}

generator_is_current() { # JAR
  [[ -s $1 && -f $1.built ]] || return 1
  is_newest "$1.built" "$home"/wg-{tun,netty,bench}
}

#!/usr/bin/env bash
# include_arrows.sh ROOT: who may include whom, as the README's map says. Prints each forbidden arrow; exits 1 if any.
set -uo pipefail
cd "$1" || exit 2
violations=0

# forbid REASON PATTERN PATH...: no C++ or TypeScript line under the paths matches the pattern.
forbid() {
  local reason=$1 pattern=$2 found
  shift 2
  found=$(grep -rnE --include='*.h' --include='*.cpp' --include='*.cu' --include='*.ts' --include='*.tsx' -- "$pattern" "$@" 2>/dev/null)
  [ -z "$found" ] && return
  printf '%s:\n%s\n' "$reason" "$found"
  violations=1
}

include='^ *# *include *[<"]'
from="(from|import) *\(?['\"]"
# The core proper: shared/ without the command line.
mapfile -t core < <(find shared -mindepth 1 -maxdepth 1 ! -name cli)

forbid "shared/ knows no tensor library, browser or device" "$include(torch|ATen|c10|emscripten|cuda)" shared
forbid "shared/ includes only shared/" "$include(trainer|wasm|web|tests)/" shared
forbid "the core does not know the command line" "$include(shared/cli/|CLI/)" "${core[@]}"
forbid "the core does not talk to a terminal" "${include}iostream>|std::(cout|cerr|clog|cin)\b|\b(printf|puts|putchar|fprintf|fputs) *\(" "${core[@]}"
forbid "the core does not end the process or ask its environment" "std::(exit|abort|quick_exit|terminate|system|getenv) *\(" "${core[@]}"
forbid "the core starts no threads" "$include(thread|mutex|future|atomic|condition_variable)>" "${core[@]}"
forbid "emscripten 3.1.6 lacks these headers" "$include(ranges|format|expected|source_location)>|std::(ranges|views)::" "${core[@]}"
forbid "trainer/ does not know the page" "$include(emscripten|wasm/|web/)" trainer
forbid "wasm/ includes only shared/, and not its command line" "$include(torch|CLI/|trainer/|shared/cli/|web/)" wasm
forbid "the page reaches the worker through protocol.ts alone" "$from[^'\"]*(/worker/[^?'\"]*['\"]|plkd[-_]core)" web/src/page
forbid "the worker has no page" "$from[^'\"]*/page/" web/src/worker
forbid "the protocol belongs to neither side" "$from[^'\"]*/(page|worker)/" web/src/protocol.ts

[ $violations = 0 ] && echo "no forbidden arrow"
exit $violations

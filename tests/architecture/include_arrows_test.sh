#!/usr/bin/env bash
# Plants one violation after another in an otherwise empty tree; include_arrows.sh must notice each, and nothing else.
set -uo pipefail
check=$(cd "$(dirname "$0")" && pwd)/include_arrows.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
wrong=0

plant() {
  local expected=$1 file=$2 line=$3
  rm -rf "${tree:?}"/*
  mkdir -p "$tree"/{shared/cli,shared/counts,trainer,wasm,web/src/page,web/src/worker}
  printf '%s\n' "$line" >"$tree/$file"
  "$check" "$tree" >/dev/null
  [ $? = "$expected" ] && return
  echo "expected $expected for $file: $line"
  wrong=1
}

allowed() { plant 0 "$@"; }
forbidden() { plant 1 "$@"; }

forbidden shared/error.cpp '#include <torch/torch.h>'
forbidden shared/cli/main.cpp '#include "trainer/fit/fit.h"'
forbidden shared/counts/mtx.cpp '#include <emscripten/val.h>'
forbidden shared/counts/mtx.cpp '#include "shared/cli/progress.h"'
forbidden shared/counts/mtx.cpp '#include <iostream>'
forbidden shared/counts/mtx.cpp '  std::exit(1);'
forbidden shared/counts/mtx.cpp '#include <thread>'
forbidden shared/counts/mtx.cpp '  std::ranges::sort(genes);'
forbidden trainer/main.cpp '#include "wasm/bindings.h"'
forbidden wasm/bindings.cpp '#include "shared/cli/program.h"'
forbidden web/src/page/table.tsx "import { annotate } from '../worker/annotate';"
forbidden web/src/page/table.tsx "import type { PlkdCore } from '../../../wasm/plkd_core';"
forbidden web/src/worker/main.ts "import { show } from '../page/table';"
forbidden web/src/protocol.ts "import type { Row } from './page/table';"
allowed shared/cli/progress.cpp '#include <iostream>'
allowed shared/cli/annotate.cpp '#include <thread>'
allowed trainer/main.cpp '#include <torch/torch.h>'
allowed wasm/bindings.cpp '#include <emscripten/val.h>'
allowed web/src/page/client.ts "import workerUrl from '../worker/main.ts?worker&url';"
allowed web/src/page/client.ts "import type { Calls } from '../protocol';"

[ $wrong = 0 ] && echo "every planted violation was noticed"
exit $wrong

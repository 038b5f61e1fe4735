#!/usr/bin/env bash
# build.sh: compiles Debian's zlib, libdeflate and HDF5 sources to WebAssembly archives, once for each version of emscripten and of this
# file, and prints the folder (build/wasm-deps/emscripten-VERSION with include/ and lib/) that dependencies.cmake reads.
# HDF5's own configure step cannot run under emscripten, so its configuration is Debian's, corrected below.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
version=$(emcc --version | sed -n '1s/.* \([0-9][0-9.]*\) .*/\1/p')
deps=$(cd "$here/../.." && pwd)/build/wasm-deps
out=$deps/emscripten-$version
recipe=$(cksum <build.sh)
if [ "$(cat "$out/complete" 2>/dev/null)" = "$recipe" ]; then echo "$out"; exit; fi

say() { echo "wasm libraries: $*" >&2; }
compile=(emcc -O3 -msimd128 -DNDEBUG -w)
jobs=$(nproc)
# NodeSource's node does not look where Debian keeps the acorn that emscripten links with.
export NODE_PATH=/usr/share/nodejs${NODE_PATH:+:$NODE_PATH}
# Under Node 18 and later emscripten's glue would fetch() the .wasm file instead of reading it.
run_in_node=(node --no-experimental-fetch)

# archive LIBRARY SOURCE_FOLDER FLAG... : compiles the sources named on stdin, several to a call of emcc.
archive() {
  local library=$1 folder=$2
  shift 2
  cd "$folder"
  xargs -P "$jobs" -n 12 "${compile[@]}" "$@" -c
  emar rcs "$out/lib/$library" ./*.o
}

# What wasm has otherwise than Debian's amd64: sizes of types, and system calls that are missing, useless or, as pread
# above 4 GiB, wrong without a word.
correct_configuration() {
  local absent=(FILTER_SZIP LIBSZ SZLIB_H FLOAT128 QUADMATH_H THREADSAFE FORK GETPWUID SIGNAL SETJMP DIRECT IOCTL
    TIOCGETD TIOCGWINSZ RAND_R ALARM GETRUSAGE WAITPID PTHREAD_H PREADWRITE)
  {
    echo '#include <stdbool.h>'
    echo '#include <stdint.h>'
    echo '#include <stdio.h>'
    echo '#include <sys/types.h>'
    echo '#include <time.h>'
    echo 'int main(void) {'
    sed -nE 's/^#define (H5_SIZEOF_([A-Z][A-Z0-9_]*)) .*/\1 \2/p' "$1" | while read -r macro type; do
      type=$(echo "$type" | tr '[:upper:]' '[:lower:]' | sed 's/^long_/long /')
      echo "printf(\"s/^(#define $macro) .*/\\\\1 %d/\\n\", (int)sizeof($type));"
    done
    echo 'return 0; }'
  } >sizes.c
  emcc sizes.c -o sizes.js
  {
    "${run_in_node[@]}" sizes.js
    echo 's/^(#define H5_SIZEOF___FLOAT128) .*/\1 0/'
    printf 's/^#define H5_HAVE_%s .*//\n' "${absent[@]}"
  } >corrections.sed
  sed -E -f corrections.sed "$1"
}

rm -rf "$out" && mkdir -p "$out"/{include/hdf5,lib}
say "fetching Debian's sources of zlib, libdeflate and hdf5"
"$here/fetch_source.sh" "$deps/source" zlib libdeflate hdf5

say "zlib"
cd "$deps/source/zlib"
# What zlib's configure does: file offsets have off_t's 64 bits, in the archive and for whoever includes zlib.h.
sed -i 's/^#ifdef HAVE_UNISTD_H.*/#if 1/' zconf.h
ls ./*.c | archive libz.a "$deps/source/zlib"
cp "$deps"/source/zlib/{zlib,zconf}.h "$out/include/"

say "libdeflate, without what compresses"
cd "$deps/source/libdeflate"
ls lib/{adler32,crc32,deflate_decompress,utils,zlib_decompress}.c | archive libdeflate.a "$deps/source/libdeflate" -I.
cp libdeflate.h "$out/include/"

say "hdf5, about a minute and a half on two cores"
cd "$deps/source/hdf5/src"
correct_configuration /usr/include/hdf5/serial/H5pubconf.h >H5pubconf.h
emcc -w H5detect.c -sNODERAWFS=1 -o detect.js
"${run_in_node[@]}" detect.js >H5Tinit.c
echo 'char H5libhdf5_settings[] = "";' >H5lib_settings.c
ls H5*.c | grep -vE '^H5(detect|make_libsettings|FDdirect|FDmpi.*|FDhdfs|FDros3|FDs3comms|FDwindows|mpi)\.c$' |
  archive libhdf5.a "$deps/source/hdf5/src" -I. -I"$out/include"
cp hdf5.h H5*pub*.h H5FD[!p]*.h H5{api_adpt,PLextern,version}.h "$out/include/hdf5/"

cd "$deps" && rm -rf source
echo "$recipe" >"$out/complete"
say "done in $SECONDS s"
echo "$out"

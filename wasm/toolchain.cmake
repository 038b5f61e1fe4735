# Compiles for WebAssembly with whichever emscripten is on the PATH (Debian 12: 3.1.6).
execute_process(COMMAND em-config EMSCRIPTEN_ROOT
  OUTPUT_VARIABLE emscripten_root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE em_config_failed)
if(em_config_failed)
  message(FATAL_ERROR "em-config does not run; install emscripten (./run setup does)")
endif()
include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)

# NodeSource's node does not look where Debian keeps acorn, which emscripten's linker needs.
set(CMAKE_CXX_LINKER_LAUNCHER ${CMAKE_COMMAND} -E env NODE_PATH=/usr/share/nodejs)

# Under Node 18 and later the glue would fetch() the .wasm file instead of reading it.
set(CMAKE_CROSSCOMPILING_EMULATOR node --no-experimental-fetch)

# -fexceptions: off by default, and a throw would end the program; -fwasm-exceptions of 3.1.6 misses typed catches once
# threads come in.
# -msimd128: four floats at a time in the Student's kernels; every browser since 2023 has it.
set(CMAKE_CXX_FLAGS_INIT "-fexceptions -msimd128")

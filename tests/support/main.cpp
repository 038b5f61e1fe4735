#define CATCH_CONFIG_MAIN
// wasm has no POSIX signals.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include <catch2/catch.hpp>

# Answers find_package for the wasm build, so that shared/CMakeLists.txt reads the same for both: emscripten hides the
# machine's own packages. zlib, libdeflate and HDF5 come from build.sh; header-only libraries are the machine's, through links to
# exactly those folders (its whole include folder would bring in the wrong libc).
set(plkd_wasm_deps ${PROJECT_SOURCE_DIR}/build/wasm-deps/emscripten-${EMSCRIPTEN_VERSION})
if(NOT EXISTS ${plkd_wasm_deps}/complete)
  message(FATAL_ERROR "zlib, libdeflate and HDF5 for WebAssembly are not built; run wasm/third_party/build.sh (./run build does)")
endif()

add_library(ZLIB::ZLIB STATIC IMPORTED GLOBAL)
set_target_properties(ZLIB::ZLIB PROPERTIES
  IMPORTED_LOCATION ${plkd_wasm_deps}/lib/libz.a
  INTERFACE_INCLUDE_DIRECTORIES ${plkd_wasm_deps}/include
)
add_library(libdeflate::libdeflate STATIC IMPORTED GLOBAL)
set_target_properties(libdeflate::libdeflate PROPERTIES
  IMPORTED_LOCATION ${plkd_wasm_deps}/lib/libdeflate.a
  INTERFACE_INCLUDE_DIRECTORIES ${plkd_wasm_deps}/include
)
add_library(hdf5::hdf5 STATIC IMPORTED GLOBAL)
set_target_properties(hdf5::hdf5 PROPERTIES
  IMPORTED_LOCATION ${plkd_wasm_deps}/lib/libhdf5.a
  INTERFACE_INCLUDE_DIRECTORIES ${plkd_wasm_deps}/include/hdf5
  INTERFACE_LINK_LIBRARIES ZLIB::ZLIB
)

# header_only(FOLDER FILE [TARGET]): FILE, found on the machine in a folder FOLDER, can be included as FOLDER/FILE.
function(header_only folder file)
  find_path(${folder}_parent ${folder}/${file} PATHS /usr/include /usr/include/eigen3 REQUIRED
    NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/host_headers)
  file(CREATE_LINK ${${folder}_parent}/${folder} ${PROJECT_BINARY_DIR}/host_headers/${folder} SYMBOLIC)
  foreach(target IN LISTS ARGN)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    target_include_directories(${target} SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/host_headers)
  endforeach()
endfunction()
header_only(Eigen Core Eigen3::Eigen)
header_only(catch2 catch.hpp Catch2::Catch2)
header_only(nlohmann json.hpp nlohmann_json::nlohmann_json)
header_only(protozero pbf_reader.hpp)

# Everything above is there already; any other package is an error, as ever.
macro(plkd_provide method package)
  if("${package}" MATCHES "^(Catch2|Eigen3|HDF5|libdeflate|nlohmann_json|ZLIB)$")
    set(${package}_FOUND TRUE)
  endif()
endmacro()
cmake_language(SET_DEPENDENCY_PROVIDER plkd_provide SUPPORTED_METHODS FIND_PACKAGE)

# C17 without extensions; the same arithmetic from every compiler and build type.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# On in every preset; off where somebody builds with a compiler that nobody has tried yet.
option(DAGCAST_WERROR "warnings are errors" OFF)

add_library(dagcast_options INTERFACE)
target_compile_definitions(dagcast_options INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(dagcast_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wundef -Wformat=2
  $<$<BOOL:${DAGCAST_WERROR}>:-Werror>
  -ffp-contract=off -UNDEBUG)      # asserts stay in release builds: what only a bug can cause aborts loudly

# One compilation serves the program, the static and the shared library: calls within it are not to be replaced from outside.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(dagcast_options INTERFACE -fno-semantic-interposition)
endif()

# Whole-program optimisation (preset release) keeps plain machine code in the installed library beside gcc's own.
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
  target_compile_options(dagcast_options INTERFACE -ffat-lto-objects)
endif()

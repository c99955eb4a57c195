# -DDAGCAST_SANITIZE=address,undefined (preset asan) or thread (preset tsan).
set(DAGCAST_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize= takes them")
if(DAGCAST_SANITIZE)
  add_compile_options(-fsanitize=${DAGCAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DAGCAST_SANITIZE})
endif()

# Preset fuzz: all code tells libFuzzer where it has been; tests/fuzz links its programs with it.
option(DAGCAST_FUZZ "build the libFuzzer programs of tests/fuzz (clang)" OFF)
if(DAGCAST_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

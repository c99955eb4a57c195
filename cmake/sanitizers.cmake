# -DDAGCAST_SANITIZE=address,undefined (preset asan) or thread (preset tsan). At -O1, as their manuals advise: tests take half the
# time. Warnings are no errors there: gcc guesses wrong about instrumented code, and the other presets have them.
set(DAGCAST_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize= takes them")
if(DAGCAST_SANITIZE)
  add_compile_options($<$<CONFIG:Debug>:-O1> -fsanitize=${DAGCAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DAGCAST_SANITIZE})
endif()

# Preset fuzz: all code tells libFuzzer where it has been; tests/fuzz links its programs with it.
option(DAGCAST_FUZZ "build the libFuzzer programs of tests/fuzz (clang)" OFF)
if(DAGCAST_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# -DDAGCAST_SANITIZE=address,undefined (preset asan) or thread (preset tsan).
set(DAGCAST_SANITIZE "" CACHE STRING "sanitizers to build with, as -fsanitize= takes them")
if(DAGCAST_SANITIZE)
  add_compile_options(-fsanitize=${DAGCAST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DAGCAST_SANITIZE})
endif()

# add_module(NAME DEPENDS folders... LIBRARIES targets...): every .c below the folder becomes one static library
# dagcast_NAME. A folder without sources yet is a library of nothing.
function(add_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.c)
  list(TRANSFORM ARG_DEPENDS PREPEND dagcast_)
  if(sources)
    add_library(dagcast_${name} STATIC ${sources})
    target_include_directories(dagcast_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(dagcast_${name} PUBLIC ${ARG_DEPENDS} ${ARG_LIBRARIES} PRIVATE dagcast_options)
  else()
    add_library(dagcast_${name} INTERFACE)
    target_include_directories(dagcast_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(dagcast_${name} INTERFACE ${ARG_DEPENDS} ${ARG_LIBRARIES})
  endif()
  set_property(GLOBAL APPEND PROPERTY DAGCAST_MODULES ${name})
endfunction()

# add_program(FOLDER DEPENDS folders...): the program `dagcast`: FOLDER/main.c, and the folder's other sources as a library
# that tests can link.
function(add_program folder)
  cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.c)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${folder}/main.c)
  list(TRANSFORM ARG_DEPENDS PREPEND dagcast_)
  add_library(dagcast_${folder} STATIC ${sources})
  target_include_directories(dagcast_${folder} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_definitions(dagcast_${folder} PRIVATE DAGCAST_VERSION="${PROJECT_VERSION}")
  # One file alone knows where the tree lies: all others compile to the same bytes in any folder.
  set_source_files_properties(${CMAKE_SOURCE_DIR}/${folder}/data_dirs.c PROPERTIES
                              COMPILE_DEFINITIONS DAGCAST_SOURCE="${CMAKE_SOURCE_DIR}")
  target_link_libraries(dagcast_${folder} PUBLIC ${ARG_DEPENDS} PRIVATE dagcast_options)
  add_executable(dagcast ${CMAKE_SOURCE_DIR}/${folder}/main.c)
  target_compile_definitions(dagcast PRIVATE DAGCAST_VERSION="${PROJECT_VERSION}")
  target_link_libraries(dagcast PRIVATE dagcast_${folder} dagcast_options)
  install(TARGETS dagcast COMPONENT program)
endfunction()

# What `cmake --install` puts where, in components that are Debian packages too (cmake/package.cmake): the program with its data,
# documents, manual pages and completion; a shared library of all modules; headers, the static library and dagcast.pc.
# (The program itself is installed by add_program().)
set(data ${CMAKE_INSTALL_DATADIR}/dagcast)

# --- library and development
get_property(modules GLOBAL PROPERTY DAGCAST_MODULES)
set(objects "")
foreach(module ${modules})
  get_target_property(type dagcast_${module} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    list(APPEND objects $<TARGET_OBJECTS:dagcast_${module}>)
  endif()
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${module}/*.h)
  list(FILTER headers EXCLUDE REGEX "_impl\\.h$")
  foreach(header ${headers})
    get_filename_component(folder ${header} DIRECTORY)
    install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dagcast/${folder} COMPONENT development)
  endforeach()
endforeach()
add_library(dagcast_library STATIC ${objects})
set_target_properties(dagcast_library PROPERTIES OUTPUT_NAME dagcast LINKER_LANGUAGE C)
install(TARGETS dagcast_library ARCHIVE COMPONENT development)

# Before 1.0 every minor version may break programs: it is part of the soname. Its calls to itself stay within it, whatever
# other libraries define functions of the same name.
set(DAGCAST_SOVERSION ${PROJECT_VERSION_MAJOR})
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(DAGCAST_SOVERSION 0.${PROJECT_VERSION_MINOR})
endif()
if(NOT DAGCAST_SANITIZE AND NOT DAGCAST_FUZZ)
  add_library(dagcast_shared SHARED ${objects})
  set_target_properties(dagcast_shared PROPERTIES OUTPUT_NAME dagcast LINKER_LANGUAGE C VERSION ${PROJECT_VERSION}
                        SOVERSION ${DAGCAST_SOVERSION})
  target_link_libraries(dagcast_shared PRIVATE dagcast_validation dagcast_plots)
  target_link_options(dagcast_shared PRIVATE -Wl,-Bsymbolic-functions)
  install(TARGETS dagcast_shared LIBRARY COMPONENT library NAMELINK_COMPONENT development)
endif()

file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)      # so that the tree may be moved
string(REGEX REPLACE "/$" "" prefix_from_pc ${prefix_from_pc})
foreach(pc dagcast.pc dagcast-static.pc)
  configure_file(cmake/${pc}.in ${pc} @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${pc} DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endforeach()

# --- program
# Data is found by the same names ("platforms/summit.json") below share/dagcast and below core/ and traces/ of the tree; README.md and
# docs/ keep their places to each other, for their links.
foreach(folder core/platforms traces/profiles examples)
  install(DIRECTORY ${folder} DESTINATION ${data} COMPONENT program OPTIONAL USE_SOURCE_PERMISSIONS
          FILES_MATCHING PATTERN "*.json" PATTERN "*.sh")
endforeach()
install(DIRECTORY docs DESTINATION ${data} COMPONENT program FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.png")
install(FILES README.md CHANGELOG.md DESTINATION ${data} COMPONENT program)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)         # Debian has it elsewhere

# The Python package runs the program beside it: PREFIX/bin/dagcast.
set(DAGCAST_PYTHON_DIR lib/python3/dist-packages CACHE PATH "where Python packages are installed, below the prefix")
install(DIRECTORY python/dagcast DESTINATION ${DAGCAST_PYTHON_DIR} COMPONENT python FILES_MATCHING PATTERN "*.py" PATTERN "py.typed"
        PATTERN __pycache__ EXCLUDE)

# What the program says of itself: written by it once it is built.
set(described ${CMAKE_CURRENT_BINARY_DIR}/described)
add_custom_command(OUTPUT ${described}/stamp VERBATIM DEPENDS dagcast cmake/describe.cmake docs/dagcast-task.1
                   COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:dagcast> -DOUTPUT=${described}
                           -DPAGES=${CMAKE_SOURCE_DIR}/docs/dagcast-task.1 -P ${CMAKE_SOURCE_DIR}/cmake/describe.cmake)
add_custom_target(dagcast_described ALL DEPENDS ${described}/stamp)
install(DIRECTORY ${described}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(DIRECTORY ${described}/schemas DESTINATION ${data} COMPONENT program)
set(completion ${described}/completion)
install(FILES ${completion}/dagcast DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${completion}/_dagcast DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
install(FILES ${completion}/dagcast.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)

# --- cmake --build BUILD --target uninstall: removes what the last `cmake --install BUILD` wrote
add_custom_target(uninstall VERBATIM COMMAND ${CMAKE_COMMAND} -DMANIFEST=${CMAKE_BINARY_DIR}/install_manifest.txt
                                             -P ${CMAKE_SOURCE_DIR}/cmake/uninstall.cmake)
include(package)

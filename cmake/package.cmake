# `cpack` in a build folder writes Debian packages, one a component of cmake/install.cmake. tests/install/package checks them.
set(DAGCAST_PACKAGER "dagcast developers <dagcast@users.noreply.github.com>" CACHE STRING "maintainer of the Debian packages")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${DAGCAST_PACKAGER})
set(CPACK_PACKAGE_NAME dagcast)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_COMPONENTS_ALL program library development python)

# debian_package(COMPONENT NAME SECTION DESCRIPTION [DEPENDS packages])
function(debian_package component name section description)
  cmake_parse_arguments(ARG "" "DEPENDS" "" ${ARGN})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${ARG_DEPENDS}" PARENT_SCOPE)
  set(CPACK_COMPONENT_${upper}_DESCRIPTION "${description}" PARENT_SCOPE)
  # Documents that every package has, and that only packages have.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/debian/${name})
  configure_file(cmake/debian/changelog.in ${folder}/changelog.Debian @ONLY)
  execute_process(COMMAND gzip -9nf ${folder}/changelog.Debian)
  install(FILES ${folder}/changelog.Debian.gz cmake/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${name}
          COMPONENT ${component} EXCLUDE_FROM_ALL)
  configure_file(cmake/debian/${component}.overrides.in ${folder}/overrides @ONLY)
  install(FILES ${folder}/overrides DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME ${name}
          COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

string(TIMESTAMP DAGCAST_PACKAGED "%a, %d %b %Y %H:%M:%S +0000" UTC)     # SOURCE_DATE_EPOCH, where it is set
set(about "dagcast simulates a workflow of heterogeneous tasks (cores, GPUs, memory) on
the nodes of a machine, with the middleware between, and prints closed forms
and lower bounds beside the simulation.")
debian_package(program dagcast science "${about}")
debian_package(library libdagcast${DAGCAST_SOVERSION} libs "${about}\n.\nThis package has the shared library.")
debian_package(development libdagcast-dev libdevel "${about}\n.\nThis package has headers, the static library and a pkg-config file."
               DEPENDS "libdagcast${DAGCAST_SOVERSION} (= ${PROJECT_VERSION}-1), libcjson-dev, libgsl-dev, libhwloc-dev, \
libarchive-dev, libsqlite3-dev, libmd-dev, libuv1-dev, uthash-dev, librandom123-dev")
debian_package(python python3-dagcast python "${about}\n.\nThis package has the Python module, which runs the program."
               DEPENDS "dagcast (= ${PROJECT_VERSION}-1), python3:any")
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "gnuplot-nox, graphviz, jq")
include(CPack)

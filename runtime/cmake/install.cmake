# Install rules for headers, static libraries, the CMake package and pkg-config files.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/mqbind")
set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

set(public_headers binding.h codec.h config.h loopback.h mqbind.h queue.h version.h)
install(TARGETS mqbind_runtime EXPORT mqbind-runtime)
install(EXPORT mqbind-runtime NAMESPACE mqbind:: DESTINATION "${package_dir}")
if(MQBIND_MOSQUITTO)
  list(APPEND public_headers mosquitto.h)
  install(TARGETS mqbind_mosquitto EXPORT mqbind-mosquitto)
  install(EXPORT mqbind-mosquitto NAMESPACE mqbind:: DESTINATION "${package_dir}")
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/libmosquitto.cmake" DESTINATION "${package_dir}")
endif()
if(MQBIND_PAHO)
  list(APPEND public_headers paho.h)
  install(TARGETS mqbind_paho EXPORT mqbind-paho)
  install(EXPORT mqbind-paho NAMESPACE mqbind:: DESTINATION "${package_dir}")
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/paho.cmake" DESTINATION "${package_dir}")
endif()
list(TRANSFORM public_headers PREPEND "${PROJECT_SOURCE_DIR}/include/mqbind/")
install(FILES ${public_headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/mqbind")
# What generated code calls; applications do not include it.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/mqbind/detail"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/mqbind")

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/mqbind-config.cmake.in" "${CMAKE_CURRENT_BINARY_DIR}/mqbind-config.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/mqbind-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/mqbind-config.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/mqbind-config-version.cmake"
              "${PROJECT_SOURCE_DIR}/codegen/cmake/mqbind.cmake" DESTINATION "${package_dir}")

# The prefix relative to the .pc file, so that an installed tree can be moved.
file(RELATIVE_PATH PREFIX_FROM_PC "${CMAKE_INSTALL_PREFIX}/${pkgconfig_dir}" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" PREFIX_FROM_PC "${PREFIX_FROM_PC}")
get_target_property(DEFINITION_FLAGS mqbind_runtime INTERFACE_COMPILE_DEFINITIONS)
if(NOT DEFINITION_FLAGS)
  set(DEFINITION_FLAGS "")
endif()
list(TRANSFORM DEFINITION_FLAGS PREPEND " -D")
list(JOIN DEFINITION_FLAGS "" DEFINITION_FLAGS)
function(mqbind_install_pc name)
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${name}.pc.in" "${name}.pc" @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${pkgconfig_dir}")
endfunction()
mqbind_install_pc(mqbind)
if(MQBIND_MOSQUITTO)
  mqbind_install_pc(mqbind-mosquitto)
endif()
if(MQBIND_PAHO)
  mqbind_install_pc(mqbind-paho)
endif()

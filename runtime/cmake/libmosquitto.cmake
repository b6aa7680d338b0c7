# Defines mqbind::libmosquitto if the library and OpenSSL are installed. Used by the build and, after installation,
# by find_package(mqbind).
if(NOT TARGET mqbind::libmosquitto)
  find_path(LIBMOSQUITTO_INCLUDE_DIR mosquitto.h DOC "Folder of libmosquitto's mosquitto.h")
  find_library(LIBMOSQUITTO_LIBRARY mosquitto DOC "The library libmosquitto")
  mark_as_advanced(LIBMOSQUITTO_INCLUDE_DIR LIBMOSQUITTO_LIBRARY)
  find_package(OpenSSL 1.1.1 QUIET)
  if(LIBMOSQUITTO_INCLUDE_DIR
     AND LIBMOSQUITTO_LIBRARY
     AND TARGET OpenSSL::SSL)
    add_library(mqbind::libmosquitto UNKNOWN IMPORTED GLOBAL)
    set_target_properties(
      mqbind::libmosquitto
      PROPERTIES IMPORTED_LOCATION "${LIBMOSQUITTO_LIBRARY}"
                 INTERFACE_INCLUDE_DIRECTORIES "${LIBMOSQUITTO_INCLUDE_DIR}"
                 INTERFACE_LINK_LIBRARIES OpenSSL::SSL)
  endif()
endif()

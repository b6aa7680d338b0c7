# Defines mqbind::libpaho if paho's MQTTAsync is installed. Used by the build and, after installation, by
# find_package(mqbind).
if(NOT TARGET mqbind::libpaho)
  find_path(LIBPAHO_INCLUDE_DIR MQTTAsync.h DOC "Folder of paho's MQTTAsync.h")
  find_library(LIBPAHO_LIBRARY paho-mqtt3as DOC "The library paho-mqtt3as, which has TLS")
  mark_as_advanced(LIBPAHO_INCLUDE_DIR LIBPAHO_LIBRARY)
  find_package(Threads QUIET)
  if(LIBPAHO_INCLUDE_DIR
     AND LIBPAHO_LIBRARY
     AND TARGET Threads::Threads)
    add_library(mqbind::libpaho UNKNOWN IMPORTED GLOBAL)
    set_target_properties(
      mqbind::libpaho
      PROPERTIES IMPORTED_LOCATION "${LIBPAHO_LIBRARY}"
                 INTERFACE_INCLUDE_DIRECTORIES "${LIBPAHO_INCLUDE_DIR}"
                 INTERFACE_LINK_LIBRARIES Threads::Threads)
  endif()
endif()

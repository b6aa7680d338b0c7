# find_package(mqbind COMPONENTS runtime mosquitto) where mqbind is sources: those in a package that pip
# installed. Adds their project, which has the options of a checkout, so that mqbind::runtime and
# mqbind::mosquitto are built with the project that uses them, and mqbind_add_protocol() is defined.
# Without COMPONENTS: runtime, and mosquitto if libmosquitto is available.
function(_mqbind_add_sources)
  get_filename_component(sources "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.." ABSOLUTE)
  if(NOT mosquitto IN_LIST mqbind_FIND_COMPONENTS)
    if(NOT mqbind_FIND_COMPONENTS)
      include("${sources}/runtime/cmake/libmosquitto.cmake")
    endif()
    if(NOT TARGET mqbind::libmosquitto)
      set(MQBIND_MOSQUITTO OFF)
    endif()
  endif()
  add_subdirectory("${sources}" "${CMAKE_BINARY_DIR}/mqbind")
endfunction()

if(NOT TARGET mqbind::runtime)
  _mqbind_add_sources()
endif()
foreach(component IN LISTS mqbind_FIND_COMPONENTS)
  if(TARGET mqbind::${component})
    set(mqbind_${component}_FOUND TRUE)
  elseif(mqbind_FIND_REQUIRED_${component})
    set(mqbind_FOUND FALSE)
    set(mqbind_NOT_FOUND_MESSAGE "mqbind was added without the component ${component}")
  endif()
endforeach()

include("${CMAKE_CURRENT_LIST_DIR}/mqbind-location.cmake")
include("${mqbind_cmake_dir}/mqbind-config-version.cmake")

# pip installs this file to share/cmake/mqbind of its environment, where CMake finds it if the prefix is
# in CMAKE_PREFIX_PATH or its bin/ in PATH. The sources are where the command says.
include("${CMAKE_CURRENT_LIST_DIR}/mqbind-location.cmake")
set(MQBIND_EXECUTABLE "${mqbind_command}" CACHE FILEPATH "The command mqbind")
include("${mqbind_cmake_dir}/mqbind-config.cmake")

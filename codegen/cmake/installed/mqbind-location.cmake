# Sets mqbind_command, the command of this environment, and mqbind_cmake_dir, its files for CMake.
get_filename_component(mqbind_command "${CMAKE_CURRENT_LIST_DIR}/../../../bin/mqbind" ABSOLUTE)
execute_process(
  COMMAND "${mqbind_command}" --cmake-dir
  OUTPUT_VARIABLE mqbind_cmake_dir
  ERROR_VARIABLE mqbind_reason
  RESULT_VARIABLE mqbind_result
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
if(NOT mqbind_result EQUAL 0)
  message(FATAL_ERROR "${mqbind_command} does not run: ${mqbind_result} ${mqbind_reason}")
endif()

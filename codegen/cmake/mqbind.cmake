# mqbind_add_protocol(TARGET t SCHEMA f [OUTPUT_DIR d] [ROOT r] [VIEW own|peer|both] [SERVER s]
#                     [OPERATIONS a b ...])
#
# Adds the static library t with the C that `mqbind generate` generates from the schema f, linked with
# mqbind::runtime. Its headers are in d (default: a folder of the build tree). The schema is read
# while CMake configures, to find out which files will be generated and which files it refers to. After
# a change to any of these, the next build configures, generates and compiles what is different.
# References must stay inside the folder r, like with the option --root of mqbind. In d, only files
# generated from a schema with the same title are replaced or removed.
#
# The command `mqbind` is MQBIND_EXECUTABLE, or searched for in .venv/ of the project and in PATH.
include_guard(GLOBAL)

function(mqbind_add_protocol)
  cmake_parse_arguments(
    PARSE_ARGV 0 arg "" "TARGET;SCHEMA;OUTPUT_DIR;ROOT;VIEW;SERVER" "OPERATIONS")
  _mqbind_check_arguments("${arg_TARGET}" "${arg_SCHEMA}" "${arg_UNPARSED_ARGUMENTS}")
  # The last hint is for a checkout of mqbind; once this file is installed, it does not exist.
  find_program(
    MQBIND_EXECUTABLE mqbind
    HINTS "${CMAKE_SOURCE_DIR}/.venv/bin" "${PROJECT_SOURCE_DIR}/.venv/bin"
          "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../.venv/bin"
    DOC "The command mqbind")
  if(NOT MQBIND_EXECUTABLE)
    message(FATAL_ERROR "The command mqbind is missing. Install it with pip (see docs/building.md) "
                        "or set -DMQBIND_EXECUTABLE=...")
  endif()

  set(work_dir "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.mqbind")
  get_filename_component(schema "${arg_SCHEMA}" ABSOLUTE)
  if(arg_OUTPUT_DIR)
    get_filename_component(output_dir "${arg_OUTPUT_DIR}" ABSOLUTE BASE_DIR
                           "${CMAKE_CURRENT_BINARY_DIR}")
  else()
    set(output_dir "${work_dir}/generated")
  endif()
  set(command "${MQBIND_EXECUTABLE}" generate "${schema}" -o "${output_dir}")
  if(NOT arg_OUTPUT_DIR)
    # Nothing else writes to this folder, so a new title in the schema is no reason to refuse.
    list(APPEND command --force)
  endif()
  if(arg_ROOT)
    get_filename_component(root "${arg_ROOT}" ABSOLUTE)
    list(APPEND command --root "${root}")
  endif()
  if(arg_VIEW)
    list(APPEND command --view "${arg_VIEW}")
  endif()
  if(arg_SERVER)
    list(APPEND command --server "${arg_SERVER}")
  endif()
  if(arg_OPERATIONS)
    list(JOIN arg_OPERATIONS "," operations)
    list(APPEND command --operations "${operations}")
  endif()

  _mqbind_scan("${work_dir}" "${output_dir}" "${schema}" "${command}" inputs outputs)
  # `clean` removes what is listed as output, so only what is compiled is listed: a README may have
  # been written by hand.
  list(FILTER outputs INCLUDE REGEX "\\.[ch]$")
  # Unchanged files are not rewritten, so the stamp records when they were last compared.
  set(stamp "${work_dir}/generated.stamp")
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS ${outputs}
    COMMAND ${command}
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS ${inputs} "${MQBIND_EXECUTABLE}"
    COMMENT "Generating C from ${arg_SCHEMA}"
    VERBATIM)
  add_custom_target(${arg_TARGET}_generate DEPENDS "${stamp}")

  add_library(${arg_TARGET} STATIC ${outputs})
  add_dependencies(${arg_TARGET} ${arg_TARGET}_generate)
  set_target_properties(${arg_TARGET} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON)
  target_include_directories(${arg_TARGET} PUBLIC "${output_dir}")
  target_link_libraries(${arg_TARGET} PUBLIC mqbind::runtime)
endfunction()

function(_mqbind_check_arguments target schema unknown)
  if(unknown)
    message(FATAL_ERROR "mqbind_add_protocol: unknown argument ${unknown}")
  endif()
  if(NOT target OR NOT schema)
    message(FATAL_ERROR "mqbind_add_protocol: TARGET and SCHEMA are required")
  endif()
endfunction()

# Ask the generator which files it reads and writes; configure again when that may change.
function(_mqbind_scan work_dir output_dir schema command inputs outputs)
  file(MAKE_DIRECTORY "${work_dir}")
  set(depfile "${work_dir}/inputs.d")
  execute_process(
    COMMAND ${command} --list-outputs --depfile "${depfile}"
    OUTPUT_VARIABLE names
    ERROR_VARIABLE diagnostics
    RESULT_VARIABLE result
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  set_property(
    DIRECTORY
    APPEND
    PROPERTY CMAKE_CONFIGURE_DEPENDS "${schema}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "mqbind cannot compile ${schema}:\n${diagnostics}")
  endif()
  string(REPLACE "\n" ";" names "${names}")
  list(TRANSFORM names PREPEND "${output_dir}/")

  _mqbind_read_depfile("${depfile}" files)
  set_property(
    DIRECTORY
    APPEND
    PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(${inputs} ${files} PARENT_SCOPE)
  set(${outputs} ${names} PARENT_SCOPE)
endfunction()

# The prerequisites of a Make rule: "target: one two\ with\ space \<newline> three".
function(_mqbind_read_depfile depfile files)
  file(READ "${depfile}" rule)
  string(REGEX REPLACE "^.*: " "" rule "${rule}")
  string(REGEX REPLACE "\\\\\n" " " rule "${rule}")
  string(REPLACE "\\ " "\t" rule "${rule}")
  string(REPLACE "\\#" "#" rule "${rule}")
  string(REPLACE "$$" "$" rule "${rule}")
  string(REGEX MATCHALL "[^ \n]+" names "${rule}")
  list(TRANSFORM names REPLACE "\t" " ")
  set(${files} ${names} PARENT_SCOPE)
endfunction()

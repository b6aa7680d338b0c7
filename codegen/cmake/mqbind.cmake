# mqbind_add_protocol(TARGET t SCHEMA f [OUTPUT_DIR d] [ROOT r] [VIEW own|peer|both] [SERVER s]
#                     [OPERATIONS a b ...] [OVERLAYS f ...] [MAPS uri=folder ...]
#                     [PROFILE balanced|speed] [STRICT])
#
# Adds the static library t with the C that `mqbind generate` generates from the schema f, linked with
# mqbind::runtime. Its headers are in d (default: a folder of the build tree); install(TARGETS) and
# install(EXPORT) work as for any library. The generator is asked while CMake configures, which files it
# will generate and which files these depend on: the schema, the files that it refers to, and the
# generator's own. After a change to any of these, the next build configures, generates and compiles
# what is different. References must stay inside the folder r, like with the option --root of mqbind.
# OVERLAYS change the schema, and MAPS say where what begins with a URI is, like --overlay and --map.
# PROFILE chooses how the generated code is compiled: speed needs the engine direct; the default is that of
# mqbind::runtime. With STRICT, a warning about the schema is an error.
# In d, only files generated from a schema with the same title are replaced or removed.
#
# The command `mqbind` is MQBIND_EXECUTABLE, or searched for in .venv/ of the project and in PATH.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)

function(mqbind_add_protocol)
  set(one_value TARGET SCHEMA OUTPUT_DIR ROOT VIEW SERVER PROFILE)
  set(several_values OPERATIONS OVERLAYS MAPS)
  cmake_parse_arguments(PARSE_ARGV 0 arg "STRICT" "${one_value}" "${several_values}")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mqbind_add_protocol: unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(name IN LISTS one_value several_values)
    # An empty variable must not mean the default.
    if(name IN_LIST ARGV AND "${arg_${name}}" MATCHES "^;*$")
      message(FATAL_ERROR "mqbind_add_protocol: ${name} has no value")
    endif()
  endforeach()
  if(NOT DEFINED arg_TARGET OR NOT DEFINED arg_SCHEMA)
    message(FATAL_ERROR "mqbind_add_protocol: TARGET and SCHEMA are required")
  endif()
  if(DEFINED arg_PROFILE AND NOT arg_PROFILE MATCHES "^(balanced|speed)$")
    message(FATAL_ERROR "mqbind_add_protocol: PROFILE is \"${arg_PROFILE}\", must be balanced or speed")
  endif()
  if(TARGET "${arg_TARGET}")
    message(FATAL_ERROR "mqbind_add_protocol: there is already a target \"${arg_TARGET}\"")
  endif()
  if(NOT CMAKE_C_COMPILE_OBJECT)
    message(FATAL_ERROR "mqbind_add_protocol: generated code is C, which this project does not enable; "
                        "add C to the LANGUAGES of its project()")
  endif()
  _mqbind_find_executable()

  set(work_dir "${CMAKE_CURRENT_BINARY_DIR}/${arg_TARGET}.mqbind")
  get_filename_component(schema "${arg_SCHEMA}" ABSOLUTE)
  set(options)
  if(arg_OUTPUT_DIR)
    get_filename_component(output_dir "${arg_OUTPUT_DIR}" ABSOLUTE BASE_DIR
                           "${CMAKE_CURRENT_BINARY_DIR}")
  else()
    set(output_dir "${work_dir}/generated")
    # Nothing else writes to this folder, so a new title in the schema is no reason to refuse.
    list(APPEND options --force)
  endif()
  _mqbind_claim("${output_dir}" "${arg_TARGET}")
  if(arg_ROOT)
    get_filename_component(root "${arg_ROOT}" ABSOLUTE)
    list(APPEND options --root "${root}")
  endif()
  if(arg_STRICT)
    list(APPEND options --strict)
  endif()
  if(arg_VIEW)
    list(APPEND options --view "${arg_VIEW}")
  endif()
  if(arg_SERVER)
    list(APPEND options --server "${arg_SERVER}")
  endif()
  if(arg_OPERATIONS)
    list(JOIN arg_OPERATIONS "," operations)
    list(APPEND options --operations "${operations}")
  endif()

  foreach(overlay IN LISTS arg_OVERLAYS)
    get_filename_component(overlay "${overlay}" ABSOLUTE)
    list(APPEND options --overlay "${overlay}")
  endforeach()
  foreach(map IN LISTS arg_MAPS)
    if(NOT map MATCHES "^([^=]+)=(.+)$")
      message(FATAL_ERROR "mqbind_add_protocol: MAPS has \"${map}\", which is not URI=FOLDER")
    endif()
    get_filename_component(folder "${CMAKE_MATCH_2}" ABSOLUTE)
    list(APPEND options --map "${CMAKE_MATCH_1}=${folder}")
  endforeach()

  _mqbind_scan("${work_dir}" "${output_dir}" "${schema}" "${options}" documents outputs)
  if(NOT arg_OUTPUT_DIR)
    _mqbind_remove_others("${output_dir}" "${outputs}")
  endif()
  add_library(${arg_TARGET} STATIC)
  _mqbind_generate("${arg_TARGET}" "${work_dir}" "${output_dir}" "${schema}" "${options}"
                   "${documents}" "${outputs}")
  set_target_properties(
    ${arg_TARGET}
    PROPERTIES C_STANDARD 11
               C_STANDARD_REQUIRED ON
               # For shared libraries that contain it.
               POSITION_INDEPENDENT_CODE ON
               # Sources have static functions of the same names.
               UNITY_BUILD OFF)
  _mqbind_add_headers("${arg_TARGET}" "${output_dir}" "${outputs}")
  target_link_libraries(${arg_TARGET} PUBLIC mqbind::runtime)
  if(arg_PROFILE STREQUAL "speed")
    target_compile_definitions(${arg_TARGET} PRIVATE MQB_PROFILE_SPEED)
  elseif(arg_PROFILE STREQUAL "balanced")
    target_compile_options(${arg_TARGET} PRIVATE -UMQB_PROFILE_SPEED)
  endif()
endfunction()

# Find the command, which is a program of the machine that builds.
function(_mqbind_find_executable)
  # The last hint is for a checkout of mqbind; once this file is installed, it does not exist.
  find_program(
    MQBIND_EXECUTABLE mqbind
    HINTS "${CMAKE_SOURCE_DIR}/.venv/bin" "${PROJECT_SOURCE_DIR}/.venv/bin"
          "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../.venv/bin"
    DOC "The command mqbind"
    NO_CMAKE_FIND_ROOT_PATH)
  if(NOT MQBIND_EXECUTABLE)
    message(FATAL_ERROR "The command mqbind is missing. Install it with pip (see docs/building.md) "
                        "or set -DMQBIND_EXECUTABLE=...")
  endif()
endfunction()

# Explain why the command failed, if it is not because of the document.
function(_mqbind_try)
  execute_process(
    COMMAND "${MQBIND_EXECUTABLE}" --version
    OUTPUT_VARIABLE version
    ERROR_VARIABLE reason
    RESULT_VARIABLE result
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
  if(NOT result EQUAL 0 OR NOT version MATCHES "^mqbind [0-9]")
    # Of a traceback, the last line is the reason. What is no number is one itself.
    string(REGEX REPLACE "^.*\n" "" reason "${reason}")
    if(NOT result MATCHES "^[0-9]+$")
      set(reason "${result}")
    elseif(reason STREQUAL "")
      set(reason "`mqbind --version` printed \"${version}\" and ended with status ${result}")
    endif()
    message(FATAL_ERROR "${MQBIND_EXECUTABLE} does not run: ${reason}. Install it again with pip, or "
                        "set -DMQBIND_EXECUTABLE=...")
  endif()
  string(REGEX REPLACE "^mqbind " "" version "${version}")
  _mqbind_compare_versions("${version}")
endfunction()

# Warn, once, of a command that is not from the same mqbind as the runtime.
function(_mqbind_compare_versions version)
  get_property(warned GLOBAL PROPERTY _MQBIND_WARNED)
  _mqbind_runtime_property(MQBIND_VERSION expected)
  if(expected AND NOT version STREQUAL expected AND NOT warned)
    set_property(GLOBAL PROPERTY _MQBIND_WARNED ON)
    message(WARNING "${MQBIND_EXECUTABLE} is mqbind ${version}, but the runtime is of mqbind "
                    "${expected}. Install the same version of both, or set -DMQBIND_EXECUTABLE=...")
  endif()
endfunction()

# A property of mqbind::runtime; empty if it has none.
function(_mqbind_runtime_property name value)
  set(found)
  if(TARGET mqbind::runtime)
    get_target_property(found mqbind::runtime ${name})
  endif()
  if(NOT found)
    set(found)
  endif()
  set(${value} "${found}" PARENT_SCOPE)
endfunction()

# Two targets with one folder would remove and rewrite each other's files in each build.
function(_mqbind_claim output_dir target)
  file(REAL_PATH "${output_dir}" place)
  get_property(owner GLOBAL PROPERTY "_MQBIND_OWNER_OF_${place}")
  if(owner)
    message(FATAL_ERROR "mqbind_add_protocol: \"${owner}\" and \"${target}\" have the same OUTPUT_DIR, "
                        "${output_dir}; each needs its own")
  endif()
  set_property(GLOBAL PROPERTY "_MQBIND_OWNER_OF_${place}" "${target}")
endfunction()

# Ask the generator which files it reads and writes; configure again when that may change. Paths
# inside the folder of CMakeLists.txt are relative to it, because a list cannot contain all that its path
# may.
function(_mqbind_scan work_dir output_dir schema options documents outputs)
  _mqbind_relative("${CMAKE_CURRENT_SOURCE_DIR}" "${schema}" relative)
  set_property(
    DIRECTORY
    APPEND
    PROPERTY CMAKE_CONFIGURE_DEPENDS "${relative}")
  execute_process(
    COMMAND "${MQBIND_EXECUTABLE}" generate "${schema}" -o "${output_dir}" ${options} --list-files
    OUTPUT_VARIABLE found
    ERROR_VARIABLE diagnostics
    RESULT_VARIABLE result)
  string(JSON version ERROR_VARIABLE no_list GET "${found}" generator version)
  if(NOT result EQUAL 0 OR no_list)
    _mqbind_try()
    # CMake breaks long lines, but not those that begin with a blank.
    string(REGEX REPLACE "\n+$" "" diagnostics "${diagnostics}")
    string(REPLACE "\n" "\n  " diagnostics "${diagnostics}")
    message(FATAL_ERROR "mqbind cannot compile ${schema}:\n  ${diagnostics}")
  endif()
  _mqbind_compare_versions("${version}")
  string(JSON abi GET "${found}" generator abi)
  _mqbind_runtime_property(MQBIND_GENERATED_ABI expected)
  if(expected AND NOT abi EQUAL expected)
    message(FATAL_ERROR "${MQBIND_EXECUTABLE} generates code for another runtime: its ABI is ${abi}, "
                        "that of mqbind::runtime is ${expected}. Install the same version of both")
  endif()
  _mqbind_read_paths("${found}" documents_found documents)
  _mqbind_read_paths("${found}" generator_found generator files)
  set_property(
    DIRECTORY
    APPEND
    PROPERTY CMAKE_CONFIGURE_DEPENDS ${documents_found} ${generator_found})
  # The build depends on this file instead of the generator's: their times may be older than those of
  # what another version generated.
  string(JSON digest GET "${found}" generator digest)
  set(last)
  if(EXISTS "${work_dir}/generator.sha256")
    file(READ "${work_dir}/generator.sha256" last)
  endif()
  if(NOT last STREQUAL digest)
    file(WRITE "${work_dir}/generator.sha256" "${digest}")
  endif()

  set(names)
  string(JSON count LENGTH "${found}" outputs)
  foreach(index RANGE 1 ${count})
    math(EXPR index "${index} - 1")
    string(JSON name GET "${found}" outputs ${index})
    # `clean` removes what is listed as output, so only what is compiled is listed: a README may have
    # been written by hand.
    if(name MATCHES "\\.[ch]$")
      list(APPEND names "${name}")
    endif()
  endforeach()
  set(${documents} "${documents_found}" PARENT_SCOPE)
  set(${outputs} "${names}" PARENT_SCOPE)
endfunction()

# Remove what was generated before the document had another title, so that nothing includes it.
function(_mqbind_remove_others output_dir outputs)
  file(GLOB others RELATIVE "${output_dir}" "${output_dir}/*.[ch]")
  foreach(name IN LISTS others)
    if(NOT name IN_LIST outputs)
      file(REMOVE "${output_dir}/${name}")
    endif()
  endforeach()
endfunction()

# The paths in an array of the JSON, as relative ones.
function(_mqbind_read_paths json paths)
  set(found)
  string(JSON count LENGTH "${json}" ${ARGN})
  foreach(index RANGE 1 ${count})
    math(EXPR index "${index} - 1")
    string(JSON path GET "${json}" ${ARGN} ${index})
    _mqbind_relative("${CMAKE_CURRENT_SOURCE_DIR}" "${path}" path)
    list(APPEND found "${path}")
  endforeach()
  set(${paths} "${found}" PARENT_SCOPE)
endfunction()

# The path relative to the folder if it is inside: a way out may lead elsewhere if a folder is a link.
function(_mqbind_relative folder path relative)
  file(RELATIVE_PATH found "${folder}" "${path}")
  if(found MATCHES "^\\.\\./")
    set(found "${path}")
  endif()
  set(${relative} "${found}" PARENT_SCOPE)
endfunction()

# Add the sources to the target, and the command that generates them.
function(_mqbind_generate target work_dir output_dir schema options documents outputs)
  set(products)
  foreach(name IN LISTS outputs)
    _mqbind_relative("${CMAKE_CURRENT_BINARY_DIR}" "${output_dir}/${name}" product)
    list(APPEND products "${product}")
    target_sources(${target} PRIVATE "${output_dir}/${name}")
  endforeach()
  # Unchanged files are not rewritten, so the stamp records when they were last compared. Its time is
  # that of the beginning: what changes meanwhile is newer.
  set(stamp "${work_dir}/generated.stamp")
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS ${products}
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}.begun"
    COMMAND "${MQBIND_EXECUTABLE}" generate "${schema}" -o "${output_dir}" ${options}
    COMMAND "${CMAKE_COMMAND}" -E rename "${stamp}.begun" "${stamp}"
    DEPENDS ${documents} "${work_dir}/generator.sha256"
    COMMENT "Generating C from ${schema}"
    VERBATIM)
  add_custom_target(${target}_generate DEPENDS "${stamp}")
  add_dependencies(${target} ${target}_generate)
  if(NOT CMAKE_GENERATOR MATCHES "Ninja")
    # Only Ninja generates again when one of the files is gone.
    _mqbind_write_check("${work_dir}/check.cmake" "${output_dir}" "${stamp}" "${outputs}")
    add_custom_target(${target}_check COMMAND "${CMAKE_COMMAND}" -P "${work_dir}/check.cmake" VERBATIM)
    add_dependencies(${target}_generate ${target}_check)
  endif()
endfunction()

# A script that removes the stamp if a generated file is missing.
function(_mqbind_write_check script output_dir stamp outputs)
  file(WRITE "${script}" "set(folder [==[${output_dir}]==])
foreach(name ${outputs})
  if(NOT EXISTS \"\${folder}/\${name}\")
    file(REMOVE [==[${stamp}]==])
  endif()
endforeach()
")
endfunction()

# Its folder of headers, in the build tree and once it is installed.
function(_mqbind_add_headers target output_dir outputs)
  set(headers)
  foreach(name IN LISTS outputs)
    if(name MATCHES "\\.h$")
      list(APPEND headers "${output_dir}/${name}")
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES PUBLIC_HEADER "${headers}")
  set(installed include)
  if(CMAKE_INSTALL_INCLUDEDIR)
    set(installed "${CMAKE_INSTALL_INCLUDEDIR}")
  endif()
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${output_dir}>")
  target_include_directories(${target} PUBLIC "$<INSTALL_INTERFACE:${installed}>")
endfunction()

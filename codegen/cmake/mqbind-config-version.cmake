# The version of the sources in pyproject.toml, compared like that of an installed package.
include(CMakePackageConfigHelpers)
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../../pyproject.toml" version REGEX "^version = ")
string(REGEX REPLACE "^version = \"(.*)\"$" "\\1" version "${version}")
write_basic_package_version_file(
  "${CMAKE_BINARY_DIR}/CMakeFiles/mqbind-version.cmake"
  VERSION "${version}"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
include("${CMAKE_BINARY_DIR}/CMakeFiles/mqbind-version.cmake")

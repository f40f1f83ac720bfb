# Compiles files into a target: genie_slack_embed(TARGET NAMESPACE FUNCTION FILES...) defines
# std::vector<std::pair<std::string_view, std::string_view>> NAMESPACE::FUNCTION(), name and content of each file.
# Called as a script by the build: cmake -DFILES=a;b -DNAMESPACE=n -DFUNCTION=f -DOUTPUT=x.cpp -P EmbedFiles.cmake

if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(genie_slack_embed target namespace function)
    set(source "${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp")
    set(script "${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake")
    add_custom_command(
      OUTPUT "${source}"
      COMMAND ${CMAKE_COMMAND} "-DFILES=${ARGN}" "-DNAMESPACE=${namespace}" "-DFUNCTION=${function}"
              "-DOUTPUT=${source}" -P "${script}"
      DEPENDS ${ARGN} "${script}"
      VERBATIM)
    target_sources(${target} PRIVATE "${source}")
    set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  endfunction()
  return()
endif()

set(arrays "")
set(entries "")
set(index 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char file_${index}[] = {${bytes}0};\n")
  string(APPEND entries
         "        {\"${name}\", {reinterpret_cast<const char*>(file_${index}), sizeof(file_${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}.new" "#include <string_view>
#include <utility>
#include <vector>

namespace {
${arrays}}  // namespace

namespace ${NAMESPACE} {
std::vector<std::pair<std::string_view, std::string_view>> ${FUNCTION}();
std::vector<std::pair<std::string_view, std::string_view>> ${FUNCTION}() {
    return {
${entries}    };
}
}  // namespace ${NAMESPACE}
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)

# Writes OUTPUT, a C++ source that defines genie_slack::sandbox::page_file(name) over the contents of FILES.
# Called as a script: cmake -DFILES=a;b -DOUTPUT=x.cpp -P EmbedFiles.cmake

set(arrays "")
set(branches "")
set(index 0)
foreach(file IN LISTS FILES)
  get_filename_component(name "${file}" NAME)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char file_${index}[] = {${bytes}0};\n")
  string(APPEND branches
         "    if (name == \"${name}\")\n        return std::string_view(reinterpret_cast<const char*>(file_${index}), sizeof(file_${index}) - 1);\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}.new" "#include <optional>
#include <string_view>

namespace {
${arrays}}  // namespace

namespace genie_slack::sandbox {
std::optional<std::string_view> page_file(std::string_view name) {
${branches}    return std::nullopt;
}
}  // namespace genie_slack::sandbox
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)

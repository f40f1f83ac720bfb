#include "app/answer/chart/chart_module.hpp"

#include <dlfcn.h>

namespace genie_slack::answer {

namespace chart_module_detail {

constexpr const char* kFile = "genie-slack-charts.so";

std::string last_failure() {
    const char* said = dlerror();
    return said ? said : "unknown";
}

std::vector<std::filesystem::path> usual_folders() {
    std::error_code failure;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
    if (failure || program.empty())
        return {};
    return {program, program.parent_path() / "lib" / "genie-slack"};
}

}  // namespace chart_module_detail

using namespace chart_module_detail;

ChartModule load_chart_module(const std::vector<std::filesystem::path>& folders) {
    for (const std::filesystem::path& folder : folders) {
        const std::filesystem::path file = folder / kFile;
        std::error_code failure;
        if (!std::filesystem::exists(file, failure))
            continue;
        void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!library)
            return {nullptr, file.string() + " cannot be loaded: " + last_failure()};
        void* const entry = dlsym(library, kPenEntry);
        const Pen* const pen = entry ? reinterpret_cast<PenEntry>(entry)(kPenVersion) : nullptr;
        if (!pen)
            return {nullptr, file.string() + " belongs to another version of genie-slack"};
        return {pen, ""};
    }
    return {nullptr, std::string(kFile) + " is not installed"};
}

const ChartModule& chart_module() {
    static const ChartModule module = load_chart_module(usual_folders());
    return module;
}

}  // namespace genie_slack::answer

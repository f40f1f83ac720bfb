#include "app/answer/chart/chart_module.hpp"

#include "tests/catch.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <dlfcn.h>

namespace chart_module_test {

using namespace genie_slack;
using answer::ChartModule;
using answer::load_chart_module;
namespace fs = std::filesystem;

class Folder {
 public:
    explicit Folder(const std::string& name)
        : path_(fs::temp_directory_path() / ("charts-" + name + "-" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const fs::path& path() const { return path_; }
    fs::path module() const { return path_ / "genie-slack-charts.so"; }

 private:
    fs::path path_;
};

TEST_CASE("the chart module that was built with the program is found beside it", "[chart]") {
    CHECK(answer::chart_module().problem.empty());
    REQUIRE(answer::chart_module().pen);
}

TEST_CASE("without the chart module the problem says what is missing", "[chart]") {
    const Folder empty("none");
    const ChartModule module = load_chart_module({empty.path(), empty.path() / "lib"});
    CHECK_FALSE(module.pen);
    CHECK(module.problem == "genie-slack-charts.so is not installed");
    CHECK_FALSE(load_chart_module({}).pen);
}

TEST_CASE("a chart module that cannot be loaded is named with the reason", "[chart]") {
    const Folder broken("broken");
    std::ofstream(broken.module()) << "no library";
    const ChartModule module = load_chart_module({broken.path()});
    CHECK_FALSE(module.pen);
    CHECK_THAT(module.problem, test::contains(broken.module().string() + " cannot be loaded: "));
}

TEST_CASE("a chart module of another version is refused", "[chart]") {
    const Folder other("other");
    // The C library stands for it: it can be loaded and has no such entry.
    Dl_info where{};
    REQUIRE(dladdr(reinterpret_cast<void*>(&::getpid), &where) != 0);
    fs::create_symlink(where.dli_fname, other.module());
    const ChartModule module = load_chart_module({other.path()});
    CHECK_FALSE(module.pen);
    CHECK_THAT(module.problem, test::contains("belongs to another version"));
}

TEST_CASE("the module gives its pen to no other version of the program", "[chart]") {
    REQUIRE(answer::chart_module().pen);
    const fs::path file = fs::read_symlink("/proc/self/exe").parent_path() / "genie-slack-charts.so";
    void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(library);
    const auto entry = reinterpret_cast<answer::PenEntry>(dlsym(library, answer::kPenEntry));
    REQUIRE(entry);
    CHECK(entry(answer::kPenVersion) == answer::chart_module().pen);
    CHECK(entry(answer::kPenVersion + 1) == nullptr);
}

}  // namespace chart_module_test

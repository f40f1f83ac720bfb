// The manifest asks for what the code does: nothing is missing, nothing is more.
#include "app/commands/manifest_command.hpp"
#include "app/relay/routes.hpp"
#include "slack/api/app_needs.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace manifest_test {

using namespace genie_slack;
namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

const fs::path kSource = GENIE_SLACK_SOURCE_DIR;

// The bot's own code, without the look-alikes.
std::string app_code() {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(kSource / "app")) {
        const std::string path = entry.path().string();
        if (path.find("/sandbox/") == std::string::npos && entry.path().extension() == ".cpp")
            all += read(entry.path()) + "\n";
    }
    return all;
}

std::set<std::string> found(const std::string& text, const char* pattern) {
    std::set<std::string> out;
    const std::regex expression(pattern);
    for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at)
        out.insert((*at)[1].str());
    return out;
}

std::set<std::string> strings_at(const boost::json::value& value, const char* pointer) {
    std::set<std::string> out;
    for (const auto& text : value.at_pointer(pointer).as_array())
        out.insert(std::string(text.as_string()));
    return out;
}

boost::json::value manifest_of(slack::AppSurface surface) {
    commands::ManifestOptions options;
    options.surface = surface;
    return boost::json::parse(commands::manifest(options));
}

TEST_CASE("every method of the Slack client says which scopes it needs", "[manifest]") {
    const auto names = found(read(kSource / "slack/api/api_method.hpp"), R"rx(ApiMethod k\w+\{"([^"]+)")rx");
    REQUIRE(names.size() > 20);
    std::set<std::string> known;
    for (const auto& needs : slack::method_needs())
        known.insert(std::string(needs.method));
    CHECK(known == names);
}

TEST_CASE("the scopes of the methods that the app calls are those that the manifest asks for", "[manifest]") {
    const std::string code = app_code();
    REQUIRE(code.size() > 100'000);
    std::set<std::string> scopes = {"commands"};
    for (const auto& needs : slack::event_needs())
        if (needs.is_used)
            scopes.insert(needs.scopes.begin(), needs.scopes.end());
    for (const auto& needs : slack::method_needs()) {
        const bool is_called =
            !needs.call.empty() && std::regex_search(code, std::regex("(\\.|->)" + std::string(needs.call) + "\\("));
        INFO(needs.method);
        CHECK((!is_called || needs.is_used));
        if (is_called)
            scopes.insert(needs.scopes.begin(), needs.scopes.end());
    }
    const auto asked = slack::needed_scopes(slack::AppSurface::agent);
    CHECK(std::set<std::string>(asked.begin(), asked.end()) == scopes);
}

TEST_CASE("the events that the app handles are those that it subscribes to", "[manifest]") {
    std::set<std::string> subscribed;
    std::set<std::string> known;
    for (const auto& needs : slack::event_needs()) {
        known.insert(std::string(needs.type));
        if (needs.is_used)
            subscribed.insert(std::string(needs.type));
    }
    std::string variant = read(kSource / "slack/events/events.hpp");
    const std::size_t begin = variant.find("std::variant<UnknownEvent,");
    REQUIRE(begin != std::string::npos);
    variant = variant.substr(begin, variant.find(">;", begin) - begin + 1);
    auto kinds = found(variant, R"((\w+)\s*[,>])");
    kinds.erase("UnknownEvent");
    CHECK(known == kinds);
    std::set<std::string> handled;
    for (const relay::EventRoute& route : relay::routes().events)
        handled.emplace(route.type);
    CHECK(handled == subscribed);
}

TEST_CASE("the manifest has one kind of agent surface, with its events", "[manifest]") {
    const auto agent = manifest_of(slack::AppSurface::agent);
    const auto assistant = manifest_of(slack::AppSurface::assistant);
    CHECK(agent.at("features").as_object().contains("agent_view"));
    CHECK_FALSE(agent.at("features").as_object().contains("assistant_view"));
    CHECK(assistant.at("features").as_object().contains("assistant_view"));
    const auto agent_events = strings_at(agent, "/settings/event_subscriptions/bot_events");
    const auto assistant_events = strings_at(assistant, "/settings/event_subscriptions/bot_events");
    CHECK(agent_events.contains("app_context_changed"));
    CHECK_FALSE(agent_events.contains("assistant_thread_started"));
    CHECK(assistant_events.contains("assistant_thread_started"));
    CHECK_FALSE(assistant_events.contains("app_context_changed"));
    CHECK_FALSE(strings_at(agent, "/oauth_config/scopes/bot").contains("reactions:write"));
}

TEST_CASE("the command and the shortcut of the manifest are those that the app handles", "[manifest]") {
    const auto manifest = manifest_of(slack::AppSurface::agent);
    const relay::Routes& routes = relay::routes();
    REQUIRE(routes.commands.size() == 1);
    REQUIRE(routes.shortcuts.size() == 1);
    CHECK(manifest.at_pointer("/features/slash_commands").as_array().size() == 1);
    CHECK(manifest.at_pointer("/features/slash_commands/0/command").as_string() == routes.commands[0].command);
    CHECK(manifest.at_pointer("/features/shortcuts").as_array().size() == 1);
    CHECK(manifest.at_pointer("/features/shortcuts/0/callback_id").as_string() == routes.shortcuts[0].callback_id);
    CHECK(routes.commands[0].command == "/genie");
    CHECK(routes.shortcuts[0].callback_id == "ask_genie");
}

TEST_CASE("texts of the manifest are as short as Slack wants them", "[manifest]") {
    for (const auto language : words::kLanguages) {
        commands::ManifestOptions options;
        options.language = language;
        const auto manifest = boost::json::parse(commands::manifest(options));
        const auto length = [&](const char* pointer) { return manifest.at_pointer(pointer).as_string().size(); };
        CHECK(length("/display_information/description") <= 140);
        CHECK(length("/features/agent_view/agent_description") <= 300);
        CHECK(length("/features/shortcuts/0/name") <= 24);
        CHECK(length("/features/shortcuts/0/description") <= 150);
        CHECK(length("/features/slash_commands/0/description") <= 2000);
    }
}

TEST_CASE("resources/slack-manifest.json is what the command prints", "[manifest]") {
    CHECK(read(kSource / "resources" / "slack-manifest.json") == commands::manifest({}));
}

}  // namespace manifest_test

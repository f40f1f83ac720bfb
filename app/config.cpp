// Long because it is the list of all settings, each with its words.
#include "app/config.hpp"

#include "app/id_check.hpp"
#include "core/net/proxy.hpp"
#include "core/net/url.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace genie_slack {

namespace {

constexpr const char* kBotLanguage = "BOT_LANGUAGE";

std::string check_token(const std::string& value, const std::string& prefix, const std::string& where) {
    const bool is_plain = std::all_of(value.begin(), value.end(),
                                      [](unsigned char c) { return std::isgraph(c) != 0 && c != '"' && c != '\''; });
    if (!is_plain)
        return "contains characters that no token has (blanks, quotes, the end of a line): copy it again from the "
               "app's "
               "settings, " +
               where;
    if (value.rfind(prefix, 0) == 0 && value.size() > prefix.size())
        return "";
    if (value.rfind("xoxe", 0) == 0)
        return "is a rotating token (xoxe), and token rotation is not supported: turn it off for the app, or use an "
               "app "
               "without it";
    return "must start with " + prefix + ": copy it from the app's settings, " + where;
}

std::string check_url(const std::string& value) {
    const auto url = net::parse_url(value);
    return url ? "" : url.error().message;
}

// The text of the failure names the variable, which the table does as well.
std::string check_proxy(const std::string& value) {
    constexpr std::string_view kName = "HTTPS_PROXY ";
    const auto proxy = net::parse_proxy(value);
    if (proxy)
        return "";
    const std::string& why = proxy.error().message;
    return (why.starts_with(kName) ? why.substr(kName.size()) : why) +
           ": write http://[user:password@]host:port, or remove it";
}

// The older name, which hosts set for gettext too ("de_DE:de"): it counts when it is exactly a value of ours.
std::optional<std::string> old_language(const VariableLookup& given) {
    auto value = given("LANGUAGE");
    const bool is_ours = value && std::any_of(std::begin(words::kLanguages), std::end(words::kLanguages),
                                              [&](words::Language one) { return *value == words::to_string(one); });
    return is_ours ? value : std::nullopt;
}

// As the older Python bot has them, also as variables of its bundle. Such short names may be somebody else's, so that
// only what is surely a token of that kind counts.
struct OlderName {
    const char* name;
    const char* older;
    std::string_view prefix;  // of the value
};
constexpr OlderName kOlderNames[] = {{"SLACK_APP_TOKEN", "TOKEN_APP", "xapp-"},
                                     {"SLACK_APP_TOKEN", "BUNDLE_VAR_TOKEN_APP", "xapp-"},
                                     {"SLACK_BOT_TOKEN", "TOKEN_BOT", "xoxb-"},
                                     {"SLACK_BOT_TOKEN", "BUNDLE_VAR_TOKEN_BOT", "xoxb-"}};

// The older name that gives the value of `name`; null when there is none, or the name of today is set.
const OlderName* older_name_of(std::string_view name, const VariableLookup& given) {
    if (!given(std::string(name)).value_or("").empty())
        return nullptr;
    for (const OlderName& one : kOlderNames)
        if (name == one.name && given(one.older).value_or("").starts_with(one.prefix))
            return &one;
    return nullptr;
}

bool names(const std::vector<std::string>& problems, std::string_view variable) {
    return std::any_of(problems.begin(), problems.end(),
                       [&](const std::string& problem) { return problem.starts_with(std::string(variable) + ": "); });
}

// What is not wrong, but perhaps not meant.
std::vector<std::string> notes_on(const VariableLookup& given) {
    const auto is_set = [&given](const char* upper, const char* lower) {
        return !given(upper).value_or("").empty() || !given(lower).value_or("").empty();
    };
    std::vector<std::string> notes;
    const bool has_own = given("HTTPS_PROXY") || given("https_proxy");
    for (const auto& [upper, lower] : {std::pair("ALL_PROXY", "all_proxy"), std::pair("HTTP_PROXY", "http_proxy")})
        if (!has_own && is_set(upper, lower))
            notes.push_back(std::string(upper) +
                            " is set, but only HTTPS_PROXY is used: connections go out without a proxy. Set "
                            "HTTPS_PROXY=http://host:port if that is not meant, or HTTPS_PROXY= if it is");
    for (const char* name : {"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"})
        if (const OlderName* older = older_name_of(name, given))
            notes.push_back(std::string(older->older) + " is taken for " + name +
                            ", as by the older Python bot: rename it");
    return notes;
}

// "auto" is nothing: each person's own.
std::vector<std::pair<std::string, std::optional<words::Language>>> language_choices() {
    std::vector<std::pair<std::string, std::optional<words::Language>>> choices;
    for (const words::Language language : words::kLanguages)
        choices.emplace_back(words::to_string(language), language);
    choices.emplace_back("auto", std::nullopt);
    return choices;
}

void add_slack_variables(ConfigTable& table, Config& config) {
    table
        .secret(
            "SLACK_APP_TOKEN", config.slack_app_token, "app-level token (`xapp-…`) with scope `connections:write`",
            [](const std::string& value) { return check_token(value, "xapp-", "Basic Information, App-Level Tokens"); })
        .required();
    table
        .secret("SLACK_BOT_TOKEN", config.slack_bot_token, "bot token (`xoxb-…`)",
                [](const std::string& value) {
                    return check_token(value, "xoxb-", "OAuth & Permissions, Bot User OAuth Token");
                })
        .required();
    ConfigTable::Variable api;
    api.name = "SLACK_API_URL";
    api.fallback = config.slack_api_url;
    api.meaning = "base of Slack's Web API, with or without trailing slash; plain `http://` for loopback only";
    api.set = [&config](const std::string& value) {
        config.slack_api_url = value;
        return check_url(value);
    };
    api.show = [&config] { return config.slack_api_url; };
    table.add(std::move(api));
    table.integer("SLACK_CONNECTIONS", config.slack_connections, 1, 10, "open Socket Mode connections");
}

void add_genie_variables(ConfigTable& table, Config& config) {
    table
        .list("GENIE_SPACE_IDS", config.genie_space_ids, "Genie spaces that may be asked, separated by commas",
              check_space_id)
        .documented_default("all visible");
    table
        .integer("GENIE_QUESTIONS_PER_MINUTE", config.genie_questions_per_minute, 0, 10'000,
                 "limit for questions to Genie; 0 adapts to what Databricks allows")
        .documented_default("adaptive");
    table.integer("GENIE_TIMEOUT_SECONDS", config.genie_timeout_seconds, 5, 3'600, "how long one question may take");
    table.flag("GENIE_CHARTS", config.genie_charts,
               "`true`: ask Genie for a chart of its own with each answer (Beta), shown where Slack does not draw one");
}

void add_people_variables(ConfigTable& table, Config& config) {
    table.choice(
        "ANSWERS_IN_CHANNELS", config.private_answers, {{"thread", false}, {"private", true}},
        "`thread`: everyone in the thread sees the answer; `private`: it goes to the person who asked, who may share "
        "it");
    using relay::ThreadReplies;
    table.choice(
        "THREAD_REPLIES", config.thread_replies,
        {{"auto", ThreadReplies::automatic}, {"mention", ThreadReplies::mention}, {"all", ThreadReplies::all}},
        "which replies without a mention are answered in a thread with the bot. `auto`: what continues, by who asked "
        "there; by others what is clearly a question to nobody else; after two lines among people none. `mention`: "
        "none. `all`: all but thanks and words to others");
    table.flag("LINKS_ONLY", config.links_only,
               "`true`: no data in Slack, answers are links to the conversation in Genie");
    table
        .list("ALLOWED_TEAMS", config.allowed_teams,
              "Slack teams (`T…`) whose people may ask; the bot's own stands for all workspaces of its organisation, "
              "others are needed for people of other organisations",
              check_team_id)
        .documented_default("own organisation");
    table
        .list("ALLOWED_CHANNELS", config.allowed_channels,
              "channels (`C…`) in which questions are answered; needed for channels shared with other organisations",
              check_channel_id)
        .documented_default("all that are not shared");
    table
        .list("ALLOWED_USERS", config.allowed_users,
              "people (`U…`) who may ask; needed for guests and people of other organisations", check_user_id)
        .documented_default("all members");
    table
        .list("ADMIN_USERS", config.admin_users, "people (`U…`) who see the bot's numbers in its Home tab",
              check_user_id)
        .documented_default("none");
}

void add_file_variables(ConfigTable& table, Config& config) {
    using answer::FileFormat;
    table.choice(
        "FILE_FORMAT", config.file_format,
        {{"auto", FileFormat::automatic}, {"csv", FileFormat::csv}, {"xlsx", FileFormat::xlsx}},
        "the file with an answer's rows: `csv`, which Slack previews as a table; `xlsx`, with typed cells; or `auto`: "
        "CSV, but `xlsx` where a program that opens CSV by double click would change values (long ids, leading zeros, "
        "texts that look like a date)");
    using answer::CsvForm;
    table.choice(
        "CSV_DIALECT", config.csv_form,
        {{"auto", CsvForm::of_reader}, {"comma", CsvForm::comma}, {"semicolon", CsvForm::semicolon}},
        "CSV files with `comma` and decimal point, `semicolon` and decimal comma, or `auto`: what spreadsheet programs "
        "expect in the language of each person's Slack");
}

void add_answer_variables(ConfigTable& table, Config& config) {
    table
        .choice(kBotLanguage, config.language, language_choices(),
                "`en`, `de`, `es`, `fr`, or `auto`: the language of each person's Slack")
        .documented_default("auto");
    using answer::AnswerStyle;
    table.choice(
        "ANSWER_STYLE", config.answer_style, {{"compact", AnswerStyle::compact}, {"full", AnswerStyle::full}},
        "`compact`: an answer at one glance, with the chart or the table, the other one tap away; `full`: all of it at "
        "once");
    add_file_variables(table, config);
    table
        .flag("SLACK_STREAMING", config.streaming,
              "live progress as a streamed message with task cards, where the workspace has it")
        .documented_default("true");
}

void add_local_variables(ConfigTable& table, Config& config) {
    table.flag("IS_LOCAL", config.is_local, "`true`: keep everything in memory, no database");
    table.integer("MEMORY_THREADS", config.memory_threads, 10, 10'000'000,
                  "threads remembered in memory with `IS_LOCAL=true`; the least recently used ones leave first");
}

void add_process_variables(ConfigTable& table, Config& config) {
    for (const char* name : {"PORT", "DATABRICKS_APP_PORT"})
        table
            .integer(name, config.health_port, 1, 65'535,
                     name[0] == 'P' ? "port of `/healthz`, `/readyz` and `/metrics`" : "the same; wins over `PORT`")
            .documented_default("off");
    using log::Level;
    table.choice("LOG_LEVEL", config.log.level,
                 {{"debug", Level::debug}, {"info", Level::info}, {"warn", Level::warn}, {"error", Level::error}},
                 "`debug`, `info`, `warn` or `error`");
    table.choice("LOG_FORMAT", config.log.format, {{"text", log::Format::text}, {"json", log::Format::json}},
                 "`text`, or `json` for machines");
    table.text("SSL_CERT_FILE", config.ca_file, "file with CA certificates, instead of the system's")
        .documented_default("system");
    ConfigTable::Variable proxy;
    proxy.name = "HTTPS_PROXY";
    proxy.meaning = "proxy for outgoing connections, `http://[user:password@]host:port`";
    proxy.set = [&config](const std::string& value) {
        config.proxy.https_proxy = value;
        return check_proxy(value);
    };
    proxy.show = [&config] { return std::string(config.proxy.https_proxy.empty() ? "" : "set"); };
    table.add(std::move(proxy));
    table.text("NO_PROXY", config.proxy.no_proxy, "hosts that are reached without the proxy, separated by commas");
}

void add_all_variables(ConfigTable& table, Config& config) {
    add_slack_variables(table, config);
    add_genie_variables(table, config);
    add_people_variables(table, config);
    add_answer_variables(table, config);
    add_local_variables(table, config);
    add_database_variables(table, config.database);
    add_process_variables(table, config);
}

DatabaseIdentity identity_of(const genie::AuthConfig& auth) {
    DatabaseIdentity identity;
    identity.known = !auth.auth_type.empty();
    identity.can_be_password = auth.auth_type != "pat";
    identity.client_id = auth.client_id;
    return identity;
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        if (!line.empty())
            lines.push_back(line);
    return lines;
}

// The proxy variables are written in lower case just as often; the language and the tokens had other names.
VariableLookup with_other_names(const VariableLookup& given) {
    return [&given](const std::string& name) {
        auto value = given(name);
        if (!value && name == "HTTPS_PROXY")
            value = given("https_proxy");
        if (!value && name == "NO_PROXY")
            value = given("no_proxy");
        if (!value && name == kBotLanguage)
            value = old_language(given);
        if (const OlderName* older = older_name_of(name, given))
            value = given(older->older);
        return value;
    };
}

}  // namespace

LoadedConfig load_config(const VariableLookup& given, Needs needs) {
    const VariableLookup lookup = with_other_names(given);
    const bool wants_all = needs == Needs::everything;
    const bool wants_database = wants_all || needs == Needs::database || needs == Needs::database_check;
    LoadedConfig loaded;
    Config& config = loaded.config;
    // DATABRICKS_* go through genie::resolve_auth.
    ConfigTable table;
    if (wants_all || needs == Needs::slack_check)
        add_slack_variables(table, config);
    if (wants_all || needs == Needs::databricks_check)
        add_genie_variables(table, config);
    if (wants_all || needs == Needs::slack_check)
        add_people_variables(table, config);
    if (wants_all)
        add_answer_variables(table, config);
    add_local_variables(table, config);
    add_process_variables(table, config);
    loaded.problems = table.load(lookup);

    // In a local process the database's variables belong to something else, and with a broken IS_LOCAL nobody knows.
    ConfigTable database;
    const bool is_known = !names(loaded.problems, "IS_LOCAL");
    const bool has_database = wants_database && is_known && !config.is_local;
    if (has_database) {
        add_database_variables(database, config.database);
        append(loaded.problems, database.load(lookup));
    } else if (is_known && needs == Needs::database) {
        loaded.problems.emplace_back(
            "IS_LOCAL: is true, so there is no database: remove it, or set it to false, for this command");
    }
    auto auth = genie::resolve_auth(lookup);
    const bool can_do_without =
        needs == Needs::slack_check || (needs == Needs::database_check && config.is_local) ||
        (wants_database && !wants_all && !config.database.password.empty() && !config.database.host.empty());
    if (auth)
        config.databricks = std::move(*auth);
    else if (!can_do_without)
        append(loaded.problems, lines_of(auth.error().message));
    if (has_database)
        append(loaded.problems, complete_database_config(config.database, identity_of(config.databricks), lookup));
    if (!loaded.config.ca_file.empty() && !std::ifstream(loaded.config.ca_file))
        loaded.problems.push_back("SSL_CERT_FILE: the file " + loaded.config.ca_file + " cannot be read");
    loaded.notes = notes_on(given);
    if (has_database && config.database.tls_unverified)
        loaded.notes.emplace_back(
            "DATABASE_TLS_UNVERIFIED=allow: the workspace's credential goes to the database without a check of who "
            "that is");
    loaded.report = table.report();
    for (log::Field& field : database.report())
        loaded.report.push_back(std::move(field));
    loaded.report.emplace_back("DATABRICKS_HOST", loaded.config.databricks.host);
    loaded.report.emplace_back("DATABRICKS_AUTH_TYPE", loaded.config.databricks.auth_type);
    std::erase_if(loaded.report, [](const log::Field& field) { return field.key == "HTTPS_PROXY"; });
    return loaded;
}

std::vector<std::string> config_variables() {
    Config config;
    ConfigTable table;
    add_all_variables(table, config);
    auto all = table.names();
    for (const char* name : {"DATABRICKS_HOST",
                             "DATABRICKS_TOKEN",
                             "DATABRICKS_CLIENT_ID",
                             "DATABRICKS_CLIENT_SECRET",
                             "DATABRICKS_OIDC_TOKEN_FILEPATH",
                             "DATABRICKS_OIDC_TOKEN_ENV",
                             "DATABRICKS_OIDC_TOKEN",
                             "DATABRICKS_TOKEN_AUDIENCE",
                             "DATABRICKS_CONFIG_PROFILE",
                             "DATABRICKS_CONFIG_FILE",
                             "DATABRICKS_AUTH_TYPE",
                             "DATABRICKS_USERNAME",
                             "DATABRICKS_PASSWORD",
                             "DATABRICKS_WORKSPACE_ID",
                             "DATABRICKS_AZURE_RESOURCE_ID",
                             "DATABRICKS_GOOGLE_SERVICE_ACCOUNT",
                             "DATABRICKS_ACCOUNT_ID",
                             "DATABRICKS_CLUSTER_ID",
                             "DATABRICKS_WAREHOUSE_ID",
                             "DATABRICKS_APP_NAME",
                             "DATABRICKS_APP_URL",
                             "DATABRICKS_SOURCE_CODE_PATH"})
        all.emplace_back(name);
    return all;
}

std::string config_documentation() {
    Config config;
    ConfigTable table;
    add_all_variables(table, config);
    return table.markdown();
}

}  // namespace genie_slack

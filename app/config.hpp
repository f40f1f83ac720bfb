// The product's configuration (docs/architecture.md 6): environment, then .env in the working directory.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/answer/result/csv.hpp"
#include "app/answer/result/result_file.hpp"
#include "app/database_config.hpp"
#include "app/relay/manners/manners.hpp"
#include "app/words/words.hpp"
#include "core/config_table.hpp"
#include "core/log.hpp"
#include "core/net/http_client.hpp"
#include "core/secret.hpp"
#include "genie/token_provider.hpp"

#include <optional>
#include <string>
#include <vector>

namespace genie_slack {

struct Config {
    Secret slack_app_token;
    Secret slack_bot_token;
    std::string slack_api_url = "https://slack.com/api/";
    int slack_connections = 2;

    genie::AuthConfig databricks;
    std::vector<std::string> genie_space_ids;  // empty: all that are visible
    int genie_questions_per_minute = 0;        // 0: adaptive
    int genie_timeout_seconds = 600;
    bool genie_charts = false;

    std::optional<words::Language> language;  // for everyone; nothing: each person's own
    std::vector<std::string> admin_users;
    std::vector<std::string> allowed_teams;  // empty: no limit, as with the next two
    std::vector<std::string> allowed_channels;
    std::vector<std::string> allowed_users;
    relay::ThreadReplies thread_replies = relay::ThreadReplies::automatic;
    bool private_answers = false;  // ANSWERS_IN_CHANNELS=private
    bool links_only = false;
    bool streaming = true;
    answer::AnswerStyle answer_style = answer::AnswerStyle::compact;
    answer::FileFormat file_format = answer::FileFormat::automatic;
    answer::CsvForm csv_form = answer::CsvForm::of_reader;  // CSV_DIALECT

    bool is_local = false;
    int memory_threads = 10'000;
    DatabaseConfig database;  // without meaning when is_local

    int health_port = 0;  // 0: off
    log::Settings log;
    std::string ca_file;
    net::ProxySettings proxy;
};

struct LoadedConfig {
    Config config;
    // "NAME: what is wrong, how to mend it"; the process must not start when there is any.
    std::vector<std::string> problems;
    std::vector<std::string> notes;  // what is allowed, but perhaps not meant; for the log
    log::Fields report;              // effective values, without secrets
};

// What a command works with.
enum class Needs {
    everything,
    database,     // no Slack: migrate, cleanup, stats, health; no workspace where PG* say it all
    slack_check,  // what the parts of the doctor look at
    databricks_check,
    database_check,  // as database, but IS_LOCAL=true is no problem: there is nothing to look at then
};

// Reads everything and finds all problems at once.
LoadedConfig load_config(const VariableLookup& lookup, Needs needs = Needs::everything);

// The names of all variables that are read, with those of Databricks' own SDKs.
std::vector<std::string> config_variables();

// The table of all variables in Markdown, as docs/configuration.md shows it.
std::string config_documentation();

}  // namespace genie_slack

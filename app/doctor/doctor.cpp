#include "app/doctor/doctor.hpp"

#include "app/doctor/database_check.hpp"
#include "app/doctor/databricks_check.hpp"
#include "app/doctor/machine_check.hpp"
#include "app/doctor/slack_check.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <cstdio>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace genie_slack::doctor {

namespace asio = boost::asio;

namespace doctor_detail {

using Part = CheckOptions::Part;

// Together below a minute.
constexpr Duration kSlackTime = std::chrono::seconds(16);
constexpr Duration kDatabricksTime = std::chrono::seconds(18);
constexpr Duration kDatabaseTime = std::chrono::seconds(20);
constexpr Duration kMachineTime = std::chrono::seconds(4);

// The lines as they come, or the document at the end.
class Paper {
 public:
    explicit Paper(bool json) : json_(json) {}

    void write(Findings findings) {
        if (!json_)
            std::fputs(as_text(findings).c_str(), stdout);
        std::fflush(stdout);
        for (Finding& finding : findings)
            all_.push_back(std::move(finding));
    }
    // The exit code.
    int end() {
        if (json_)
            std::fputs(as_json(all_).c_str(), stdout);
        std::fflush(stdout);
        return exit_code(all_);
    }

 private:
    bool json_;
    Findings all_;
};

// What is asked over HTTP, on one event loop.
class Calls {
 public:
    explicit Calls(const Config& config)
        : config_(config),
          resolver_(context_.get_executor()),
          tls_(net::create_tls_context(config.ca_file)),
          http_(net::create_http_client(context_.get_executor(), tls_, resolver_, http_options(config))) {}

    Findings slack() { return run(check_slack(*http_, config_, Deadline::after(kSlackTime))); }
    Findings databricks(const std::string& question) {
        return run(
            check_databricks(context_.get_executor(), *http_, config_, question, Deadline::after(kDatabricksTime)));
    }
    Findings machine() { return run(check_machine(*http_, config_, Deadline::after(kMachineTime))); }

 private:
    static net::HttpClientOptions http_options(const Config& config) {
        net::HttpClientOptions options;
        options.user_agent = "genie-slack";
        options.proxy = config.proxy;
        return options;
    }

    Findings run(asio::awaitable<Findings> task) {
        Findings findings;
        std::exception_ptr failure;
        bool ended = false;
        asio::co_spawn(context_, std::move(task), [&](std::exception_ptr thrown, Findings found) {
            failure = thrown;
            findings = std::move(found);
            ended = true;
        });
        context_.restart();
        while (!ended && context_.run_one() > 0) {
        }
        if (failure)
            std::rethrow_exception(failure);
        return findings;
    }

    const Config& config_;
    asio::io_context context_;
    net::Resolver resolver_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::unique_ptr<net::HttpClient> http_;
};

// The database's client blocks, in look-ups without a limit: its thread is left behind when it takes too long.
Findings database_in_time(const Config& config) {
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        Findings findings;
        bool ended = false;
    };
    const auto shared = std::make_shared<Shared>();
    std::thread([shared, config] {
        check_database(config, [&](Finding finding) {
            const std::lock_guard lock(shared->mutex);
            shared->findings.push_back(std::move(finding));
        });
        const std::lock_guard lock(shared->mutex);
        shared->ended = true;
        shared->changed.notify_all();
    }).detach();
    std::unique_lock lock(shared->mutex);
    const bool ended = shared->changed.wait_for(lock, kDatabaseTime, [&] { return shared->ended; });
    Findings findings = shared->findings;
    if (!ended)
        findings.emplace_back("database", "Time", Status::failed, "the next step did not end within 20 s",
                              "check PGHOST, the DNS of this machine, the firewall between, and whether the database "
                              "waits for locks");
    return findings;
}

}  // namespace doctor_detail

Needs needs_of(CheckOptions::Part part) {
    switch (part) {
        case CheckOptions::Part::everything:
            return Needs::everything;
        case CheckOptions::Part::slack:
            return Needs::slack_check;
        case CheckOptions::Part::databricks:
            return Needs::databricks_check;
        case CheckOptions::Part::database:
            return Needs::database_check;
    }
    return Needs::everything;
}

int check(const LoadedConfig& loaded, const CheckOptions& options) {
    using namespace doctor_detail;
    const Config& config = loaded.config;
    const auto wants = [&options](Part part) { return options.part == part || options.part == Part::everything; };
    Paper paper(options.json);
    if (!loaded.problems.empty()) {
        paper.write(configuration_findings(loaded.problems, options.env_file));
        paper.end();
        return 2;
    }
    paper.write(setting_findings(loaded));
    try {
        Calls calls(config);
        if (wants(Part::slack))
            paper.write(calls.slack());
        if (wants(Part::databricks))
            paper.write(calls.databricks(options.question));
        if (wants(Part::database))
            paper.write(database_in_time(config));
        if (options.part == Part::everything)
            paper.write(calls.machine());
    } catch (const std::exception& error) {
        paper.write({Finding("machine", "Check", Status::failed, error.what(), "see the text, then check again")});
    }
    return paper.end();
}

}  // namespace genie_slack::doctor

#include "app/doctor/databricks_check.hpp"

#include "app/doctor/databricks_findings.hpp"
#include "core/net/url.hpp"
#include "genie/api.hpp"

#include <algorithm>
#include <set>

namespace genie_slack::doctor {

namespace asio = boost::asio;

namespace databricks_check_detail {

constexpr Duration kStep = std::chrono::seconds(8);
constexpr Duration kQuestionTime = std::chrono::minutes(2);
constexpr std::size_t kMostSpaces = 20;
constexpr std::size_t kMostWarehouses = 5;
constexpr std::size_t kMostQuestions = 3;

genie::ClientOptions client_options(const Config& config) {
    genie::ClientOptions options;
    options.host = config.databricks.host;
    options.workspace_id = config.databricks.workspace_id;
    options.user_agent = "genie-slack";
    options.call_timeout = kStep;
    return options;
}

class Examination {
 public:
    Examination(asio::any_io_executor executor, net::HttpClient& http, const Config& config, Deadline deadline)
        : http_(http),
          config_(config),
          deadline_(deadline),
          peer_(make_peer("databricks", "DATABRICKS_HOST", config.databricks.host, config.proxy)),
          options_(client_options(config)),
          tokens_(genie::create_token_provider(executor, http, config.databricks)),
          client_(genie::create_client(http, *tokens_, random_, options_)),
          api_(http, *tokens_, random_, options_) {}

    asio::awaitable<Findings> run(std::string question) {
        findings_.push_back(proxy_finding(peer_));
        co_await examine(std::move(question));
        co_await tokens_->stop(Deadline::after(std::chrono::seconds(1)));
        co_return std::move(findings_);
    }

 private:
    // Where one step fails the next ones would only say the same.
    asio::awaitable<void> examine(std::string question) {
        const bool is_reached = co_await reach();
        if (!is_reached)
            co_return;
        const bool is_known = co_await log_in();
        if (!is_known)
            co_return;
        co_await look_at_spaces();
        co_await look_at_warehouses();
        co_await ask(std::move(question));
    }

    Deadline step() const { return deadline_.sooner(kStep); }

    // What every workspace tells to everybody: an answer of any kind is one.
    asio::awaitable<bool> reach() {
        net::HttpRequest request("GET", config_.databricks.host + "/oidc/.well-known/oauth-authorization-server");
        request.max_response_bytes = 1u << 20;
        const auto reply = co_await http_.send(std::move(request), step());
        const WallTime now = wall_now();
        if (!reply && reply.error().fault != net::NetFault::redirect) {
            findings_.push_back(no_answer(peer_, "Host", reply.error()));
            co_return false;
        }
        findings_.emplace_back(peer_.part, "Host", Status::ok, peer_.host + " answers");
        findings_.push_back(clock_finding(peer_, reply ? reply->header("Date") : std::string_view(), now));
        co_return true;
    }

    asio::awaitable<bool> log_in() {
        const auto identity = co_await client_->identity(step());
        findings_.push_back(login_finding(peer_, config_.databricks, identity));
        caller_ = caller_name(config_.databricks, identity);
        co_return findings_.back().status != Status::failed;
    }

    asio::awaitable<void> look_at_spaces() {
        auto visible = co_await client_->list_spaces(step());
        findings_.push_back(visible_spaces_finding(peer_, caller_, visible));
        if (config_.genie_space_ids.empty()) {
            if (visible)
                spaces_ = std::move(*visible);
            co_return;
        }
        const std::vector<genie::Space> candidates = visible ? *visible : std::vector<genie::Space>();
        for (std::size_t i = 0; i < config_.genie_space_ids.size(); ++i) {
            if (i == kMostSpaces || deadline_.expired()) {
                findings_.emplace_back(
                    peer_.part, "GENIE_SPACE_IDS", Status::skipped,
                    std::to_string(config_.genie_space_ids.size() - i) + " further spaces were not looked at",
                    "name them alone in GENIE_SPACE_IDS and check again");
                co_return;
            }
            const std::string& id = config_.genie_space_ids[i];
            auto space = co_await client_->get_space(id, step());
            findings_.push_back(space_finding(peer_, caller_, id, space, candidates));
            if (space)
                spaces_.push_back(std::move(*space));
        }
    }

    asio::awaitable<void> look_at_warehouses() {
        std::set<std::string> ids;
        for (const genie::Space& space : spaces_)
            if (!space.warehouse_id.empty() && ids.size() < kMostWarehouses)
                ids.insert(space.warehouse_id);
        for (const std::string& id : ids) {
            genie::ApiCall call("GET", "/api/2.0/sql/warehouses/" + net::percent_encode(id));
            const auto warehouse = co_await api_.call(std::move(call), step());
            findings_.push_back(warehouse_finding(peer_, caller_, id, warehouse));
        }
        if (ids.empty() && !spaces_.empty())
            findings_.emplace_back(peer_.part, "Warehouse", Status::skipped,
                                   "Databricks does not say which SQL warehouses the spaces use",
                                   "give " + caller_ + " CAN USE on each; the settings of the space name it");
    }

    asio::awaitable<void> ask(std::string question) {
        if (question.empty()) {
            findings_.emplace_back(peer_.part, "Question", Status::skipped, "no question was asked",
                                   "genie-slack check databricks --ask \"a question that the space can answer\"");
            co_return;
        }
        const std::size_t wanted = config_.genie_space_ids.empty() ? 1 : kMostQuestions;
        for (std::size_t i = 0; i < std::min(wanted, spaces_.size()); ++i) {
            const genie::Space& space = spaces_[i];
            const TimePoint start = Clock::now();
            const Deadline deadline = Deadline::after(kQuestionTime);
            auto ended = co_await client_->start_conversation(space.id, question, deadline);
            if (ended) {
                const std::string conversation = ended->conversation_id;
                const std::string message = ended->id;
                genie::AnswerWatch nobody;
                ended = co_await client_->wait_for_answer(space.id, conversation, message, std::move(nobody), deadline);
            }
            findings_.push_back(question_finding(peer_, space.title, ended, Clock::now() - start));
        }
    }

    net::HttpClient& http_;
    const Config& config_;
    Deadline deadline_;
    Peer peer_;
    Random random_;
    genie::ClientOptions options_;
    std::unique_ptr<genie::TokenProvider> tokens_;
    std::unique_ptr<genie::Client> client_;
    genie::Api api_;
    std::string caller_;
    std::vector<genie::Space> spaces_;
    Findings findings_;
};

}  // namespace databricks_check_detail

asio::awaitable<Findings> check_databricks(asio::any_io_executor executor, net::HttpClient& http, const Config& config,
                                           std::string question, Deadline deadline) {
    databricks_check_detail::Examination examination(executor, http, config, deadline);
    Findings findings = co_await examination.run(std::move(question));
    co_return findings;
}

}  // namespace genie_slack::doctor

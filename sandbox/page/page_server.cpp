#include "sandbox/page/page_server.hpp"

#include "core/net/http_server.hpp"
#include "core/task_group.hpp"
#include "sandbox/page/page_actions.hpp"
#include "sandbox/page/page_feed.hpp"
#include "sandbox/page/page_watch.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace genie_slack::sandbox {

namespace asio = boost::asio;
namespace json = boost::json;

// Compiled in by the build (EmbedFiles.cmake).
std::vector<std::pair<std::string_view, std::string_view>> page_files();

std::optional<std::string_view> page_file(std::string_view name) {
    static const auto files = page_files();
    for (const auto& [file, content] : files)
        if (file == name)
            return content;
    return std::nullopt;
}

namespace page_server_detail {

constexpr std::size_t kMaxBody = 256u << 10;
// No script, style or data from anywhere else, no inline script; nobody may frame the page.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

net::ServerReply with_headers(net::ServerReply reply) {
    reply.headers.emplace_back("Content-Security-Policy", kPolicy);
    reply.headers.emplace_back("X-Content-Type-Options", "nosniff");
    reply.headers.emplace_back("Referrer-Policy", "no-referrer");
    reply.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    reply.headers.emplace_back("Cache-Control", "no-store");
    return reply;
}

net::ServerReply problem(int status, std::string_view text) {
    json::object body;
    body["ok"] = false;
    body["error"] = text;
    return with_headers(net::ServerReply::json(status, json::serialize(body)));
}

const char* content_type(std::string_view name) {
    if (name.ends_with(".html"))
        return "text/html; charset=utf-8";
    if (name.ends_with(".css"))
        return "text/css; charset=utf-8";
    if (name.ends_with(".js"))
        return "text/javascript; charset=utf-8";
    if (name.ends_with(".svg"))
        return "image/svg+xml";
    return "application/octet-stream";
}

// The decoded value of a query parameter, "" when it is absent.
std::string query_value(const net::ServerRequest& request, std::string_view name) {
    const auto url = boost::urls::parse_origin_form(request.target);
    if (!url)
        return {};
    for (const auto parameter : url->params())
        if (parameter.key == name)
            return parameter.value;
    return {};
}

// What may stand in a Content-Disposition header between quotes.
std::string safe_file_name(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 120)) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                           c == '-' || c == '_' || c == ' ';
        out += plain ? c : '_';
    }
    return out.empty() ? "file" : out;
}

}  // namespace page_server_detail

class PageServerImpl final : public PageServer {
 public:
    PageServerImpl(asio::any_io_executor executor, PageOptions options, SlackServer& slack, GenieServer& genie)
        : executor_(executor),
          options_(options),
          slack_(slack),
          genie_(genie),
          feed_(executor, {options.max_backlog, options.heartbeat, options.max_clients},
                [this](const std::string& user) { return snapshot(user); }) {
        net::HttpServerOptions http;
        http.port = options.port;
        http.max_body_bytes = page_server_detail::kMaxBody;
        http_ = net::create_http_server(executor, std::move(http),
                                        [this](net::ServerRequest request) { return handle(std::move(request)); });
        slack_.on_change([this](const json::object& change) { tell(change); });
    }
    ~PageServerImpl() override {
        slack_.on_change([](const json::object&) {});
    }

    std::uint16_t port() const override { return http_->port(); }
    std::string url() const override { return "http://127.0.0.1:" + std::to_string(port()); }
    std::size_t clients() const override { return feed_.size(); }

    asio::awaitable<void> run() override {
        TaskGroup tasks(executor_, "page");
        tasks.spawn("watch", watch());
        std::exception_ptr failure;
        try {
            co_await http_->run();
        } catch (...) {
            failure = std::current_exception();
        }
        co_await asio::this_coro::reset_cancellation_state();
        tasks.cancel();
        co_await tasks.join(Deadline::after(std::chrono::seconds(2)));
        if (failure)
            std::rethrow_exception(failure);
    }

 private:
    // Which channels a stranger sees, with all that stands in them, changes with a channel.
    void tell(const json::object& change) {
        if (change.at("type").as_string() == "channel" && !change.at("channel").at("is_im").as_bool())
            feed_.resync();
        else
            feed_.broadcast("change", change, only_user(change));
    }
    // Whom a change is for when it is for one person only: ephemeral messages, views, notices, what stands in the
    // direct messages with the bot; "" for all.
    std::string only_user(const json::object& change) const {
        const json::value* message = change.if_contains("message");
        const json::value* user = message && message->is_object() ? message->get_object().if_contains("ephemeral_for")
                                                                  : change.if_contains("user");
        const json::value* channel = change.if_contains("channel");
        if (!user && channel && channel->is_object())
            user = channel->get_object().if_contains("user");
        if (user && user->is_string() && !user->get_string().empty())
            return std::string(user->get_string());
        return channel && channel->is_string() ? person_of(std::string(channel->get_string())) : "";
    }
    // Whose direct messages with the bot these are; "" for a channel.
    std::string person_of(const std::string& channel) const {
        const auto& channels = slack_.channels();
        const auto found = std::find_if(channels.begin(), channels.end(),
                                        [&](const SlackChannel& each) { return each.is_im && each.id == channel; });
        return found == channels.end() ? "" : found->im_user;
    }

    // The first person of the workspace for a page that does not know yet who it is.
    std::string known_user(const std::string& wanted) const {
        const auto& users = slack_.users();
        for (const SlackUser& user : users)
            if (user.id == wanted)
                return wanted;
        for (const SlackUser& user : users)
            if (!user.is_bot)
                return user.id;
        return wanted;
    }

    json::object snapshot(const std::string& user) {
        json::object out;
        out["workspace"] = slack_.snapshot(user);
        out["controls"] = control_state(slack_, genie_);
        out["log"] = log_.recent();
        return out;
    }

    asio::awaitable<void> watch() {
        json::object shown;
        while (true) {
            co_await sleep_for(options_.watch_interval);
            json::array fresh = log_.collect(slack_, genie_);
            if (!fresh.empty()) {
                json::object log;
                log["entries"] = std::move(fresh);
                feed_.broadcast("log", log);
            }
            json::object controls = control_state(slack_, genie_);
            if (controls != shown) {
                feed_.broadcast("controls", controls);
                shown = std::move(controls);
            }
        }
    }

    // Names of this machine only: a page of another site that resolved its own name to 127.0.0.1 has another Host.
    bool host_is_ours(const net::ServerRequest& request) const {
        const std::string port = std::to_string(http_->port());
        const std::string_view host = request.header("Host");
        return host == "127.0.0.1:" + port || host == "localhost:" + port || host == "[::1]:" + port;
    }
    // Browsers name the page that sends a request; tools like curl do not.
    static bool origin_is_ours(const net::ServerRequest& request) {
        const std::string_view site = request.header("Sec-Fetch-Site");
        if (!site.empty() && site != "same-origin" && site != "none")
            return false;
        const std::string_view origin = request.header("Origin");
        return origin.empty() || origin == "http://" + std::string(request.header("Host"));
    }

    asio::awaitable<net::ServerReply> handle(net::ServerRequest request) {
        using namespace page_server_detail;
        if (!host_is_ours(request))
            co_return problem(403, "open the page by http://127.0.0.1 or http://localhost and its port");
        const std::string path(request.path());
        if (request.method == "POST" && path.starts_with("/ui/")) {
            auto reply = co_await act(path.substr(4), std::move(request));
            co_return reply;
        }
        if (request.method != "GET" && request.method != "HEAD")
            co_return problem(405, "only GET and POST are known here");
        co_return get(path, request);
    }

    asio::awaitable<net::ServerReply> act(std::string name, net::ServerRequest request) {
        using namespace page_server_detail;
        if (!origin_is_ours(request))
            co_return problem(403, "only the sandbox's own page may do this");
        // A content type that no form of another site can send without asking first.
        if (!request.header("Content-Type").starts_with("application/json"))
            co_return problem(415, "the body has to be application/json");
        boost::system::error_code error;
        json::value body = json::parse(request.body, error);
        if (error || !body.is_object())
            co_return problem(400, "the body has to be a JSON object");
        auto answer = co_await run_page_action(std::move(name), std::move(body.get_object()), slack_, genie_);
        co_return with_headers(net::ServerReply::json(answer.status, json::serialize(answer.body)));
    }

    net::ServerReply get(const std::string& path, const net::ServerRequest& request) {
        using namespace page_server_detail;
        if (path.starts_with("/ui/")) {
            if (!origin_is_ours(request))
                return problem(403, "only the sandbox's own page may read this");
            return get_data(path.substr(4), request);
        }
        const std::string name = path == "/" ? "index.html" : path.substr(1);
        const auto file = page_file(name);
        if (!file)
            return problem(404, "there is no such page");
        return with_headers(net::ServerReply(200, content_type(name), std::string(*file)));
    }

    net::ServerReply get_data(const std::string& what, const net::ServerRequest& request) {
        using namespace page_server_detail;
        if (what == "state")
            return with_headers(
                net::ServerReply::json(200, json::serialize(snapshot(known_user(query_value(request, "user"))))));
        if (what == "events")
            return events(known_user(query_value(request, "user")));
        if (what == "file")
            return file(query_value(request, "id"), query_value(request, "name"));
        return problem(404, "there is no such page");
    }

    net::ServerReply events(std::string user) {
        if (feed_.full())
            return page_server_detail::problem(503, "too many pages are open");
        net::ServerReply reply;
        reply.take_over = [this, user](asio::ip::tcp::socket socket, std::string) {
            return feed_.serve(std::move(socket), user);
        };
        return reply;
    }

    net::ServerReply file(const std::string& id, std::string_view name) {
        using namespace page_server_detail;
        auto content = slack_.file_content(id);
        if (!content)
            return problem(404, "there is no such file");
        net::ServerReply reply = with_headers(net::ServerReply(200, "application/octet-stream", std::move(*content)));
        reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + safe_file_name(name) + "\"");
        return reply;
    }

    asio::any_io_executor executor_;
    PageOptions options_;
    SlackServer& slack_;
    GenieServer& genie_;
    PageLog log_;
    PageFeed feed_;
    std::unique_ptr<net::HttpServer> http_;
};

std::unique_ptr<PageServer> create_page_server(asio::any_io_executor executor, PageOptions options, SlackServer& slack,
                                               GenieServer& genie) {
    return std::make_unique<PageServerImpl>(std::move(executor), options, slack, genie);
}

}  // namespace genie_slack::sandbox

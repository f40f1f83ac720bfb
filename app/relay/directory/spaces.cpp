#include "app/relay/directory/spaces.hpp"

#include "core/log.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace asio = boost::asio;

namespace spaces_detail {
constexpr Duration kLookAgainAfter = std::chrono::minutes(1);

const genie::Space* find_space(const std::vector<genie::Space>& spaces, const std::string& id) {
    const auto found = std::find_if(spaces.begin(), spaces.end(), [&](const genie::Space& s) { return s.id == id; });
    return found == spaces.end() ? nullptr : &*found;
}

struct Counted {
    int& count;
    explicit Counted(int& count_) : count(count_) { ++count; }
    ~Counted() { --count; }
};

}  // namespace spaces_detail

SpaceDirectory::SpaceDirectory(genie::Client& client, SpaceDirectoryOptions options)
    : client_(client), options_(std::move(options)) {}

asio::awaitable<genie::GenieResult<void>> SpaceDirectory::refresh(Deadline deadline) {
    const spaces_detail::Counted counted(refreshing_);
    tried_at_ = Clock::now();
    const bool has_names = !options_.allowed.empty();
    const Deadline soon = has_names ? Deadline::after(deadline.remaining() / 2) : deadline;
    auto listed = co_await client_.list_spaces(soon);
    std::vector<genie::Space> visible;
    if (listed)
        visible = std::move(*listed);
    const bool is_found = co_await add_named(visible, listed.has_value(), deadline);
    if (!listed && !is_found)
        co_return listed.error();
    visible_ = std::move(visible);
    choose();
    fetched_at_ = Clock::now();
    co_return genie::GenieResult<void>();
}

// A space that may be asked is not always one that may be listed.
asio::awaitable<bool> SpaceDirectory::add_named(std::vector<genie::Space>& spaces, bool is_listed, Deadline deadline) {
    bool is_any_found = false;
    // A copy: other ones may be named while Databricks is asked.
    const std::vector<std::string> named = options_.allowed;
    for (const std::string& id : named) {
        if (spaces_detail::find_space(spaces, id) || deadline.expired())
            continue;
        auto space = co_await client_.get_space(id, deadline);
        const genie::Space* before = is_listed ? nullptr : spaces_detail::find_space(visible_, id);
        if (space)
            spaces.push_back(std::move(*space));
        else if (before)
            spaces.push_back(*before);
        is_any_found = is_any_found || space;
    }
    co_return is_any_found;
}

void SpaceDirectory::allow(std::vector<std::string> ids) {
    options_.allowed = std::move(ids);
    if (spaces_)
        choose();
}

void SpaceDirectory::choose() {
    using namespace spaces_detail;
    std::vector<genie::Space> spaces = visible_;
    if (!options_.allowed.empty()) {
        std::erase_if(spaces, [&](const genie::Space& space) {
            return std::find(options_.allowed.begin(), options_.allowed.end(), space.id) == options_.allowed.end();
        });
        for (const std::string& id : options_.allowed)
            if (!find_space(spaces, id))
                log::warn("spaces.not_visible", {{"space", id},
                                                 {"hint",
                                                  "listed in GENIE_SPACE_IDS, but Databricks does not show it: "
                                                  "grant CAN RUN on the space to the identity of this bot"}});
    }
    std::sort(spaces.begin(), spaces.end(), [](const genie::Space& a, const genie::Space& b) {
        return a.title != b.title ? a.title < b.title : a.id < b.id;
    });
    if (!spaces_ || spaces_->size() != spaces.size())
        log::info("spaces.listed", {{"spaces", spaces.size()}});
    spaces_ = std::move(spaces);
}

asio::awaitable<genie::GenieResult<std::vector<genie::Space>>> SpaceDirectory::list(Deadline deadline) {
    const TimePoint now = Clock::now();
    if (spaces_ && now - fetched_at_ < options_.fresh)
        co_return *spaces_;
    // With old knowledge at hand, one caller refreshes and the others do not wait for it.
    if (spaces_ && refreshing_ > 0 && now - fetched_at_ < options_.stale)
        co_return *spaces_;
    auto refreshed = co_await refresh(deadline);
    if (refreshed)
        co_return *spaces_;
    log::warn("spaces.unreachable",
              {{"error", refreshed.error().message}, {"request_id", refreshed.error().request_id}});
    if (spaces_ && Clock::now() - fetched_at_ < options_.stale)
        co_return *spaces_;
    co_return refreshed.error();
}

asio::awaitable<genie::GenieResult<std::optional<genie::Space>>> SpaceDirectory::find(std::string space_id,
                                                                                      Deadline deadline) {
    using namespace spaces_detail;
    using Found = genie::GenieResult<std::optional<genie::Space>>;
    auto spaces = co_await list(deadline);
    if (!spaces)
        co_return spaces.error();
    if (const genie::Space* space = find_space(*spaces, space_id))
        co_return Found(std::optional<genie::Space>(*space));
    if (Clock::now() - tried_at_ >= kLookAgainAfter) {
        auto refreshed = co_await refresh(deadline);
        if (refreshed)
            if (const genie::Space* space = find_space(*spaces_, space_id))
                co_return Found(std::optional<genie::Space>(*space));
    }
    co_return Found(std::optional<genie::Space>());
}

}  // namespace genie_slack::relay

#include "app/relay/directory/examples.hpp"

#include "app/answer/message/text_pieces.hpp"
#include "app/relay/directory/space_decision.hpp"
#include "core/log.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
using words::Word;

namespace examples_detail {

constexpr Duration kFresh = std::chrono::hours(1);
constexpr Duration kFailureLife = std::chrono::minutes(5);
constexpr std::size_t kMostSpaces = 1'000;

}  // namespace examples_detail

asio::awaitable<Start> Examples::find(std::string team, std::string channel, std::string user, Deadline deadline) {
    storage::Turn nothing_asked;
    nothing_asked.thread = storage::ThreadKey(team, channel, "");
    nothing_asked.user = user;
    std::string suggested_by;
    auto decided = co_await decide_space(std::move(nothing_asked), std::move(suggested_by), storage_, spaces_,
                                         deadline.remaining(), deadline);
    SpaceDecision decision;
    if (decided)
        decision = std::move(*decided);
    Start start;
    start.space = std::move(decision.space);
    if (!start.space && !decision.choice.empty())
        start.space = decision.choice.front();
    if (start.space) {
        auto samples = co_await samples_of(start.space->id, deadline);
        start.examples = answer::usable_questions(samples);
    }
    if (start.examples.empty())
        for (const Word word : {Word::example_tables, Word::example_overview, Word::example_newest})
            start.examples.push_back(words::say(people_.language_of(team, user), word));
    start.examples.resize(std::min(start.examples.size(), kMostExamples));
    co_return start;
}

std::string Examples::space_that_offers(const std::string& question) const {
    std::string found;
    for (const auto& [space_id, kept] : kept_) {
        if (std::find(kept.questions.begin(), kept.questions.end(), question) == kept.questions.end())
            continue;
        if (!found.empty())
            return "";
        found = space_id;
    }
    return found;
}

asio::awaitable<std::vector<std::string>> Examples::samples_of(std::string space_id, Deadline deadline) {
    using namespace examples_detail;
    const auto known = kept_.find(space_id);
    if (known != kept_.end() && Clock::now() < known->second.ask_again)
        co_return known->second.questions;
    auto space = co_await genie_.get_space(space_id, deadline);
    if (kept_.size() >= kMostSpaces)
        kept_.clear();
    Kept& kept = kept_[space_id];
    kept.ask_again = Clock::now() + (space ? kFresh : kFailureLife);
    if (space)
        kept.questions = space->sample_questions;
    else
        log::debug("examples.unknown", {{"space", space_id}, {"error", space.error().message}});
    co_return kept.questions;
}

}  // namespace genie_slack::relay

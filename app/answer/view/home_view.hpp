// The Home tab of the bot, as one person sees it. Pure.
#pragma once

#include "app/answer/actions.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "genie/types.hpp"
#include "storage/types.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

struct HomeInput {
    words::Language language = words::Language::english;
    std::string private_metadata;
    std::string bot_user;                                // Slack id of the bot
    words::Word heard = words::Word::heard_by_question;  // whom the bot hears in a thread
    std::string notice;                                  // what just happened, mrkdwn, "" for nothing
    std::string refusal;                                 // why the person may see nothing else, mrkdwn

    std::optional<std::vector<genie::Space>> spaces;  // nothing: Genie cannot be reached
    storage::SpaceDefault space;                      // the person's, "" for none
    bool is_searchable = true;                        // a list that asks us for its options; else a fixed one
    std::vector<std::string> examples;

    struct Question {
        std::string text;
        std::string link;  // to the answer, "" for none yet
        std::string space_title;
        WallTime asked_at{};
        storage::TurnState state = storage::TurnState::received;
    };
    std::optional<std::vector<Question>> recent;  // nothing: they cannot be looked up
    std::optional<storage::Usage> usage;          // for admins
};

inline constexpr std::size_t kRecentQuestions = 10;

// A view of type home, within all limits.
boost::json::object render_home(const HomeInput& input);

}  // namespace genie_slack::answer

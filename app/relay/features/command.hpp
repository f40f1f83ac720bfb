// "/genie": ask, spaces, use, help. What it answers is seen by the person alone.
#pragma once

#include "app/relay/directory/examples.hpp"
#include "app/relay/relay_context.hpp"

#include <string>
#include <string_view>

namespace genie_slack::relay {

inline constexpr const char* kUseSpaceAction = "use_space";  // buttons, suffixed ":0", ...; value: the space id

struct Command {
    enum class Kind {
        ask,
        spaces,
        use,
        help,
        empty,
        unknown,  // one word that is no command
    };
    Kind kind = Kind::empty;
    std::string argument;  // the question, the space, or the unknown word
};
// `text` as plain text. Several words are a question unless they begin with "ask" or "use"; one word has to be a
// command, or look like a question.
Command parse_command(std::string_view text);

// A question whose answer goes to the person's direct message with the bot. `trigger` tells one asking from another.
storage::Turn make_private_turn(storage::Origin origin, const std::string& team, const std::string& channel,
                                const std::string& user, const std::string& trigger, std::string question);

class SlashCommands : public RelayPart {
 public:
    // Both references must outlive it.
    SlashCommands(RelayContext& context, Examples& examples) : context_(context), examples_(examples) {}

    Answer<slack::Ack> on_command(const slack::SlashCommand& command) override;
    Answer<slack::Ack> on_actions(const slack::BlockActions& actions) override;

 private:
    boost::asio::awaitable<slack::Ack> ask(const slack::SlashCommand& command, std::string question);
    boost::asio::awaitable<slack::Ack> list_spaces(const slack::SlashCommand& command);
    boost::asio::awaitable<slack::Ack> use_space(const slack::SlashCommand& command, std::string name);
    boost::asio::awaitable<slack::Ack> help(const slack::SlashCommand& command, Command what);
    boost::asio::awaitable<std::string> set_default(std::string team, std::string user, storage::SpaceDefault space);
    boost::asio::awaitable<void> replace_offer(std::string response_url, std::string text);
    std::string team_of(const std::string& team) const { return team.empty() ? context_.self.team : team; }

    RelayContext& context_;
    Examples& examples_;
};

}  // namespace genie_slack::relay

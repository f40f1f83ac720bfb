// "/genie": ask, spaces, use, help. What it answers is seen by the person alone.
#pragma once

#include "app/relay/intake.hpp"
#include "app/relay/press.hpp"
#include "app/relay/services.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>

namespace genie_slack::relay {

struct CommandText {
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
CommandText parse_command(std::string_view text);

// Whether what is answered to it tells of the data: an answer does, help and the names of spaces do not.
bool shows_data(std::string_view text);

// The answer to a command.
slack::Ack privately(std::string text, boost::json::array blocks = {});

class Command {
 public:
    // All references must outlive it.
    Command(Services services, Directory directory, Intake& intake, TaskGroup& background, const Self& self,
            const RelayOptions& options)
        : services_(services),
          directory_(directory),
          intake_(intake),
          background_(background),
          self_(self),
          options_(options) {}

    boost::asio::awaitable<slack::Ack> run(const slack::SlashCommand& command, const Visit& visit);
    // One of the spaces that were offered for a name that is none.
    boost::asio::awaitable<slack::Ack> take_offer(const Press& press);

 private:
    boost::asio::awaitable<slack::Ack> ask(const std::string& trigger, const Visit& visit, std::string question);
    // Whether it was typed in the person's direct message with the bot.
    boost::asio::awaitable<bool> stands_in_our_dm(const Visit& visit);
    boost::asio::awaitable<slack::Ack> list_spaces(const Visit& visit);
    boost::asio::awaitable<slack::Ack> use_space(const Visit& visit, std::string name);
    boost::asio::awaitable<slack::Ack> help(const Visit& visit, CommandText what);
    // What the person is told about it.
    boost::asio::awaitable<std::string> set_default(const Visit& visit, storage::SpaceDefault space);
    boost::asio::awaitable<void> replace_offer(std::string response_url, std::string text);
    words::Language language_of(const Visit& visit) const {
        return directory_.people.language_of(visit.team, visit.user);
    }

    Services services_;
    Directory directory_;
    Intake& intake_;
    TaskGroup& background_;
    const Self& self_;
    const RelayOptions& options_;
};

}  // namespace genie_slack::relay

#include "app/relay/features/command.hpp"

#include "app/answer/message/help.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "app/answer/view/space_picker.hpp"
#include "app/relay/directory/default_space.hpp"
#include "app/relay/directory/search.hpp"
#include "app/relay/manners/manners.hpp"
#include "core/log.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <utility>

namespace genie_slack::relay {

namespace asio = boost::asio;
namespace json = boost::json;
using slack::Ack;
using storage::DefaultOf;
using words::Word;

namespace command_detail {

constexpr Duration kLookUpTime = std::chrono::milliseconds(1200);  // the ack is due within 3 s
constexpr Duration kPlaceTime = std::chrono::milliseconds(500);    // of what is left until the ack
constexpr Duration kReplaceTime = std::chrono::seconds(20);
constexpr std::size_t kListedSpaces = 30;
constexpr std::size_t kListCharacters = 3'500;
constexpr std::size_t kCloseSpaces = 5;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

bool looks_like_a_command(std::string_view word) {
    return std::all_of(word.begin(), word.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

bool means_nothing(const std::string& name) {
    return name == "none" || name == "off" || name == "-" || name == "keinen" || name == "aus";
}

}  // namespace command_detail

Ack privately(std::string text, json::array blocks) {
    json::object reply;
    reply["response_type"] = "ephemeral";
    reply["text"] = text;
    if (!blocks.empty())
        reply["blocks"] = std::move(blocks);
    return Ack::with(std::move(reply));
}

CommandText parse_command(std::string_view text) {
    using namespace command_detail;
    text = trimmed(text);
    const std::size_t end = std::min(text.find_first_of(" \t\n\r"), text.size());
    const std::string word = lower(text.substr(0, end));
    const std::string rest(trimmed(text.substr(end)));
    CommandText command;
    if (word.empty())
        return command;
    if (word == "ask" || word == "frage") {
        command.kind = rest.empty() ? CommandText::Kind::empty : CommandText::Kind::ask;
        command.argument = rest;
    } else if (word == "use") {
        command.kind = CommandText::Kind::use;
        command.argument = rest;
    } else if (!rest.empty()) {
        command.kind = CommandText::Kind::ask;
        command.argument = std::string(text);
    } else if (word == "spaces") {
        command.kind = CommandText::Kind::spaces;
    } else if (word == "help" || word == "hilfe" || word == "ayuda" || word == "aide") {
        command.kind = CommandText::Kind::help;
    } else {
        command.kind = looks_like_a_command(word) ? CommandText::Kind::unknown : CommandText::Kind::ask;
        command.argument = std::string(text);
    }
    return command;
}

bool shows_data(std::string_view text) {
    return parse_command(text).kind == CommandText::Kind::ask;
}

asio::awaitable<Ack> Command::run(const slack::SlashCommand& command, const Visit& visit) {
    CommandText what = parse_command(slack::plain_text(command.text, self_.user_id));
    switch (what.kind) {
        case CommandText::Kind::ask:
            co_return co_await ask(command.trigger_id, visit, std::move(what.argument));
        case CommandText::Kind::spaces:
            co_return co_await list_spaces(visit);
        case CommandText::Kind::use:
            co_return co_await use_space(visit, std::move(what.argument));
        case CommandText::Kind::help:
        case CommandText::Kind::empty:
        case CommandText::Kind::unknown:
            break;
    }
    co_return co_await help(visit, std::move(what));
}

asio::awaitable<Ack> Command::ask(const std::string& trigger, const Visit& visit, std::string question) {
    // Slack does not send a command again that was not acknowledged.
    storage::Turn turn = make_private_turn(storage::Origin::command, visit, trigger, std::move(question));
    auto ack = co_await intake_.accept(std::move(turn), "");
    bool is_here = false;
    if (ack.send)
        is_here = co_await stands_in_our_dm(visit);
    // The answer comes where it was asked: nothing is to be said of it.
    if (is_here)
        co_return Ack::plain();
    co_return privately(words::say(language_of(visit), ack.send ? Word::answer_in_dm : Word::command_not_recorded));
}

asio::awaitable<bool> Command::stands_in_our_dm(const Visit& visit) {
    if (!visit.is_im)
        co_return false;
    auto ours = co_await services_.slack.conversation_open(visit.user, Deadline::after(command_detail::kPlaceTime));
    co_return ours && *ours == visit.channel;
}

asio::awaitable<Ack> Command::list_spaces(const Visit& visit) {
    using namespace command_detail;
    const auto language = language_of(visit);
    auto spaces = co_await directory_.spaces.list(Deadline::after(kLookUpTime));
    if (!spaces)
        co_return privately(words::say(language, Word::failed_spaces_unreachable));
    if (spaces->empty())
        co_return privately(words::say(language, Word::failed_no_spaces));
    auto own = co_await services_.storage.get_default_space(DefaultOf::person, visit.team, visit.user,
                                                            Deadline::after(kLookUpTime / 2));
    auto channels = co_await services_.storage.get_default_space(DefaultOf::channel, visit.team, visit.channel,
                                                                 Deadline::after(kLookUpTime / 2));
    const auto is_kept = [](const auto& kept, const genie::Space& space) {
        return kept && *kept && (*kept)->space_id == space.id;
    };
    std::string text = words::say(language, Word::spaces_title, {{"n", spaces->size()}});
    std::size_t shown = 0;
    for (const genie::Space& space : *spaces) {
        std::string line = "\n• *" + answer::escape_within(space.title, slack::limits::kOptionCharacters) + "*";
        if (is_kept(own, space))
            line += " (" + words::say(language, Word::space_is_yours) + ")";
        if (is_kept(channels, space))
            line += " (" + words::say(language, Word::space_is_channels) + ")";
        if (!space.description.empty())
            line += ": " + answer::escape_within(space.description, 150);
        if (shown == kListedSpaces || slack::count_characters(text + line) > kListCharacters)
            break;
        text += line;
        ++shown;
    }
    if (shown < spaces->size())
        text += "\n" + words::say(language, Word::more_spaces, {{"n", spaces->size() - shown}});
    text += "\n" + words::say(language, Word::use_hint);
    co_return privately(std::move(text));
}

asio::awaitable<std::string> Command::set_default(const Visit& visit, storage::SpaceDefault space) {
    const auto language = language_of(visit);
    const std::string title = "*" + slack::escape(space.space_name) + "*";
    const bool is_removed = space.space_id.empty();
    auto stored = co_await keep_default_space(services_.storage, DefaultOf::person, visit.team, visit.user,
                                              std::move(space), visit.user, options_.ack_deadline());
    if (!stored)
        co_return words::say(language, Word::default_not_kept);
    if (is_removed)
        co_return words::say(language, Word::person_default_removed);
    co_return words::say(language, Word::person_default_set, {{"title", title}});
}

asio::awaitable<Ack> Command::use_space(const Visit& visit, std::string name) {
    using namespace command_detail;
    const auto language = language_of(visit);
    storage::SpaceDefault wanted;
    if (means_nothing(lower(name))) {
        auto said = co_await set_default(visit, std::move(wanted));
        co_return privately(std::move(said));
    }
    auto spaces = co_await directory_.spaces.list(Deadline::after(kLookUpTime));
    if (!spaces)
        co_return privately(words::say(language, Word::failed_spaces_unreachable));
    if (const genie::Space* space = exact_space(*spaces, name)) {
        wanted.space_id = space->id;
        wanted.space_name = space->title;
        auto said = co_await set_default(visit, std::move(wanted));
        co_return privately(std::move(said));
    }
    const auto close = close_spaces(*spaces, name, kCloseSpaces);
    std::string text = name.empty()
                           ? words::say(language, Word::use_which)
                           : words::say(language, Word::space_unknown, {{"name", answer::escape_within(name, 75)}});
    json::array buttons;
    for (const auto& option : answer::space_options(close)) {
        const std::string id = answer::numbered(answer::kUseSpaceAction, buttons.size());
        buttons.push_back(slack::blocks::button(id, option.text, option.value));
    }
    text += " " + words::say(language, buttons.empty() ? Word::see_spaces : Word::did_you_mean);
    json::array content;
    content.push_back(slack::blocks::section(text));
    if (!buttons.empty())
        content.push_back(slack::blocks::actions("", std::move(buttons)));
    co_return privately(std::move(text), std::move(content));
}

asio::awaitable<Ack> Command::help(const Visit& visit, CommandText what) {
    answer::HelpInput input;
    input.language = language_of(visit);
    input.bot_user = self_.user_id;
    input.heard = heard_in_threads(options_.thread_replies);
    if (what.kind == CommandText::Kind::unknown) {
        input.reason = answer::HelpReason::unknown_command;
        input.command = what.argument;
    }
    Start start = co_await directory_.examples.find(visit.team, visit.channel, visit.user,
                                                    Deadline::after(command_detail::kLookUpTime));
    input.examples = std::move(start.examples);
    if (start.space)
        input.space_title = start.space->title;
    answer::Rendered help = answer::render_help(input);
    co_return privately(std::move(help.text), std::move(help.blocks));
}

asio::awaitable<Ack> Command::take_offer(const Press& press) {
    std::string said = words::say(language_of(press.visit), Word::space_refused);
    auto space = co_await directory_.spaces.find(press.action.value, options_.ack_deadline());
    if (space && *space) {
        storage::SpaceDefault wanted;
        wanted.space_id = (*space)->id;
        wanted.space_name = (*space)->title;
        said = co_await set_default(press.visit, std::move(wanted));
    } else {
        log::warn("space.refused", {{"user", press.user()}, {"space", press.action.value}});
    }
    background_.spawn("offer", replace_offer(press.actions.response_url, std::move(said)));
    co_return Ack::plain();
}

asio::awaitable<void> Command::replace_offer(std::string response_url, std::string text) {
    slack::WebApi::UrlResponse response;
    response.text = std::move(text);
    response.replace_original = true;
    auto replaced = co_await services_.slack.respond(std::move(response_url), std::move(response),
                                                     Deadline::after(command_detail::kReplaceTime));
    if (!replaced)
        log::warn("offer.not_replaced", {{"error", replaced.error().to_string()}});
}

}  // namespace genie_slack::relay

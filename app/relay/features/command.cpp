#include "app/relay/features/command.hpp"

#include "app/answer/message/help.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "app/answer/view/space_picker.hpp"
#include "app/relay/directory/search.hpp"
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

namespace slash_commands_detail {

constexpr Duration kLookUpTime = std::chrono::milliseconds(1200);  // the ack is due within 3 s
constexpr Duration kReplaceTime = std::chrono::seconds(20);
constexpr std::size_t kListedSpaces = 30;
constexpr std::size_t kListCharacters = 3'500;
constexpr std::size_t kCloseSpaces = 5;

Ack privately(std::string text, json::array blocks = {}) {
    json::object reply;
    reply["response_type"] = "ephemeral";
    reply["text"] = std::move(text);
    if (!blocks.empty())
        reply["blocks"] = std::move(blocks);
    return Ack::with(std::move(reply));
}

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

}  // namespace slash_commands_detail

Command parse_command(std::string_view text) {
    using namespace slash_commands_detail;
    text = trimmed(text);
    const std::size_t end = std::min(text.find_first_of(" \t\n\r"), text.size());
    const std::string word = lower(text.substr(0, end));
    const std::string rest(trimmed(text.substr(end)));
    Command command;
    if (word.empty())
        return command;
    if (word == "ask" || word == "frage") {
        command.kind = rest.empty() ? Command::Kind::empty : Command::Kind::ask;
        command.argument = rest;
    } else if (word == "use") {
        command.kind = Command::Kind::use;
        command.argument = rest;
    } else if (!rest.empty()) {
        command.kind = Command::Kind::ask;
        command.argument = std::string(text);
    } else if (word == "spaces") {
        command.kind = Command::Kind::spaces;
    } else if (word == "help" || word == "hilfe") {
        command.kind = Command::Kind::help;
    } else {
        command.kind = looks_like_a_command(word) ? Command::Kind::unknown : Command::Kind::ask;
        command.argument = std::string(text);
    }
    return command;
}

storage::Turn make_private_turn(storage::Origin origin, const std::string& team, const std::string& channel,
                                const std::string& user, const std::string& trigger, std::string question) {
    storage::Turn turn;
    turn.origin = origin;
    turn.question_ts = kCommandThread + trigger;
    turn.thread = storage::ThreadKey(team, channel, turn.question_ts);
    turn.id = storage::turn_id(turn.thread, turn.question_ts);
    turn.user = user;
    turn.question = std::move(question);
    turn.received_at = wall_now();
    return turn;
}

RelayPart::Answer<Ack> SlashCommands::on_command(const slack::SlashCommand& command) {
    const std::string team = team_of(command.team);
    const auto refusal = context_.refusal(team, command.user, command.channel);
    if (refusal) {
        log::info("question.refused", {{"user", command.user}, {"why", to_string(*refusal)}});
        co_return slash_commands_detail::privately(
            words::say(context_.language_of(team, command.user), word_for(*refusal)));
    }
    Command what = parse_command(slack::plain_text(command.text, context_.self.user_id));
    switch (what.kind) {
        case Command::Kind::ask:
            co_return co_await ask(command, std::move(what.argument));
        case Command::Kind::spaces:
            co_return co_await list_spaces(command);
        case Command::Kind::use:
            co_return co_await use_space(command, std::move(what.argument));
        case Command::Kind::help:
        case Command::Kind::empty:
        case Command::Kind::unknown:
            co_return co_await help(command, std::move(what));
    }
    co_return std::nullopt;
}

asio::awaitable<Ack> SlashCommands::ask(const slack::SlashCommand& command, std::string question) {
    using slash_commands_detail::privately;
    const std::string team = team_of(command.team);
    const auto language = context_.language_of(team, command.user);
    // Slack does not send a command again that was not acknowledged.
    storage::Turn turn = make_private_turn(storage::Origin::command, team, command.channel, command.user,
                                           command.trigger_id, std::move(question));
    auto ack = co_await context_.accept(std::move(turn), "");
    co_return privately(words::say(language, ack.send ? Word::answer_in_dm : Word::command_not_recorded));
}

asio::awaitable<Ack> SlashCommands::list_spaces(const slack::SlashCommand& command) {
    using namespace slash_commands_detail;
    const std::string team = team_of(command.team);
    const auto language = context_.language_of(team, command.user);
    auto spaces = co_await context_.spaces.list(Deadline::after(kLookUpTime));
    if (!spaces)
        co_return privately(words::say(language, Word::failed_spaces_unreachable));
    if (spaces->empty())
        co_return privately(words::say(language, Word::failed_no_spaces));
    auto own = co_await context_.storage.get_default_space(DefaultOf::person, team, command.user,
                                                           Deadline::after(kLookUpTime / 2));
    auto channels = co_await context_.storage.get_default_space(DefaultOf::channel, team, command.channel,
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

asio::awaitable<std::string> SlashCommands::set_default(std::string team, std::string user,
                                                        storage::SpaceDefault space) {
    const auto language = context_.language_of(team, user);
    const std::string title = "*" + slack::escape(space.space_name) + "*";
    const bool removes = space.space_id.empty();
    log::info("space.default", {{"kind", "person"}, {"id", user}, {"space", space.space_id}, {"user", user}});
    auto stored = co_await context_.storage.set_default_space(DefaultOf::person, std::move(team), std::move(user),
                                                              std::move(space), context_.ack_deadline());
    if (!stored)
        co_return words::say(language, Word::default_not_kept);
    if (removes)
        co_return words::say(language, Word::person_default_removed);
    co_return words::say(language, Word::person_default_set, {{"title", title}});
}

asio::awaitable<Ack> SlashCommands::use_space(const slack::SlashCommand& command, std::string name) {
    using namespace slash_commands_detail;
    const std::string team = team_of(command.team);
    const auto language = context_.language_of(team, command.user);
    storage::SpaceDefault wanted;
    if (means_nothing(lower(name))) {
        auto said = co_await set_default(team, command.user, std::move(wanted));
        co_return privately(std::move(said));
    }
    auto spaces = co_await context_.spaces.list(Deadline::after(kLookUpTime));
    if (!spaces)
        co_return privately(words::say(language, Word::failed_spaces_unreachable));
    if (const genie::Space* space = exact_space(*spaces, name)) {
        wanted.space_id = space->id;
        wanted.space_name = space->title;
        auto said = co_await set_default(team, command.user, std::move(wanted));
        co_return privately(std::move(said));
    }
    const auto close = close_spaces(*spaces, name, kCloseSpaces);
    std::string text = name.empty()
                           ? words::say(language, Word::use_which)
                           : words::say(language, Word::space_unknown, {{"name", answer::escape_within(name, 75)}});
    json::array buttons;
    for (const auto& option : answer::space_options(close)) {
        const std::string id = std::string(kUseSpaceAction) + ":" + std::to_string(buttons.size());
        buttons.push_back(slack::blocks::button(id, option.text, option.value));
    }
    text += " " + words::say(language, buttons.empty() ? Word::see_spaces : Word::did_you_mean);
    json::array content;
    content.push_back(slack::blocks::section(text));
    if (!buttons.empty())
        content.push_back(slack::blocks::actions("", std::move(buttons)));
    co_return privately(std::move(text), std::move(content));
}

asio::awaitable<Ack> SlashCommands::help(const slack::SlashCommand& command, Command what) {
    answer::HelpInput input;
    const std::string team = team_of(command.team);
    input.language = context_.language_of(team, command.user);
    input.bot_user = context_.self.user_id;
    if (what.kind == Command::Kind::unknown) {
        input.reason = answer::HelpReason::unknown_command;
        input.command = what.argument;
    }
    Start start = co_await examples_.find(team, command.channel, command.user,
                                          Deadline::after(slash_commands_detail::kLookUpTime));
    input.examples = std::move(start.examples);
    if (start.space)
        input.space_title = start.space->title;
    answer::Rendered help = answer::render_help(input);
    co_return slash_commands_detail::privately(std::move(help.text), std::move(help.blocks));
}

// One of the spaces that were offered for a name that is none.
RelayPart::Answer<Ack> SlashCommands::on_actions(const slack::BlockActions& actions) {
    for (const slack::Action& action : actions.actions) {
        if (!action.action_id.starts_with(kUseSpaceAction))
            continue;
        const std::string team = team_of(actions.team);
        const auto language = context_.language_of(team, actions.user);
        std::string said = words::say(language, Word::space_refused);
        auto space = co_await context_.spaces.find(action.value, context_.ack_deadline());
        if (space && *space) {
            storage::SpaceDefault wanted;
            wanted.space_id = (*space)->id;
            wanted.space_name = (*space)->title;
            said = co_await set_default(team, actions.user, std::move(wanted));
        } else {
            log::warn("space.refused", {{"user", actions.user}, {"space", action.value}});
        }
        context_.spawn("offer", replace_offer(actions.response_url, std::move(said)));
        co_return Ack::plain();
    }
    co_return std::nullopt;
}

asio::awaitable<void> SlashCommands::replace_offer(std::string response_url, std::string text) {
    slack::WebApi::UrlResponse response;
    response.text = std::move(text);
    response.replace_original = true;
    auto replaced = co_await context_.slack.respond(std::move(response_url), std::move(response),
                                                    Deadline::after(slash_commands_detail::kReplaceTime));
    if (!replaced)
        log::warn("offer.not_replaced", {{"error", replaced.error().to_string()}});
}

}  // namespace genie_slack::relay

#include "app/answer/message/text_pieces.hpp"

#include "app/answer/message/answer.hpp"
#include "app/answer/result/cell.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>

namespace json = boost::json;

namespace genie_slack::answer {

namespace limits = slack::limits;

namespace parts_detail {
constexpr std::size_t kLeastPreformatted = 40;
}

std::size_t count_text(const json::value& value) {
    std::size_t count = 0;
    if (const auto* array = value.if_array()) {
        for (const json::value& item : *array)
            count += count_text(item);
    } else if (const auto* object = value.if_object()) {
        for (const auto& member : *object) {
            const auto* text = member.value().if_string();
            if (!text)
                count += count_text(member.value());
            else if (member.key() == "text")
                count += slack::count_characters(std::string_view(text->data(), text->size()));
        }
    }
    return count;
}

void append_paragraph(std::string& text, std::string_view more) {
    if (!text.empty() && !more.empty())
        text += "\n\n";
    text += more;
}

std::string escape_within(std::string_view text, std::size_t characters) {
    const std::string line = one_line(text);
    std::string escaped;
    for (std::size_t keep = characters;;) {
        escaped = slack::escape(slack::truncate(line, keep));
        const std::size_t size = slack::count_characters(escaped);
        if (size <= characters)
            return escaped;
        keep -= std::min(keep, size - characters);
    }
}

Mrkdwn to_mrkdwn(words::Language language, std::string_view markdown, std::size_t max_bytes) {
    using words::Word;
    Mrkdwn mrkdwn;
    slack::MarkdownNotes notes;
    notes.cut = words::say(language, Word::text_is_cut);
    notes.table = [language, &mrkdwn](std::size_t rows, std::size_t columns, bool cut_values) {
        std::string note;
        const auto append = [&](std::string part) { note += (note.empty() ? "" : ", ") + std::move(part); };
        if (rows > 0)
            append(words::say(language, Word::more_rows, {{"n", rows}}));
        if (columns > 0)
            append(words::say(language, Word::more_columns, {{"n", columns}}));
        if (cut_values)
            append(words::say(language, Word::values_cut));
        mrkdwn.leaves_out = mrkdwn.leaves_out || !note.empty();
        return note;
    };
    std::string& text = mrkdwn.text;
    text = slack::markdown_to_mrkdwn(markdown, max_bytes, notes);
    text.erase(0, std::min(text.find_first_not_of(" \n"), text.size()));
    text.erase(text.find_last_not_of(" \n") + 1);
    return mrkdwn;
}

Cut cut_mrkdwn(std::string_view mrkdwn, std::size_t characters) {
    Cut cut;
    cut.was_cut = slack::count_characters(mrkdwn) > characters;
    if (!cut.was_cut) {
        cut.text = mrkdwn;
        return cut;
    }
    auto parts = slack::cut_text(mrkdwn, characters);
    cut.text = std::move(parts.head);
    cut.rest = std::move(parts.rest);
    return cut;
}

std::optional<Preformatted> fit_preformatted(std::string_view text, std::size_t characters) {
    characters = std::min(characters, limits::kSectionCharacters);
    const std::size_t whole = slack::count_characters(text);
    Preformatted fitted;
    for (std::size_t keep = std::min(whole, characters); keep > 0;) {
        fitted.block = slack::blocks::preformatted(slack::truncate(text, keep));
        fitted.shown = keep;
        fitted.was_cut = keep < whole;
        // Escaping makes it longer; each character that goes makes it shorter by one at least.
        const std::size_t size = count_text(fitted.block);
        if (size <= characters)
            return fitted.was_cut && keep < parts_detail::kLeastPreformatted ? std::nullopt : std::optional(fitted);
        keep -= std::min(keep, size - characters);
    }
    return std::nullopt;
}

void append_sections(json::array& blocks, std::string_view mrkdwn) {
    for (const std::string& part : slack::split_text(mrkdwn, limits::kSectionCharacters))
        blocks.push_back(slack::blocks::section(part, true));
}

std::vector<std::string> usable_questions(const std::vector<std::string>& suggested) {
    std::vector<std::string> questions;
    for (const std::string& text : suggested) {
        std::string question = one_line(text);
        if (question.empty() || slack::count_characters(question) > limits::kButtonValueCharacters ||
            std::find(questions.begin(), questions.end(), question) != questions.end())
            continue;
        questions.push_back(std::move(question));
        if (questions.size() == kFollowUps)
            break;
    }
    return questions;
}

void append_follow_ups(json::array& blocks, const std::vector<std::string>& questions) {
    json::array buttons;
    for (std::size_t i = 0; i < questions.size(); ++i)
        buttons.push_back(slack::blocks::button(
            numbered(kFollowUpAction, i), slack::truncate(questions[i], limits::kButtonTextCharacters), questions[i]));
    if (!buttons.empty())
        blocks.push_back(slack::blocks::actions("", std::move(buttons)));
}

}  // namespace genie_slack::answer

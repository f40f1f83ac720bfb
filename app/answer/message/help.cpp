#include "app/answer/message/help.hpp"

#include "app/answer/message/text_pieces.hpp"
#include "slack/blocks/blocks.hpp"
#include "slack/blocks/limits.hpp"
#include "slack/text/emoji.hpp"
#include "slack/text/markup.hpp"

#include <cstdint>

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
namespace json = boost::json;
using words::Word;

namespace help_detail {

constexpr std::size_t kExampleCharacters = 200;
constexpr std::size_t kCommandCharacters = 60;

std::string opening(const HelpInput& input) {
    switch (input.reason) {
        case HelpReason::asked:
            return words::say(input.language, Word::help_about);
        case HelpReason::hello:
            return words::say(input.language, Word::help_hello);
        case HelpReason::empty:
            return words::say(input.language, Word::help_empty);
        case HelpReason::unknown_command: {
            const std::string command = escape_within(input.command, kCommandCharacters);
            return words::say(input.language, Word::help_unknown_command, {{"command", command}});
        }
        case HelpReason::joined:
            return words::say(input.language, Word::help_joined);
    }
    return "";
}

// Lower case letters and digits of the text, words apart by one space.
std::string bare(std::string_view said) {
    const std::string text = slack::without_emoji(said);
    std::string out;
    const auto end_word = [&out] {
        if (!out.empty() && out.back() != ' ')
            out += ' ';
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const auto next = static_cast<unsigned char>(at + 1 < text.size() ? text[at + 1] : '\0');
        if (byte >= 'A' && byte <= 'Z') {
            out += static_cast<char>(byte - 'A' + 'a');
        } else if (byte == 0xC2) {
            end_word();  // "¿", "¡" and the space that does not break
            ++at;
        } else if (byte == 0xE2 && next == 0x80) {
            end_word();  // typographic apostrophes, dashes and spaces
            at += 2;
        } else if (byte == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) {
            out += text[at++];
            out += static_cast<char>(next + 0x20);  // "É"
        } else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80) {
            out += text[at];
        } else {
            end_word();
        }
    }
    if (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

// `texts` stand between "|".
bool is_one_of(const std::string& text, std::string_view texts) {
    return !text.empty() && texts.find("|" + text + "|") != std::string_view::npos;
}

// Nothing but phrases of `texts`, the first one of which begins it, and of `small` ones.
bool is_made_of(const std::string& text, std::string_view texts, std::string_view small) {
    bool has_begun = false;
    for (std::size_t from = 0; from < text.size();) {
        std::size_t end = text.size();
        while (!is_one_of(text.substr(from, end - from), texts) &&
               !(has_begun && is_one_of(text.substr(from, end - from), small))) {
            end = text.rfind(' ', end - 1);
            if (end == std::string::npos || end <= from)
                return false;
        }
        has_begun = true;
        from = end + 1;
    }
    return has_begun;
}

}  // namespace help_detail

std::string say_who_is_heard(words::Language language, Word heard, const std::string& bot) {
    const std::string button = words::say(language, Word::answer_this_button);
    return words::say(language, heard, {{"bot", bot}, {"button", button}});
}

Rendered render_help(const HelpInput& input) {
    const std::string bot = input.bot_user.empty() ? std::string("@genie") : "<@" + input.bot_user + ">";
    const std::string how = words::say(input.language, Word::help_how, {{"bot", bot}}) + "\n" +
                            say_who_is_heard(input.language, input.heard, bot);
    std::string examples;
    if (!input.examples.empty()) {
        const std::string title = escape_within(input.space_title, limits::kOptionCharacters);
        examples = title.empty() ? words::say(input.language, Word::help_examples)
                                 : words::say(input.language, Word::help_examples_of, {{"space", title}});
        for (const std::string& example : input.examples)
            examples += "\n• " + escape_within(example, help_detail::kExampleCharacters);
    }
    Rendered rendered;
    rendered.text = help_detail::opening(input) + "\n" + how;
    append_sections(rendered.blocks, help_detail::opening(input));
    append_sections(rendered.blocks, how);
    if (!examples.empty()) {
        rendered.text += "\n" + examples;
        append_sections(rendered.blocks, examples);
    }
    return rendered;
}

bool is_greeting(std::string_view text) {
    static constexpr std::string_view kTexts =
        "|hi|hello|hey|hiya|howdy|good morning|good evening|good afternoon|how are you|how are you doing|how s it "
        "going|"
        "how is it going|what s up|who are you|nice to meet you|"
        // German
        "hallo|moin|servus|guten morgen|guten tag|guten abend|wer bist du|wie geht s|wie gehts|wie geht es dir|"
        "wie geht s dir|alles gut|alles klar|"
        // Spanish
        "hola|buenas|buenos días|buenos dias|buenas tardes|buenas noches|qué tal|que tal|cómo estás|como estas|"
        "quién eres|quien eres|"
        // French
        "bonjour|bonsoir|salut|coucou|ça va|comment ça va|comment vas tu|qui es tu|qui êtes vous|";
    // Between and behind them.
    static constexpr std::string_view kSmall =
        "|there|genie|all|everyone|team|today|and|zusammen|und|dir|heute|y|et|bei dir|a todos|à tous|";
    return help_detail::is_made_of(help_detail::bare(text), kTexts, kSmall);
}

bool is_call_for_help(std::string_view text) {
    static constexpr std::string_view kTexts =
        "|help|help me|can you help|can you help me|i need help|what can you do|what do you do|what can i ask|"
        "what can i ask you|what can you help with|what can you help me with|how does this work|how do you work|"
        "how do i use you|how can i use you|"
        // German
        "hilfe|was kannst du|was machst du|was kann ich fragen|was kann ich dich fragen|kannst du helfen|"
        "kannst du mir helfen|wobei kannst du helfen|wie geht das|wie funktioniert das|"
        // Spanish
        "ayuda|ayúdame|ayudame|qué puedes hacer|que puedes hacer|qué sabes hacer|que sabes hacer|qué puedo preguntar|"
        "que puedo preguntar|cómo funciona|como funciona|cómo funciona esto|como funciona esto|"
        // French
        "aide|aide moi|aidez moi|à l aide|que peux tu faire|que sais tu faire|qu est ce que tu peux faire|"
        "que puis je demander|qu est ce que je peux demander|comment ça marche|comment ca marche|";
    // Before them, between and behind them.
    static constexpr std::string_view kBefore =
        "|hi|hey|hello|ok|okay|so|and|genie|please|hallo|und|bitte|hola|oye|y|"
        "bonjour|salut|et|";
    static constexpr std::string_view kSmall =
        "|please|pls|genie|for me|for us|here|now|exactly|all|with this|with it|bitte|für mich|für uns|hier|alles|denn|"
        "eigentlich|so|genau|por favor|por mí|por nosotros|aquí|s il te plaît|pour moi|pour nous|ici|exactement|";
    std::string said = help_detail::bare(text);
    while (help_detail::is_one_of(said.substr(0, said.find(' ')), kBefore) && said.find(' ') != std::string::npos)
        said.erase(0, said.find(' ') + 1);
    return help_detail::is_made_of(said, kTexts, kSmall);
}

json::object render_question_view(const QuestionView& form) {
    json::object field;
    field["type"] = "plain_text_input";
    field["action_id"] = kQuestionInput;
    field["multiline"] = true;
    field["max_length"] = static_cast<std::int64_t>(limits::kSectionCharacters);
    const std::string beginning = slack::truncate(form.question, limits::kSectionCharacters);
    if (!beginning.empty())
        field["initial_value"] = beginning;
    json::object input;
    input["type"] = "input";
    input["block_id"] = kQuestionInput;
    input["label"] = blocks::plain_text(words::say(form.language, Word::question_label));
    input["element"] = std::move(field);
    json::array content;
    content.push_back(std::move(input));
    const Word hint = form.answers_privately ? Word::question_hint_private : Word::question_hint;
    content.push_back(blocks::context(words::say(form.language, hint)));

    json::object view;
    view["type"] = "modal";
    view["callback_id"] = form.callback_id;
    view["private_metadata"] = form.private_metadata;
    view["title"] = blocks::plain_text(words::say(form.language, Word::question_title));
    view["submit"] = blocks::plain_text(words::say(form.language, Word::ask_button));
    view["close"] = blocks::plain_text(words::say(form.language, Word::cancel_button));
    view["blocks"] = std::move(content);
    return view;
}

}  // namespace genie_slack::answer

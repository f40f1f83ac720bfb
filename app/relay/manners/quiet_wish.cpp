#include "app/relay/manners/quiet_wish.hpp"

#include "app/relay/manners/line_phrases.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace quiet_wish_detail {

constexpr std::string_view kQuiet =
    "|be quiet|be silent|keep quiet|stay quiet|quiet|silence|shut up|hush|stop answering|stop replying|"
    "stop responding|stop talking|don't answer|don't reply|do not answer|do not reply|leave us alone|"
    "leave this thread|go away|stay out|keep out|stay out of this|keep out of this|mute|mute yourself|"
    "sei still|sei ruhig|sei leise|halt dich raus|halte dich raus|antworte nicht|antworte nicht mehr|"
    "nicht mehr antworten|lass uns in ruhe|halt die klappe|ruhe|"
    "cállate|silencio|no respondas|no respondas más|deja de responder|déjanos en paz|"
    "tais toi|tais-toi|silence|ne réponds pas|ne réponds plus|arrête de répondre|laisse nous tranquilles|"
    "laisse-nous tranquilles|";
// Beside it.
constexpr std::string_view kSmall =
    "|please|pls|ok|okay|now|here|in here|in this thread|to us|for now|for a while|again|genie|can you|could you|"
    "would you|will you|bitte|jetzt|hier|mal|doch|in diesem thread|por favor|aquí|ahora|en este hilo|"
    "s'il te plaît|ici|maintenant|dans ce fil|";

// Also within: "sei bitte still".
constexpr std::string_view kAnywhere = "|please|pls|bitte|mal|doch|jetzt|now|just|";

bool is_wish(phrases::Words words, bool& wishes) {
    std::erase_if(words, [](const LineWord& word) { return phrases::has(kAnywhere, word.lower); });
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t quiet = phrases::longest_at(words, at, kQuiet);
        const std::size_t whole = std::max(quiet, phrases::longest_at(words, at, kSmall));
        if (whole == 0)
            return false;
        wishes = wishes || quiet > 0;
        at += whole;
    }
    return true;
}

}  // namespace quiet_wish_detail

bool asks_for_quiet(std::string_view text, std::string_view bot_user) {
    const Line line = read_line(text, bot_user);
    bool wishes = false;
    return line.mentions_bot && !line.mentions_others &&
           std::all_of(line.sentences.begin(), line.sentences.end(),
                       [&](const Sentence& sentence) { return quiet_wish_detail::is_wish(sentence.words, wishes); }) &&
           wishes;
}

}  // namespace genie_slack::relay

#include "app/relay/manners/manners.hpp"

#include "app/answer/message/help.hpp"
#include "app/relay/manners/banter.hpp"
#include "app/relay/manners/clear_wish.hpp"
#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "app/relay/manners/line_words.hpp"
#include "app/relay/manners/passing_mention.hpp"
#include "app/relay/manners/remark.hpp"
#include "app/relay/manners/small_talk.hpp"

#include <algorithm>

namespace genie_slack::relay {

namespace manners_detail {

// To what was asked back of words that were perhaps for people, only yes and no are an answer.
constexpr std::string_view kYesOrNo =
    "|yes|yep|yeah|yup|y|no|nope|nah|ok|okay|right|correct|exactly|both|either|neither|ja|jep|jo|jawohl|nein|nee|nö|"
    "genau|richtig|beides|beide|gerne|bitte|please|sí|si|vale|exacto|de|acuerdo|oui|ouais|non|d'accord|exact|les|deux|"
    "thanks|danke|gracias|merci|";

bool says_yes_or_no(const Line& line) {
    return !line.sentences.empty() &&
           std::all_of(line.sentences.begin(), line.sentences.end(), [](const Sentence& sentence) {
               return std::all_of(sentence.words.begin(), sentence.words.end(),
                                  [](const LineWord& word) { return phrases::has(kYesOrNo, word.lower); });
           });
}

bool is_answer_back(const Line& line, LineKind kind, const ThreadFacts& facts) {
    if (!facts.asked_back)
        return false;
    return facts.misunderstood == 0 || (kind == LineKind::agreement && says_yes_or_no(line));
}

// Lines that were for people, as far as anybody knows.
std::size_t said_to_people(const ThreadFacts& facts, std::size_t unknown) {
    return facts.talk.value_or(unknown) + (facts.is_alone ? 0 : facts.misunderstood);
}

LineBefore before(const ThreadFacts& facts) {
    if (facts.has_asked && facts.asked_back && facts.misunderstood == 0)
        return LineBefore::bots_question;
    return facts.follows_colleague ? LineBefore::colleagues : LineBefore::bots_answer;
}

Manner by_kind(const Line& line, LineKind kind, const ThreadFacts& facts) {
    const bool answers_back = facts.has_asked && is_answer_back(line, kind, facts);
    switch (kind) {
        case LineKind::nothing:
        case LineKind::to_people:
            return Manner::leave;
        case LineKind::courtesy:
            return Manner::courtesy;
        case LineKind::agreement:
            // "Ok" behind what people said meanwhile is said to them.
            return answers_back && facts.talk.value_or(0) == 0 ? Manner::take_up : Manner::courtesy;
        case LineKind::statement:
            return answers_back ? Manner::take_up : Manner::leave;
        case LineKind::request:
            return facts.has_asked || (!facts.follows_colleague && wishes_to_see(line)) ? Manner::take_up
                                                                                        : Manner::leave;
        case LineKind::fragment:
        case LineKind::personal:
            return facts.has_asked ? Manner::take_up : Manner::leave;
        case LineKind::question:
            return Manner::take_up;
    }
    return Manner::leave;
}

bool have_people_written(const ThreadFacts& facts) {
    return !facts.is_alone && (facts.follows_colleague || facts.talk.value_or(0) > 0);
}

// In doubt what people have started goes on among them.
bool may_be_for_colleague(const Line& line, const ThreadFacts& facts) {
    const bool is_among_people = have_people_written(facts) || (!facts.has_asked && speaks_of_us(line));
    return is_among_people && before(facts) != LineBefore::bots_question && may_ask_colleague(line);
}

// Whoever says so to a bot that has asked nothing waits for something.
constexpr std::string_view kYesToSomething =
    "|yes|yep|yeah|yup|y|no|nope|nah|sure|of course|absolutely|definitely|both|either|neither|please|ja|jep|jo|jawohl|"
    "nein|nee|nö|klar|na klar|auf jeden fall|gerne|bitte|beides|beide|sí|si|claro|claro que sí|claro que si|"
    "por supuesto|ambos|ambas|oui|ouais|bien sûr|les deux|";
// What such a line says beside it.
constexpr std::string_view kAroundYes =
    "|ok|okay|please|bitte|gerne|vale|por favor|s'il te plaît|s'il vous plaît|hey|hi|genie|very|much|so|";

bool says_yes_to_something(const Line& line) {
    bool says_yes = false;
    for (const Sentence& sentence : line.sentences) {
        const phrases::Words& words = sentence.words;
        for (std::size_t at = 0; at < words.size();) {
            // "no worries" is one thing.
            const std::size_t whole = std::max({phrases::longest_at(words, at, phrases::kAgreement),
                                                phrases::longest_at(words, at, kAroundYes), std::size_t{1}});
            const std::string said = phrases::joined(words, at, whole);
            if (!phrases::has(kYesToSomething, said) && !phrases::has(kAroundYes, said))
                return false;
            says_yes = says_yes || phrases::has(kYesToSomething, said);
            at += whole;
        }
    }
    return says_yes;
}

}  // namespace manners_detail

std::optional<words::Word> word_for_idle(std::string_view text) {
    if (answer::is_greeting(text))
        return words::Word::help_hello;
    return manners_detail::says_yes_to_something(read_line(text, "")) ? std::optional(words::Word::nothing_asked)
                                                                      : std::nullopt;
}

Manner manner_for(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    const Line line = read_line(text, bot_user);
    if (line.mentions_bot)
        return !facts.is_direct && only_speaks_of_bot(text, bot_user) ? Manner::leave : Manner::take_up;
    const LineKind kind = is_laughed_off(line) ? LineKind::courtesy : kind_of(line);
    const bool is_courtesy = kind == LineKind::courtesy || kind == LineKind::agreement;
    if (facts.is_direct) {
        const bool is_answer = kind == LineKind::agreement && facts.asked_back && manners_detail::says_yes_or_no(line);
        return is_courtesy && !is_answer ? Manner::courtesy : Manner::take_up;
    }
    if (line.mentions_others)
        return Manner::leave;
    if (mode == ThreadReplies::mention)
        return is_courtesy ? Manner::courtesy : Manner::leave;
    if (said_to_genie(line))
        return Manner::take_up;
    if (mode == ThreadReplies::all) {
        const bool is_answer = kind == LineKind::agreement && facts.asked_back;
        return kind == LineKind::nothing   ? Manner::leave
               : is_courtesy && !is_answer ? Manner::courtesy
                                           : Manner::take_up;
    }
    const std::size_t unknown = facts.has_asked ? 0 : kTalkAmongPeople;
    const bool is_yes = facts.misunderstood > 0 && facts.has_asked && manners_detail::is_answer_back(line, kind, facts);
    if (facts.talk.value_or(unknown) >= kTalkAmongPeople ||
        (manners_detail::said_to_people(facts, unknown) >= kTalkAmongPeople && !is_yes))
        return is_courtesy ? Manner::courtesy : Manner::leave;
    const LineBefore before = manners_detail::before(facts);
    if (!is_courtesy &&
        (is_remark(line, before) || is_small_talk(line, before) || manners_detail::may_be_for_colleague(line, facts)))
        return Manner::leave;
    return manners_detail::by_kind(line, kind, facts);
}

bool is_held_back(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    if (mode != ThreadReplies::automatic)
        return false;
    if (facts.talk.value_or(0) >= kAskedToBeQuiet)
        return false;
    const Line line = read_line(text, bot_user);
    const bool is_quiet = manners_detail::said_to_people(facts, 0) < kTalkAmongPeople;
    if (is_quiet && manners_detail::may_be_for_colleague(line, facts) &&
        !is_small_talk(line, manners_detail::before(facts)) &&
        manners_detail::by_kind(line, kind_of(line), facts) == Manner::take_up)
        return true;
    if (is_quiet)
        return facts.talk && !facts.has_asked && !facts.follows_colleague && is_perhaps_asked(line);
    // "since 2023" right below a colleague's line answers that.
    return is_clear_wish(line) || (facts.has_asked && !facts.follows_colleague && is_clear_continuation(line));
}

bool may_follow_answer(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    return mode == ThreadReplies::automatic && facts.has_asked && facts.talk.value_or(0) >= kTalkAmongPeople &&
           facts.talk.value_or(0) < kAskedToBeQuiet && is_clear_continuation(read_line(text, bot_user));
}

words::Word heard_in_threads(ThreadReplies mode) {
    switch (mode) {
        case ThreadReplies::automatic:
            return words::Word::heard_by_question;
        case ThreadReplies::mention:
            return words::Word::heard_when_mentioned;
        case ThreadReplies::all:
            return words::Word::heard_always;
    }
    return words::Word::heard_by_question;
}

}  // namespace genie_slack::relay

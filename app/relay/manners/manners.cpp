#include "app/relay/manners/manners.hpp"

#include "app/relay/manners/banter.hpp"
#include "app/relay/manners/clear_wish.hpp"
#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/passing_mention.hpp"
#include "app/relay/manners/remark.hpp"

namespace genie_slack::relay {

namespace manners_detail {

LineBefore before(const ThreadFacts& facts) {
    if (facts.has_asked && facts.asked_back)
        return LineBefore::bots_question;
    return facts.follows_colleague ? LineBefore::colleagues : LineBefore::bots_answer;
}

Manner by_kind(LineKind kind, const ThreadFacts& facts) {
    const bool answers_back = facts.has_asked && facts.asked_back;
    switch (kind) {
        case LineKind::nothing:
        case LineKind::to_people:
            return Manner::leave;
        case LineKind::courtesy:
            return Manner::courtesy;
        case LineKind::agreement:
            return answers_back ? Manner::take_up : Manner::courtesy;
        case LineKind::statement:
            return answers_back ? Manner::take_up : Manner::leave;
        case LineKind::fragment:
        case LineKind::personal:
        case LineKind::request:
            return facts.has_asked ? Manner::take_up : Manner::leave;
        case LineKind::question:
            return Manner::take_up;
    }
    return Manner::leave;
}

}  // namespace manners_detail

Manner manner_for(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    const Line line = read_line(text, bot_user);
    if (line.mentions_bot)
        return !facts.is_direct && only_speaks_of_bot(text, bot_user) ? Manner::leave : Manner::take_up;
    const LineKind kind = is_laughed_off(line) ? LineKind::courtesy : kind_of(line);
    const bool is_courtesy = kind == LineKind::courtesy || kind == LineKind::agreement;
    if (facts.is_direct) {
        const bool is_answer = kind == LineKind::agreement && facts.asked_back;
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
    if (facts.talk.value_or(unknown) >= kTalkAmongPeople)
        return is_courtesy ? Manner::courtesy : Manner::leave;
    if (!is_courtesy && is_remark(line, manners_detail::before(facts)))
        return Manner::leave;
    return manners_detail::by_kind(kind, facts);
}

bool is_held_back(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    if (mode != ThreadReplies::automatic || facts.talk.value_or(0) < kTalkAmongPeople)
        return false;
    const Line line = read_line(text, bot_user);
    return is_clear_wish(line) || (facts.has_asked && is_clear_continuation(line));
}

bool may_follow_answer(std::string_view text, const ThreadFacts& facts, ThreadReplies mode, std::string_view bot_user) {
    return mode == ThreadReplies::automatic && facts.has_asked && facts.talk.value_or(0) >= kTalkAmongPeople &&
           is_clear_continuation(read_line(text, bot_user));
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

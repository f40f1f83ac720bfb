#include "app/relay/manners/continuation.hpp"

#include "app/relay/manners/line_kind.hpp"
#include "app/relay/manners/line_phrases.hpp"
#include "app/relay/record/chat_rows.hpp"
#include "slack/text/markup.hpp"

#include <algorithm>
#include <iterator>

namespace genie_slack::relay {

namespace continuation_detail {

using phrases::has;

constexpr std::size_t kLongestChain = 3;  // questions that lean on each other
constexpr std::size_t kBeforeCharacters = 500;

// "By month and region", "nach Monat".
constexpr std::string_view kPrepositions =
    "|by|in|for|per|of|from|since|until|to|with|nach|für|pro|je|seit|bis|von|mit|im|por|para|desde|hasta|con|en|par|"
    "pour|depuis|jusque|avec|";

// What a question begins with that goes on with another one. Words between "|", as in line_words.hpp.
constexpr std::string_view kGoesOn =
    "|and|or|but|only|just|also|now|then|so|without|excluding|except|instead|same|und|oder|aber|nur|auch|jetzt|nun|"
    "dann|ohne|außer|statt|stattdessen|y|e|o|pero|solo|sólo|sin|también|ahora|et|ou|mais|seulement|sans|aussi|"
    "maintenant|";
// Words for what stands elsewhere.
constexpr std::string_view kPoints =
    "|it|its|they|them|their|there|those|these|same|instead|that|this|davon|dazu|daran|darin|dabei|dafür|dort|deren|"
    "denen|diese|dieser|dieses|diesen|diesem|dies|dasselbe|stattdessen|eso|esos|esas|esto|estos|estas|cela|ceux|"
    "celles|";
// Behind "this" they are no word for something else.
constexpr std::string_view kPeriods =
    "|day|week|month|quarter|year|tag|woche|monat|quartal|jahr|tages|jahres|monats|mes|semana|trimestre|año|"
    "semaine|mois|année|";

bool points_elsewhere(const std::vector<LineWord>& words) {
    for (std::size_t at = 0; at < words.size(); ++at)
        if (has(kPoints, words[at].lower) && (at + 1 == words.size() || !has(kPeriods, words[at + 1].lower)))
            return true;
    return false;
}

// As with_context() writes it. Who writes so without us is understood as well.
bool is_told_in_full(std::string_view question) {
    return question.ends_with(')') && question.find(" (") != std::string_view::npos;
}

// "revenue by region; And by month?" of what is told in full already: parentheses within parentheses nobody reads.
std::string in_order(const std::string& question) {
    const std::size_t open = question.find(" (");
    if (!is_told_in_full(question) || !leans_on_context(question.substr(0, open)))
        return question;
    return question.substr(open + 2, question.size() - open - 3) + "; " + question.substr(0, open);
}

// Somebody else's question may be for nobody else.
bool may_be_told(const storage::Step& question, const storage::Turn& turn) {
    return !is_private(question) || is_asked_by(question, turn.user);
}

}  // namespace continuation_detail

bool leans_on_context(std::string_view question) {
    using namespace continuation_detail;
    if (is_told_in_full(question))
        return false;
    const Line line = read_line(slack::escape(question), "");
    if (line.sentences.empty() || line.sentences.front().words.empty())
        return false;
    const std::vector<LineWord>& words = line.sentences.front().words;
    const LineKind kind = kind_of(line);
    const bool is_short = (line.sentences.size() == 1 && words.size() == 1) || has(kPrepositions, words.front().lower);
    // "Revenue by region" is no sentence, and yet a question of its own.
    const bool is_loose = kind == LineKind::fragment || kind == LineKind::personal;
    if (kind == LineKind::agreement || kind == LineKind::courtesy || (is_loose && is_short))
        return true;
    if (has(kGoesOn, words.front().lower))
        return true;
    return std::any_of(line.sentences.begin(), line.sentences.end(),
                       [](const Sentence& sentence) { return points_elsewhere(sentence.words); });
}

bool is_mere_continuation(std::string_view question) {
    using namespace continuation_detail;
    if (is_told_in_full(question))
        return false;
    const Line line = read_line(slack::escape(question), "");
    if (line.sentences.empty() || line.sentences.front().words.empty())
        return true;
    const LineKind kind = kind_of(line);
    return kind == LineKind::courtesy || kind == LineKind::agreement ||
           has(kGoesOn, line.sentences.front().words.front().lower);
}

std::string with_context(const std::string& question, const std::string& before) {
    if (before.empty() || before == question)
        return question;
    const std::string known = continuation_detail::in_order(before);
    return question + " (" + slack::truncate(known, continuation_detail::kBeforeCharacters) + ")";
}

std::string asked_in_full(const storage::Turn& turn, const std::vector<storage::Step>& steps) {
    using namespace continuation_detail;
    const std::string id = storage::step_id(turn.id, storage::kQuestionStep);
    const std::string replaced = turn.replaces.empty() ? "" : storage::step_id(turn.replaces, storage::kQuestionStep);
    auto step = std::find_if(steps.rbegin(), steps.rend(), [&](const storage::Step& each) { return each.id == id; });
    std::string before;
    std::string first = turn.question;
    for (std::size_t links = 0; step != steps.rend() && links < kLongestChain && leans_on_context(first);) {
        ++step;
        if (step == steps.rend())
            break;
        // What was edited, or is asked again, is no question before this one.
        if (step->type != storage::kQuestionStep || step->id == replaced || step->output == first ||
            step->output.empty() || !may_be_told(*step, turn))
            continue;
        first = step->output;
        before = before.empty() ? first : first + "; " + before;
        ++links;
    }
    return with_context(turn.question, before);
}

}  // namespace genie_slack::relay

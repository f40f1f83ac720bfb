// Turns an answer of Genie into what Slack shows. The functions are pure and tested by table. What people read comes
// from app/words, in their language.
#pragma once

#include "app/answer/actions.hpp"
#include "app/answer/message/rendered.hpp"
#include "app/words/words.hpp"
#include "core/clock.hpp"
#include "genie/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::answer {

// ANSWER_STYLE.
enum class AnswerStyle {
    compact,  // at one glance: chart or table, the other one tap away
    full,     // all of it at once
};

struct AnswerInput {
    words::Language language = words::Language::english;
    std::string turn_id;  // goes into button values; "": no buttons that need it
    std::string space_title;
    std::string question;
    genie::AnswerParts parts;
    std::optional<genie::ResultTable> table;
    std::string result_note;  // why there is no table although there is SQL, "" otherwise
    std::string conversation_url;
    std::string identity;                            // as whom Genie was asked, "" unknown
    WallTime answered_at{};                          // of the rows; shown in the reader's time zone; zero: not shown
    std::optional<std::chrono::seconds> utc_offset;  // of the clock of who asked
    WallTime text_at{};                              // when the words were written, where the rows are newer; else zero
    bool links_only = false;                         // nothing of the answer, only where it stands
    std::string chart;            // what the person wants: "" automatic, kNoChart, "line", "bar", "area", "pie"
    std::string chart_before;     // the kind that was shown last, which comes back after the table; "" for none
    bool may_share = false;       // the answer is private to the person, who may share it in the thread
    std::string share_channel;    // into which it would go, or went; its id
    bool shares_at_root = false;  // of the channel, for all to see, and not in the thread that asked
    std::string shared_link;      // where everybody reads the copy of the private answer, "" for none
    AnswerStyle style = AnswerStyle::full;
    bool has_other_spaces = true;    // that the thread could ask
    bool has_newer = false;          // an answer that follows it: next questions are asked there
    bool may_ask_again = true;       // where it stands; below a shared copy nobody may
    bool full_result_below = false;  // a file with all rows follows
};
// The ladder of one answer, richest first; each one within the limits. The last one is plain text. Forms that would be
// equal to the one before are left out.
std::vector<Rendered> render_answer(const AnswerInput& input);
// What stands in its place when Slack took none of them: that a file holds it.
Rendered render_in_file(words::Language language);
// What is recorded of an answer, for readers outside of Slack: the whole of Genie's text and the rows that Slack shows,
// as Markdown.
std::string answer_record(const AnswerInput& input);
// All that Genie says in words, as Markdown.
std::string answer_markdown(const AnswerInput& input);
// Whether a drawn chart stands in it, as kChartFile.
bool wants_chart_file(const Rendered& rendered);
// Puts the uploaded file in the place of kChartFile; "": takes the chart out.
void place_chart_file(Rendered& rendered, const std::string& file_id);

}  // namespace genie_slack::answer

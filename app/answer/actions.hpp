// Ids and values of everything that people can press, choose or send: what is drawn into messages and views is read
// back by the functions beside it. Messages of older versions stay in Slack for years, so ids and formats never change;
// values hold ids, never data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace genie_slack::answer {

// action_id, below an answer.
inline constexpr const char* kFollowUpAction = "ask_follow_up";     // numbered; value: the question
inline constexpr const char* kRatingAction = "rate_answer";         // feedback_buttons; rating_value
inline constexpr const char* kRateUpAction = "rate_answer_up";      // the buttons in their place; rating_value
inline constexpr const char* kRateDownAction = "rate_answer_down";  // rating_value
inline constexpr const char* kSqlAction = "show_sql";               // value: the turn's id
inline constexpr const char* kChartAction = "switch_chart";         // static_select; chart_value
inline constexpr const char* kViewAction = "switch_view";           // button; chart_value
inline constexpr const char* kMoreAction = "answer_more";           // overflow, or a button for one of it; more_value
inline constexpr const char* kShareAction = "share_answer";         // value: the turn's id
inline constexpr const char* kAskAgainAction =
    "ask_again";                                         // below what has no answer, or old words; value: the turn's id
inline constexpr const char* kStopAction = "stop_turn";  // value: the turn's id
// action_id, in a picker of spaces.
inline constexpr const char* kSpaceAction = "choose_space";       // select in a picker_block; value: the space's id
inline constexpr const char* kRememberAction = "remember_space";  // checkboxes beside it
inline constexpr const char* kKeepSpaceAction = "keep_space";     // button: the change is not wanted after all
// action_id, elsewhere.
inline constexpr const char* kUseSpaceAction = "use_space";  // numbered, offered by "/genie use"; value: the space's id
inline constexpr const char* kHomeAskAction = "home_ask";    // numbered; value: the question
inline constexpr const char* kHomeSpaceAction = "home_space";       // select; value: the space's id
inline constexpr const char* kHomeNoSpaceAction = "home_no_space";  // button: no default any more
inline constexpr const char* kAnswerLineAction = "answer_line";     // below the note about a line; line_value
// Of the fields of forms. The question's is the block_id of its block as well.
inline constexpr const char* kQuestionInput = "question";
inline constexpr const char* kRatingReason = "rating_kind";      // radio buttons
inline constexpr const char* kRatingComment = "rating_comment";  // free text
// block_id of the rating form's field, where a refusal of the form is shown.
inline constexpr const char* kRatingCommentBlock = "comment";
// callback_id of the message shortcut in the manifest, and of its form.
inline constexpr const char* kAskShortcut = "ask_genie";
// callback_id of the form that asks why an answer was not good; private_metadata: the turn's id.
inline constexpr const char* kRatingView = "rating_reason";

// "ask_follow_up:2": elements of one kind in one block need ids that differ.
std::string numbered(std::string_view action_id, std::size_t number);
// Whether an action_id is `plain`, or a numbered one of it.
bool is_numbered(std::string_view action_id, std::string_view plain);

struct RatingPress {
    bool positive = false;
    std::string turn_id;

    friend bool operator==(const RatingPress&, const RatingPress&) = default;
};
std::string rating_value(const RatingPress& rating);
std::optional<RatingPress> parse_rating(std::string_view value);

// `chart` is the name of a kind of chart, or kNoChart.
struct ChartPress {
    std::string chart;
    std::string turn_id;

    friend bool operator==(const ChartPress&, const ChartPress&) = default;
};
std::string chart_value(const ChartPress& press);
std::optional<ChartPress> parse_chart(std::string_view value);

enum class MoreChoice { csv, again, space };
struct MorePress {
    MoreChoice choice = MoreChoice::csv;
    std::string turn_id;

    friend bool operator==(const MorePress&, const MorePress&) = default;
};
std::string more_value(const MorePress& press);
std::optional<MorePress> parse_more(std::string_view value);

// A reply that was left alone, in the channel of the note that tells so.
struct LinePress {
    std::string thread_ts;
    std::string message_ts;

    friend bool operator==(const LinePress&, const LinePress&) = default;
};
std::string line_value(const LinePress& press);
std::optional<LinePress> parse_line(std::string_view value);

// block_id of a picker: for a question that waits, or to change the space of the thread in which a turn was answered.
struct PickerBlock {
    bool is_change = false;
    std::string turn_id;

    friend bool operator==(const PickerBlock&, const PickerBlock&) = default;
};
std::string picker_block(const PickerBlock& block);
std::optional<PickerBlock> parse_picker(std::string_view block_id);

// private_metadata of the message shortcut's form: the message that the question is about.
struct ShortcutTarget {
    std::string channel;
    std::string message_ts;
    std::string thread_ts;    // "" for a message outside of threads
    bool is_private = false;  // the answer goes to the direct message, since the bot may not write there

    friend bool operator==(const ShortcutTarget&, const ShortcutTarget&) = default;
};
std::string shortcut_metadata(const ShortcutTarget& target);
// Nothing without channel and message.
std::optional<ShortcutTarget> parse_shortcut(const std::string& metadata);

}  // namespace genie_slack::answer

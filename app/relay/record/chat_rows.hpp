// A turn as Chainlit's rows: user_message, run, tool, assistant_message (storage.md 1.4). Pure.
#pragma once

#include "app/relay/delivery/result_files.hpp"
#include "app/relay/directory/people.hpp"
#include "app/relay/record/result_elements.hpp"
#include "genie/types.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace genie_slack::relay {

// At acceptance: person, thread and the question; again once more is known about the person.
storage::ChatRows question_rows(const storage::Turn& turn, const std::optional<Person>& person = {});

// The shape of what a query brought, without its data.
struct ResultShape {
    std::vector<genie::Column> columns;
    std::int64_t rows = 0;
    bool truncated = false;  // Genie had more rows than it gave
};

struct Outcome {
    bool is_error = false;
    bool asks_back = false;      // Genie wants to know more
    std::string offered;         // stands for the questions that it offers then, "" for none
    bool is_over_early = false;  // a person stopped it: neither an answer nor an error
    std::string markdown;        // what the person got
    std::optional<genie::Attachment> query;
    std::optional<ResultShape> result;
    std::vector<ResultElement> elements;  // the rows
    std::optional<ResultFile> file;
    std::string error_code;
    WallTime genie_answered_at{};  // when Genie was done, zero when it never was
    WallTime result_read_at{};     // when the rows were there
    WallTime finished_at{};
};

// Times of steps tell them apart: within a turn they grow from parent to child, and no two turns of a thread share one
// as long as their received_at do not. `time` rounded up to what that needs of received_at.
WallTime step_time(WallTime time);

// What stored steps tell: whether a question is this person's, and its answer for nobody else; how many rows a query
// brought; in which message an answer came ("" for none) and of which turn it is ("" for one of an older version),
// whether it asks something back, and what it offers then (Outcome::offered).
bool is_asked_by(const storage::Step& question, const std::string& slack_user);
bool is_private(const storage::Step& question);
std::int64_t row_count(const storage::Step& tool);
std::string message_of(const storage::Step& answer);
std::string turn_of(const storage::Step& answer);
bool asks_back(const storage::Step& answer);
std::string offered_with(const storage::Step& answer);

// At the end: run, Genie's query (if there was one), the answer and its rows, with deterministic ids and increasing
// times. Where a file's content does not stand in an element, the element leads to the file in Slack.
storage::ChatRows answer_rows(const storage::Turn& turn, const Outcome& outcome);

}  // namespace genie_slack::relay

// A turn as Chainlit's rows: user_message, run, tool, assistant_message (storage.md 1.4). Pure.
#pragma once

#include "genie/types.hpp"
#include "storage/types.hpp"

#include <optional>
#include <string>

namespace genie_slack::relay {

// At acceptance: person, thread and the question.
storage::ChatRows question_rows(const storage::Turn& turn);

struct Outcome {
    bool is_error = false;
    std::string text;  // what stands in Slack, as text
    std::optional<genie::Attachment> query;
    std::optional<std::int64_t> result_rows;
    std::string error_code;
    WallTime finished_at{};
};

// At the end: run, Genie's query (if there was one) and the answer, with deterministic ids and increasing times.
storage::ChatRows answer_rows(const storage::Turn& turn, const Outcome& outcome);

}  // namespace genie_slack::relay

// What the program executes: the files of sql/statements, compiled in. They belong to this version of the program,
// which may change them freely; another version that works on the same database has its own.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

// One kind of call. Its files are sent together and are one transaction; each gets the batch, a JSON array, as its
// parameter, and sees what the files before it have done and what others have committed meanwhile. So a lock that one
// file takes counts for what the next one reads.
struct Statement {
    std::string_view name;  // of the file that gives an array with a result for each call
    bool writes = false;
    std::array<std::string_view, 2> files{};  // in order, with `name` among them
    bool has_rows = false;                    // kPeopleFiles and write_chat_rows come after them
};

// Who is in the rows, in order.
inline constexpr std::array<std::string_view, 3> kPeopleFiles{"part_people", "free_addresses", "write_people"};

// A batch as its files get it. Rows are apart, so that nothing is sent and read that a file does not need; where there
// are none, it is "".
struct BatchText {
    std::string calls;
    std::string people;  // for kPeopleFiles
    std::string rows;    // for write_chat_rows
};

// A statement has the name of its file.
// NOLINTBEGIN(readability-identifier-naming)
namespace statements {

// adopt_conversations writes what it finds of the older bot.
inline constexpr Statement get_conversations{"get_conversations", true, {"adopt_conversations", "get_conversations"}};
inline constexpr Statement set_conversations{"set_conversations", true, {"adopt_conversations", "set_conversations"}};
inline constexpr Statement update_conversation_ids{
    "update_conversation_ids", true, {"adopt_conversations", "update_conversation_ids"}};
inline constexpr Statement delete_conversations{
    "delete_conversations", true, {"adopt_conversations", "delete_conversations"}};
inline constexpr Statement clear_conversations{"clear_conversations", true, {"clear_conversations"}};
inline constexpr Statement are_served{"are_served", false, {"are_served"}};

inline constexpr Statement accept_turns{"accept_turns", true, {"lock_question_threads", "accept_turns"}, true};
inline constexpr Statement claim_turns{"claim_turns", true, {"lock_turn_threads", "claim_turns"}};
inline constexpr Statement renew_leases{"renew_leases", true, {"renew_leases"}};
inline constexpr Statement release_leases{"release_leases", true, {"release_leases"}};
inline constexpr Statement store_turns{"store_turns", true, {"lock_for_store", "store_turns"}, true};
inline constexpr Statement request_stops{"request_stops", true, {"request_stops"}};
inline constexpr Statement recoverable_turns{
    "recoverable_turns", true, {"note_missing_processes", "recoverable_turns"}};
inline constexpr Statement get_turns{"get_turns", false, {"get_turns"}};
inline constexpr Statement find_answers{"find_answers", false, {"find_answers"}};
inline constexpr Statement move_answers{"move_answers", true, {"move_answers"}};
inline constexpr Statement begin_actions{"begin_actions", true, {"note_missing_processes", "begin_actions"}};
inline constexpr Statement update_actions{"update_actions", true, {"update_actions"}};
inline constexpr Statement newest_turns{"newest_turns", false, {"newest_turns"}};
inline constexpr Statement recent_turns{"recent_turns", false, {"recent_turns"}};
inline constexpr Statement answer_times{"answer_times", false, {"answer_times"}};
inline constexpr Statement asked_messages{"asked_messages", false, {"asked_messages"}};

inline constexpr Statement get_space_defaults{"get_space_defaults", false, {"get_space_defaults"}};
inline constexpr Statement set_space_defaults{"set_space_defaults", true, {"set_space_defaults"}};
inline constexpr Statement usage{"usage", false, {"usage"}};
inline constexpr Statement bury{"bury", true, {"bury"}};
inline constexpr Statement sweep{"sweep", true, {"sweep"}};
inline constexpr Statement take_permits{"take_permits", true, {"lock_question_budget", "take_permits"}};
inline constexpr Statement pause_questions{"pause_questions", true, {"pause_questions"}};
inline constexpr Statement set_feedbacks{"set_feedbacks", true, {"lock_rated_answers", "set_feedbacks"}};
inline constexpr Statement delete_feedbacks{"delete_feedbacks", true, {"lock_ratings", "delete_feedbacks"}};
inline constexpr Statement changed_ratings{"changed_ratings", false, {"changed_ratings"}};
inline constexpr Statement note_told_ratings{"note_told_ratings", true, {"note_told_ratings"}};
inline constexpr Statement get_feedbacks{"get_feedbacks", false, {"get_feedbacks"}};
inline constexpr Statement get_steps{"get_steps", false, {"get_steps"}};
inline constexpr Statement storage_state{"storage_state", false, {"storage_state"}};

}  // namespace statements
// NOLINTEND(readability-identifier-naming)

// Text of a file for chat tables in that schema: names filled in, comments left out. Throws std::logic_error when there
// is no such file.
std::string statement_text(std::string_view file, const std::string& chat_schema);

// Names of all files.
std::vector<std::string_view> statement_names();

// What the second argument of hashtextextended() is, so that locks of different things differ. Every version of the
// program has to use the same numbers: they are what it locks out the others by.
enum class LockSpace {
    thread = 0,   // what decides about the order of a thread's questions
    rating = 1,   // which rating stands at an answer
    message = 2,  // whose turn a message of Genie's is
    budget = 3,   // the questions that all processes may ask
    process = 4,  // held by a process for as long as it lives
    schema = 0,   // migrations; its text is none that a thread has
};

}  // namespace genie_slack::storage::lakebase

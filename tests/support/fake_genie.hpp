// Genie without a network: answers after a while, fails as told, remembers every question.
#pragma once

#include "genie/client.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

class FakeGenie : public genie::Client {
 public:
    template <class T>
    using Answer = boost::asio::awaitable<genie::GenieResult<T>>;

    FakeGenie() { add_space("space1", "Sales"); }

    void add_space(const std::string& id, const std::string& title);

    std::vector<genie::Space> spaces;
    std::optional<genie::GenieError> spaces_error;
    std::set<std::string> unlisted;            // ids of spaces that exist, and that no listing shows
    std::deque<genie::GenieError> ask_errors;  // of the next question POSTs, in order
    bool ambiguous_questions_arrive = false;   // an ambiguous POST was processed all the same
    std::deque<genie::MessageStatus> endings;  // of the next questions; completed when empty
    std::string error_type = "SQL_EXECUTION_EXCEPTION";
    std::string error_text = "[DIVIDE_BY_ZERO] nothing there";
    bool is_silent = false;                       // no poll is answered while a question runs
    std::vector<std::string> failed_suggestions;  // of what ends as failed
    std::vector<std::string> suggestions;         // of answers
    Duration answer_time = std::chrono::seconds(4);
    std::optional<genie::GenieError> wait_error;
    std::optional<genie::GenieError> result_error;
    genie::ResultTable result = two_regions();
    std::string query_title;
    std::string query_description;
    std::string text;                                        // of the answers; "Answer to: ..." when empty
    std::string clarification;                               // of the next answers: asked back, without a query
    bool hang = false;                                       // questions never end
    Duration posting_time = std::chrono::milliseconds(300);  // until a POST is answered
    Duration result_time = Duration::zero();                 // until rows come
    int defects = 0;                                         // so many waits throw what nobody expects

    std::vector<genie::Message> asked;  // in order
    std::vector<std::string> started;   // conversation ids, in order
    int running = 0;
    int most_running = 0;
    std::map<std::string, int> running_in;  // conversation -> questions at this moment
    bool overlapped = false;                // two at once in one conversation
    std::vector<genie::Rating> ratings;
    std::deque<genie::GenieError> rating_errors;  // of the next ratings, in order
    std::vector<std::string> comments;            // of the ratings
    int executed_again = 0;
    std::optional<genie::ResultTable> new_rows;  // what the next execution brings
    Duration execution_time = Duration::zero();  // until a query that is executed again has rows
    std::optional<genie::GenieError> execution_error;
    std::optional<genie::ResultTable> whole_result;  // what a download brings; `result` when empty
    std::optional<genie::GenieError> download_error;
    int downloads = 0;
    std::string visualization;  // PNG bytes of Genie's own chart
    int visualizations_asked = 0;
    genie::Identity who{"bot@example.com", "Sales bot"};
    std::optional<genie::GenieError> identity_error;
    std::vector<std::string> cancelled_statements;
    std::vector<std::optional<genie::UsualTimes>> watched;  // what was known of each answer that is waited for

    Answer<std::vector<genie::Space>> list_spaces(Deadline) override;
    Answer<genie::Space> get_space(std::string id, Deadline) override;

    Answer<genie::Message> start_conversation(std::string space_id, std::string question, Deadline) override;
    Answer<genie::Message> create_message(std::string space_id, std::string conversation_id, std::string question,
                                          Deadline) override;
    Answer<genie::Message> get_message(std::string, std::string, std::string message_id, Deadline) override;
    Answer<std::vector<genie::Message>> list_messages(std::string, std::string conversation_id, std::size_t,
                                                      Deadline) override;
    Answer<std::vector<genie::Conversation>> list_conversations(std::string, std::size_t, Deadline) override;
    Answer<genie::ResultTable> query_result(std::string, std::string, std::string, std::string,
                                            Deadline deadline) override;
    Answer<genie::ResultTable> execute_query(std::string, std::string, std::string, std::string,
                                             Deadline deadline) override;
    Answer<genie::ResultTable> download_result(std::string, std::string, std::string, std::string, Deadline) override;
    boost::asio::awaitable<std::string> visualization_png(std::string, std::string, std::string, std::string,
                                                          Deadline) override;
    Answer<genie::Identity> identity(Deadline) override;
    Answer<void> cancel_statement(std::string statement_id, Deadline) override;
    Answer<void> send_feedback(std::string, std::string, std::string, genie::Rating rating, std::string comment,
                               Deadline) override;
    Answer<genie::Message> wait_for_answer(std::string, std::string conversation, std::string message_id,
                                           genie::AnswerWatch watch, Deadline deadline) override;
    std::string conversation_url(const std::string& space, const std::string& conversation) const override;

 private:
    Answer<genie::Message> ask(std::string space, std::string conversation, std::string question);
    const genie::Message* find(const std::string& id) const;
    static genie::ResultTable two_regions();
};

}  // namespace genie_slack::test

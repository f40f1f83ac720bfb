// Genie without a network: answers after a while, fails as told, remembers every question.
#pragma once

#include "genie/client.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace genie_slack::test {

class FakeGenie : public genie::Client {
 public:
    template <class T>
    using Answer = boost::asio::awaitable<genie::GenieResult<T>>;

    FakeGenie() { add_space("space1", "Sales"); }

    void add_space(const std::string& id, const std::string& title) {
        genie::Space space;
        space.id = id;
        space.title = title;
        spaces.push_back(std::move(space));
    }

    std::vector<genie::Space> spaces;
    std::optional<genie::GenieError> spaces_error;
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
    std::vector<std::string> comments;  // of the ratings
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

    Answer<std::vector<genie::Space>> list_spaces(Deadline) override {
        co_await sleep_for(std::chrono::milliseconds(200));
        if (spaces_error)
            co_return *spaces_error;
        co_return spaces;
    }
    Answer<genie::Space> get_space(std::string id, Deadline) override {
        for (const genie::Space& space : spaces)
            if (space.id == id)
                co_return space;
        co_return genie::GenieError(genie::ErrorKind::not_found, "no such space");
    }

    Answer<genie::Message> start_conversation(std::string space_id, std::string question, Deadline) override {
        return ask(std::move(space_id), "", std::move(question));
    }
    Answer<genie::Message> create_message(std::string space_id, std::string conversation_id, std::string question,
                                          Deadline) override {
        return ask(std::move(space_id), std::move(conversation_id), std::move(question));
    }
    Answer<genie::Message> get_message(std::string, std::string, std::string message_id, Deadline) override {
        co_return *find(message_id);
    }
    Answer<std::vector<genie::Message>> list_messages(std::string, std::string conversation_id, std::size_t,
                                                      Deadline) override {
        std::vector<genie::Message> found;
        for (const genie::Message& message : asked)
            if (message.conversation_id == conversation_id)
                found.insert(found.begin(), message);
        co_return found;
    }
    Answer<std::vector<genie::Conversation>> list_conversations(std::string, std::size_t, Deadline) override {
        std::vector<genie::Conversation> found;
        for (const genie::Message& message : asked) {
            genie::Conversation conversation;
            conversation.id = message.conversation_id;
            conversation.created_ms = message.created_ms;
            found.insert(found.begin(), std::move(conversation));
        }
        co_return found;
    }
    Answer<genie::ResultTable> query_result(std::string, std::string, std::string, std::string,
                                            Deadline deadline) override {
        if (result_time >= deadline.remaining()) {
            co_await sleep_for(deadline.remaining());
            co_return genie::GenieError(genie::ErrorKind::unavailable, "no rows in time");
        }
        co_await sleep_for(result_time);
        if (result_error)
            co_return *result_error;
        co_return result;
    }
    Answer<genie::ResultTable> execute_query(std::string, std::string, std::string, std::string,
                                             Deadline deadline) override {
        ++executed_again;
        if (execution_time >= deadline.remaining()) {
            co_await sleep_for(deadline.remaining());
            co_return genie::GenieError(genie::ErrorKind::timeout, "the query did not end in time");
        }
        if (execution_time > Duration::zero())
            co_await sleep_for(execution_time);
        if (execution_error)
            co_return *execution_error;
        if (new_rows)
            result = *std::exchange(new_rows, std::nullopt);
        co_return result;
    }
    Answer<genie::ResultTable> download_result(std::string, std::string, std::string, std::string, Deadline) override {
        ++downloads;
        co_await sleep_for(std::chrono::seconds(2));
        if (download_error)
            co_return *download_error;
        co_return whole_result ? *whole_result : result;
    }
    boost::asio::awaitable<std::string> visualization_png(std::string, std::string, std::string, std::string,
                                                          Deadline) override {
        ++visualizations_asked;
        co_return visualization;
    }
    Answer<genie::Identity> identity(Deadline) override {
        if (identity_error)
            co_return *identity_error;
        co_return who;
    }
    Answer<void> cancel_statement(std::string statement_id, Deadline) override {
        cancelled_statements.push_back(std::move(statement_id));
        co_return genie::GenieResult<void>();
    }
    Answer<void> send_feedback(std::string, std::string, std::string, genie::Rating rating, std::string comment,
                               Deadline) override {
        ratings.push_back(rating);
        comments.push_back(std::move(comment));
        co_return genie::GenieResult<void>();
    }
    Answer<genie::Message> wait_for_answer(std::string, std::string conversation, std::string message_id,
                                           std::function<void(const genie::Message&)> on_change,
                                           std::function<void()> on_sign, Deadline deadline) override {
        if (defects > 0) {
            --defects;
            throw std::logic_error("a defect");
        }
        ++running;
        most_running = std::max(most_running, running);
        if (++running_in[conversation] > 1)
            overlapped = true;
        genie::Message message = *find(message_id);
        message.status = genie::MessageStatus::executing_query;
        message.status_text = "EXECUTING_QUERY";
        on_change(message);
        struct Leave {
            FakeGenie& genie;
            std::string conversation;
            ~Leave() {
                --genie.running;
                --genie.running_in[conversation];
            }
        } leave{*this, conversation};
        const bool late = hang || deadline.remaining() < answer_time;
        try {
            for (Duration left = late ? deadline.remaining() : answer_time; left > Duration::zero();) {
                const Duration step = std::min(left, Duration(std::chrono::seconds(1)));
                co_await sleep_for(step);
                left -= step;
                if (on_sign && !is_silent)
                    on_sign();
            }
        } catch (const boost::system::system_error&) {
            co_return genie::GenieError(genie::ErrorKind::cancelled, "cancelled");  // as the real client does
        }
        if (late)
            co_return genie::GenieError(genie::ErrorKind::timeout, "the question took too long");
        if (wait_error)
            co_return *wait_error;
        message.status = genie::MessageStatus::completed;
        if (!endings.empty()) {
            message.status = endings.front();
            endings.pop_front();
        }
        if (message.status == genie::MessageStatus::failed) {
            message.error_type = error_type;
            message.error_text = error_text;
            genie::Attachment suggested;
            suggested.kind = genie::Attachment::Kind::suggested_questions;
            suggested.id = "attachment1";
            suggested.questions = failed_suggestions;
            message.attachments.push_back(std::move(suggested));
            co_return message;
        }
        if (!clarification.empty()) {
            genie::Attachment back;
            back.kind = genie::Attachment::Kind::text;
            back.id = "attachment1";
            back.text = clarification;
            back.follow_up_question = true;
            message.attachments.push_back(std::move(back));
            co_return message;
        }
        genie::Attachment query;
        query.kind = genie::Attachment::Kind::query;
        query.id = "attachment1";
        query.title = query_title;
        query.sql = "SELECT region, revenue FROM sales";
        message.attachments.push_back(std::move(query));
        genie::Attachment said;
        said.kind = genie::Attachment::Kind::text;
        said.id = "attachment2";
        said.text = text.empty() ? "Answer to: " + message.content : text;
        message.attachments.push_back(std::move(said));
        if (!suggestions.empty()) {
            genie::Attachment next;
            next.kind = genie::Attachment::Kind::suggested_questions;
            next.id = "attachment3";
            next.questions = suggestions;
            message.attachments.push_back(std::move(next));
        }
        std::replace_if(
            asked.begin(), asked.end(), [&](const genie::Message& one) { return one.id == message_id; }, message);
        co_return message;
    }
    std::string conversation_url(const std::string& space, const std::string& conversation) const override {
        return "https://example.databricks.com/genie/rooms/" + space + "/chats/" + conversation;
    }

 private:
    Answer<genie::Message> ask(std::string space, std::string conversation, std::string question) {
        co_await sleep_for(posting_time);
        std::optional<genie::GenieError> error;
        if (!ask_errors.empty()) {
            error = ask_errors.front();
            ask_errors.pop_front();
            const bool arrives = error->kind == genie::ErrorKind::ambiguous && ambiguous_questions_arrive;
            if (!arrives)
                co_return *error;
        }
        genie::Message message;
        message.space_id = space;
        if (conversation.empty()) {
            conversation = "conversation" + std::to_string(started.size() + 1);
            started.push_back(conversation);
        }
        message.conversation_id = conversation;
        message.id = "message" + std::to_string(asked.size() + 1);
        message.content = question;
        message.status = genie::MessageStatus::submitted;
        message.created_ms =
            std::chrono::duration_cast<std::chrono::milliseconds>(wall_now().time_since_epoch()).count();
        asked.push_back(message);
        if (error)
            co_return *error;
        co_return message;
    }
    const genie::Message* find(const std::string& id) const {
        for (const genie::Message& message : asked)
            if (message.id == id)
                return &message;
        return nullptr;
    }
    static genie::ResultTable two_regions() {
        genie::ResultTable made;
        made.columns.resize(2);
        made.columns[0].name = "region";
        made.columns[0].type_name = "STRING";
        made.columns[1].name = "revenue";
        made.columns[1].type_name = "LONG";
        made.rows = {{"EMEA", "1200"}, {"APAC", "900"}};
        made.total_rows = 2;
        return made;
    }
};

}  // namespace genie_slack::test

#include "tests/support/fake_genie.hpp"

#include <algorithm>
#include <stdexcept>

namespace genie_slack::test {

void FakeGenie::add_space(const std::string& id, const std::string& title) {
    genie::Space space;
    space.id = id;
    space.title = title;
    spaces.push_back(std::move(space));
}

FakeGenie::Answer<std::vector<genie::Space>> FakeGenie::list_spaces(Deadline) {
    co_await sleep_for(std::chrono::milliseconds(200));
    if (spaces_error)
        co_return *spaces_error;
    std::vector<genie::Space> listed = spaces;
    std::erase_if(listed, [this](const genie::Space& space) { return unlisted.contains(space.id); });
    co_return listed;
}

FakeGenie::Answer<genie::Space> FakeGenie::get_space(std::string id, Deadline) {
    for (const genie::Space& space : spaces)
        if (space.id == id)
            co_return space;
    co_return genie::GenieError(genie::GenieFault::not_found, "no such space");
}

FakeGenie::Answer<genie::Message> FakeGenie::start_conversation(std::string space_id, std::string question, Deadline) {
    return ask(std::move(space_id), "", std::move(question));
}

FakeGenie::Answer<genie::Message> FakeGenie::create_message(std::string space_id, std::string conversation_id,
                                                            std::string question, Deadline) {
    return ask(std::move(space_id), std::move(conversation_id), std::move(question));
}

FakeGenie::Answer<genie::Message> FakeGenie::get_message(std::string, std::string, std::string message_id, Deadline) {
    co_return *find(message_id);
}

FakeGenie::Answer<std::vector<genie::Message>> FakeGenie::list_messages(std::string, std::string conversation_id,
                                                                        std::size_t, Deadline) {
    std::vector<genie::Message> found;
    for (const genie::Message& message : asked)
        if (message.conversation_id == conversation_id)
            found.insert(found.begin(), message);
    co_return found;
}

FakeGenie::Answer<std::vector<genie::Conversation>> FakeGenie::list_conversations(std::string, std::size_t, Deadline) {
    std::vector<genie::Conversation> found;
    for (const genie::Message& message : asked) {
        genie::Conversation conversation;
        conversation.id = message.conversation_id;
        conversation.created_ms = message.created_ms;
        found.insert(found.begin(), std::move(conversation));
    }
    co_return found;
}

FakeGenie::Answer<genie::ResultTable> FakeGenie::query_result(std::string, std::string, std::string, std::string,
                                                              Deadline deadline) {
    if (result_time >= deadline.remaining()) {
        co_await sleep_for(deadline.remaining());
        co_return genie::GenieError(genie::GenieFault::unavailable, "no rows in time");
    }
    co_await sleep_for(result_time);
    if (result_error)
        co_return *result_error;
    co_return result;
}

FakeGenie::Answer<genie::ResultTable> FakeGenie::execute_query(std::string, std::string, std::string, std::string,
                                                               Deadline deadline) {
    ++executed_again;
    if (execution_time >= deadline.remaining()) {
        co_await sleep_for(deadline.remaining());
        co_return genie::GenieError(genie::GenieFault::timeout, "the query did not end in time");
    }
    if (execution_time > Duration::zero())
        co_await sleep_for(execution_time);
    if (execution_error)
        co_return *execution_error;
    if (new_rows)
        result = *std::exchange(new_rows, std::nullopt);
    co_return result;
}

FakeGenie::Answer<genie::ResultTable> FakeGenie::download_result(std::string, std::string, std::string, std::string,
                                                                 Deadline) {
    ++downloads;
    co_await sleep_for(std::chrono::seconds(2));
    if (download_error)
        co_return *download_error;
    co_return whole_result ? *whole_result : result;
}

boost::asio::awaitable<std::string> FakeGenie::visualization_png(std::string, std::string, std::string, std::string,
                                                                 Deadline) {
    ++visualizations_asked;
    co_return visualization;
}

FakeGenie::Answer<genie::Identity> FakeGenie::identity(Deadline) {
    if (identity_error)
        co_return *identity_error;
    co_return who;
}

FakeGenie::Answer<void> FakeGenie::cancel_statement(std::string statement_id, Deadline) {
    cancelled_statements.push_back(std::move(statement_id));
    co_return genie::GenieResult<void>();
}

FakeGenie::Answer<void> FakeGenie::send_feedback(std::string, std::string, std::string, genie::Rating rating,
                                                 std::string comment, Deadline) {
    if (!rating_errors.empty()) {
        genie::GenieError error = std::move(rating_errors.front());
        rating_errors.pop_front();
        co_return error;
    }
    ratings.push_back(rating);
    comments.push_back(std::move(comment));
    co_return genie::GenieResult<void>();
}

FakeGenie::Answer<genie::Message> FakeGenie::wait_for_answer(std::string, std::string conversation,
                                                             std::string message_id, genie::AnswerWatch watch,
                                                             Deadline deadline) {
    watched.push_back(watch.usual);
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
    watch.on_change(message);
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
            if (watch.on_sign && !is_silent)
                watch.on_sign();
        }
    } catch (const boost::system::system_error&) {
        co_return genie::GenieError(genie::GenieFault::cancelled, "cancelled");  // as the real client does
    }
    if (late)
        co_return genie::GenieError(genie::GenieFault::timeout, "the question took too long");
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
        genie::Attachment offered;
        offered.kind = genie::Attachment::Kind::suggested_questions;
        offered.id = "attachment2";
        offered.questions = suggestions;
        if (!suggestions.empty())
            message.attachments.push_back(std::move(offered));
        co_return message;
    }
    genie::Attachment query;
    query.kind = genie::Attachment::Kind::query;
    query.id = "attachment1";
    query.title = query_title;
    query.description = query_description;
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

std::string FakeGenie::conversation_url(const std::string& space, const std::string& conversation) const {
    return "https://example.databricks.com/genie/rooms/" + space + "/chats/" + conversation;
}

FakeGenie::Answer<genie::Message> FakeGenie::ask(std::string space, std::string conversation, std::string question) {
    co_await sleep_for(posting_time);
    std::optional<genie::GenieError> error;
    if (!ask_errors.empty()) {
        error = ask_errors.front();
        ask_errors.pop_front();
        const bool arrives = error->fault == genie::GenieFault::ambiguous && ambiguous_questions_arrive;
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
    message.created_ms = std::chrono::duration_cast<std::chrono::milliseconds>(wall_now().time_since_epoch()).count();
    asked.push_back(message);
    if (error)
        co_return *error;
    co_return message;
}

const genie::Message* FakeGenie::find(const std::string& id) const {
    for (const genie::Message& message : asked)
        if (message.id == id)
            return &message;
    return nullptr;
}

genie::ResultTable FakeGenie::two_regions() {
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

}  // namespace genie_slack::test

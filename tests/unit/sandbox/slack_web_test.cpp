#include "tests/catch.hpp"
#include "tests/unit/sandbox/local_slack.hpp"

namespace slack_web_test {

using namespace local_slack_test;
using namespace std::chrono_literals;

json::object section(const std::string& text) {
    return {{"type", "section"}, {"text", {{"type", "mrkdwn"}, {"text", text}}}};
}

json::array blocks_of(json::object block) {
    json::array blocks;
    blocks.push_back(std::move(block));
    return blocks;
}

std::string post(Local& local, const std::string& channel, const std::string& text, const std::string& thread = "") {
    json::object arguments{{"channel", channel}, {"text", text}};
    if (!thread.empty())
        arguments["thread_ts"] = thread;
    return local.call("chat.postMessage", arguments).member("ts");
}

std::string start_stream(Local& local, const std::string& thread) {
    return local
        .call("chat.startStream", {{"channel", "C0SALES"},
                                   {"thread_ts", thread},
                                   {"recipient_user_id", "U0ANA"},
                                   {"recipient_team_id", "T0SANDBOX"},
                                   {"markdown_text", "first "}})
        .member("ts");
}

TEST_CASE("a method takes form, JSON, and JSON without a body") {
    Local local;
    const auto token = local.slack->options().bot_token;
    CHECK(local.form("auth.test", "").ok());
    CHECK(local.call("auth.test", {}).member("bot_id") == "B0GENIE");
    CHECK(local.raw("/api/auth.test", "application/json;charset=utf-8", "", token).ok());
    CHECK(local.raw("/some/prefix/api/auth.test", "", "", token).ok());
    CHECK(local.form("conversations.info", "channel=C0SALES").body.at("channel").at("name") == "sales");
    CHECK(local.form("chat.postMessage", "channel=C0SALES&blocks=%5B%7B%22type%22%3A%22divider%22%7D%5D").ok());
    CHECK(local.slack->calls().back().arguments.at("blocks").is_array());
    CHECK(local.raw("/api/auth.test", "application/json", "{\"a\":1}", token).member("warning") == "missing_charset");
    CHECK(local.raw("/api/auth.test", "application/json", "{", token).error() == "invalid_json");
    CHECK(local.raw("/api/auth.test", "application/json", "[]", token).error() == "json_not_object");
    CHECK(local.raw("/api/auth.test", "text/xml", "<a/>", token).error() == "invalid_post_type");
    // Methods of the reading kind do not see a JSON body.
    CHECK(local.call("conversations.info", {{"channel", "C0SALES"}}).error() == "invalid_arguments");
}

TEST_CASE("each method wants its kind of token and scope") {
    SlackOptions options;
    options.bot_scopes = {"chat:write"};
    Local local(options);
    CHECK(local.raw("/api/auth.test", "", "", "").error() == "not_authed");
    CHECK(local.form("auth.test", "", "xoxb-other").error() == "invalid_auth");
    CHECK(local.form("auth.test", "", options.app_token).error() == "not_allowed_token_type");
    CHECK(local.form("apps.connections.open", "").error() == "not_allowed_token_type");
    CHECK(local.form("apps.connections.open", "token=" + options.app_token, "").error() == "not_allowed_token_type");
    CHECK(local.raw("/api/apps.connections.open", "application/x-www-form-urlencoded", "token=" + options.app_token, "")
              .error() == "not_authed");
    CHECK(local.form("auth.test", "token=" + options.bot_token).ok());
    const auto refused =
        local.call("reactions.add", {{"channel", "C0SALES"}, {"timestamp", "1.000001"}, {"name", "x"}});
    CHECK(refused.error() == "missing_scope");
    CHECK(refused.member("needed") == "reactions:write");
    CHECK(refused.member("provided") == "chat:write");
    CHECK(local.form("no.such", "").error() == "unknown_method");
    CHECK_FALSE(local.slack->calls().back().arguments.contains("token"));
}

TEST_CASE("an answer escapes slashes as Slack does") {
    Local local;
    CHECK(test::contains("ws:\\/\\/127.0.0.1")
              .match(local.form("apps.connections.open", "", local.slack->options().app_token).text));
}

TEST_CASE("messages go where the bot may write") {
    Local local;
    SlackChannel old;
    old.id = "C0OLD";
    old.name = "old";
    old.is_archived = true;
    local.slack->add_channel(old);
    CHECK(local.call("chat.postMessage", {{"channel", "C0NONE"}, {"text", "x"}}).error() == "channel_not_found");
    CHECK(local.call("chat.postMessage", {{"channel", "C0RANDOM"}, {"text", "x"}}).error() == "not_in_channel");
    CHECK(local.call("chat.postMessage", {{"channel", "C0OLD"}, {"text", "x"}}).error() == "is_archived");
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}}).error() == "no_text");
    CHECK(local.call("chat.postMessage", {{"text", "x"}}).error() == "invalid_arguments");
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}, {"markdown_text", "y"}}).error() ==
          "markdown_text_conflict");
    CHECK(
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"markdown_text", std::string(12001, 'x')}}).error() ==
        "msg_too_long");
    CHECK(local.call("chat.postMessage", {{"channel", "U0ANA"}, {"text", "x"}}).member("channel") ==
          local.slack->direct_message("U0ANA"));
    const auto cut = local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", std::string(40100, 'x')}});
    CHECK(text_member(cut.body.at("message").as_object(), "text").size() == 40000);
    const std::string root = post(local, "C0SALES", "root");
    const std::string reply = post(local, "C0SALES", "reply", root);
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}, {"thread_ts", reply}}).error() ==
          "cannot_reply_to_message");
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}, {"thread_ts", 1.5}}).error() ==
          "invalid_thread_ts");
    CHECK(local.slack->thread("C0SALES", root).size() == 2);
}

TEST_CASE("an update without blocks removes them, and long texts and foreign messages are refused") {
    Local local;
    const auto posted =
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "a"}, {"blocks", blocks_of(section("a"))}});
    const std::string ts = posted.member("ts");
    CHECK(local.slack->find_message("C0SALES", ts)->blocks.size() == 1);
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"text", "b"}}).ok());
    const auto* message = local.slack->find_message("C0SALES", ts);
    CHECK(message->blocks.empty());
    CHECK(message->text == "b");
    CHECK(message->updates == 1);
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"text", std::string(4001, 'x')}}).error() ==
          "msg_too_long");
    const std::string foreign = local.slack->say("U0ANA", "C0SALES", "mine");
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", foreign}, {"text", "b"}}).error() ==
          "cant_update_message");
    CHECK(local.call("chat.delete", {{"channel", "C0SALES"}, {"ts", foreign}}).error() == "cant_delete_message");
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", "1.000000"}, {"text", "b"}}).error() ==
          "message_not_found");
    CHECK(local.call("chat.update", {{"channel", "U0ANA"}, {"ts", ts}, {"text", "b"}}).error() == "channel_not_found");
    CHECK(local.call("chat.delete", {{"channel", "C0SALES"}, {"ts", ts}}).ok());
    CHECK(local.slack->find_message("C0SALES", ts) == nullptr);
}

TEST_CASE("the bot hears its own posts, updates and deletions") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = post(local, "C0SALES", "a");
    local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"text", "b"}});
    local.call("chat.delete", {{"channel", "C0SALES"}, {"ts", ts}});
    REQUIRE(local.until([&] { return bot->events("message").size() == 3; }));
    const auto events = bot->events("message");
    CHECK(events[0].at("bot_id") == "B0GENIE");
    CHECK(events[0].at("user") == "U0GENIE");
    CHECK_FALSE(events[0].contains("subtype"));
    CHECK(events[1].at("subtype") == "message_changed");
    CHECK(events[1].at("message").at("text") == "b");
    CHECK(events[1].at("previous_message").at("text") == "a");
    CHECK(text_member(events[1].at("message").as_object(), "ts") == ts);
    CHECK(events[2].at("subtype") == "message_deleted");
    CHECK(text_member(events[2], "deleted_ts") == ts);
}

TEST_CASE("metadata is stored and shown only when asked for") {
    Local local;
    const json::object metadata{{"event_type", "answer"}, {"event_payload", {{"turn", "7"}}}};
    const std::string ts =
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "a"}, {"metadata", metadata}}).member("ts");
    const auto plain = local.form("conversations.replies", "channel=C0SALES&ts=" + ts);
    CHECK_FALSE(plain.body.at("messages").at(0).as_object().contains("metadata"));
    const auto full = local.form("conversations.replies", "channel=C0SALES&include_all_metadata=true&ts=" + ts);
    CHECK(full.body.at("messages").at(0).at("metadata") == json::value(metadata));
    json::object huge = metadata;
    huge["event_payload"] = json::object{{"x", std::string(20000, 'x')}};
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "a"}, {"metadata", huge}}).error() ==
          "metadata_too_large");
}

TEST_CASE("threads and histories come in pages") {
    Local local;
    const std::string root = post(local, "C0SALES", "root");
    for (int i = 0; i < 4; ++i)
        post(local, "C0SALES", "reply " + std::to_string(i), root);
    std::vector<std::string> texts;
    std::string cursor;
    do {
        const auto page =
            local.form("conversations.replies", "channel=C0SALES&limit=2&ts=" + root + "&cursor=" + cursor);
        REQUIRE(page.ok());
        for (const auto& message : page.body.at("messages").as_array())
            texts.push_back(text_member(message.as_object(), "text"));
        cursor = text_member(page.body.at("response_metadata").as_object(), "next_cursor");
        CHECK(page.body.at("has_more").as_bool() == !cursor.empty());
    } while (!cursor.empty());
    CHECK(texts == std::vector<std::string>{"root", "reply 0", "reply 1", "reply 2", "reply 3"});
    CHECK(local.form("conversations.history", "channel=C0SALES").body.at("messages").as_array().size() == 1);
    CHECK(local.form("conversations.history", "channel=C0RANDOM").error() == "not_in_channel");
    CHECK(local.form("conversations.replies", "channel=C0SALES&ts=1.000000").error() == "thread_not_found");
    CHECK(local.form("conversations.replies", "channel=C0SALES&limit=2000&ts=" + root).error() == "invalid_limit");
    CHECK(local.form("conversations.members", "channel=C0SALES&limit=1&cursor=nonsense").error() == "invalid_cursor");
}

TEST_CASE("a ts is unique and rises within a channel, and may be the same in two") {
    Local local;
    std::string last;
    for (int i = 0; i < 50; ++i) {
        const std::string ts = local.slack->say("U0ANA", "C0SALES", "x");
        CHECK(ts > last);
        last = ts;
    }
    CHECK(local.slack->say("U0ANA", "C0GENERAL", "same", "", "1700000000.000100") == "1700000000.000100");
    CHECK(local.slack->say("U0ANA", "C0SALES", "same", "", "1700000000.000100") == "1700000000.000100");
    CHECK(local.slack->find_message("C0GENERAL", "1700000000.000100"));
}

TEST_CASE("an ephemeral message is one person's and in no history") {
    Local local;
    CHECK(local.call("chat.postEphemeral", {{"channel", "C0SALES"}, {"user", "U0NOBODY"}, {"text", "x"}}).error() ==
          "user_not_in_channel");
    const auto posted = local.call("chat.postEphemeral", {{"channel", "C0SALES"}, {"user", "U0ANA"}, {"text", "x"}});
    const std::string ts = posted.member("message_ts");
    CHECK(local.slack->find_message("C0SALES", ts)->ephemeral_for == "U0ANA");
    CHECK(local.form("conversations.history", "channel=C0SALES").body.at("messages").as_array().empty());
    CHECK(local.slack->snapshot("U0BEN").at("messages").at("C0SALES").as_array().empty());
    CHECK(local.slack->snapshot("U0ANA").at("messages").at("C0SALES").as_array().size() == 1);
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"text", "y"}}).error() ==
          "message_not_found");
}

TEST_CASE("a stream needs a thread, a recipient and one kind of content") {
    Local local;
    const std::string thread = local.slack->say("U0ANA", "C0SALES", "question");
    json::object arguments{{"channel", "C0SALES"}};
    CHECK(local.call("chat.startStream", arguments).error() == "invalid_thread_ts");
    arguments["thread_ts"] = thread;
    CHECK(local.call("chat.startStream", arguments).error() == "missing_recipient_user_id");
    arguments["recipient_user_id"] = "U0ANA";
    CHECK(local.call("chat.startStream", arguments).error() == "missing_recipient_team_id");
    arguments["recipient_team_id"] = "T0SANDBOX";
    arguments["markdown_text"] = "x";
    arguments["chunks"] = json::array();
    CHECK(local.call("chat.startStream", arguments).error() == "cannot_provide_both_markdown_text_and_chunks");
    arguments.erase("chunks");
    CHECK(local.call("chat.startStream", arguments).ok());
}

TEST_CASE("a stream shows texts and tasks as blocks, and details are added, titles replaced") {
    Local local;
    const std::string thread = local.slack->say("U0ANA", "C0SALES", "question");
    const std::string ts = start_stream(local, thread);
    const auto append = [&](json::object chunk) {
        json::array chunks;
        chunks.push_back(std::move(chunk));
        return local.call("chat.appendStream", {{"channel", "C0SALES"}, {"ts", ts}, {"chunks", std::move(chunks)}});
    };
    CHECK(append({{"type", "markdown_text"}, {"text", "second"}}).ok());
    CHECK(append({{"type", "task_update"}, {"id", "t"}, {"title", "A"}, {"status", "in_progress"}, {"details", "x"}})
              .ok());
    CHECK(
        append({{"type", "task_update"}, {"id", "t"}, {"title", "B"}, {"status", "complete"}, {"details", "y"}}).ok());
    CHECK(append({{"type", "task_update"}, {"id", "n"}}).error() == "invalid_chunks");
    CHECK(append({{"type", "task_update"}, {"id", "t"}, {"title", std::string(257, 'x')}}).error() == "invalid_chunks");
    CHECK(append({{"type", "nonsense"}}).error() == "invalid_chunks");
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"text", "x"}}).error() ==
          "streaming_state_conflict");
    const auto* message = local.slack->find_message("C0SALES", ts);
    REQUIRE(message->blocks.size() == 2);
    CHECK(message->blocks[0].at("text") == "first second");
    CHECK(message->blocks[1].at("title") == "B");
    CHECK(json::serialize(message->blocks[1].at("details")).find("xy") != std::string::npos);
    CHECK(message->streaming);
    const auto stopped =
        local.call("chat.stopStream", {{"channel", "C0SALES"}, {"ts", ts}, {"blocks", blocks_of(section("end"))}});
    REQUIRE(stopped.ok());
    CHECK(stopped.body.at("message").at("blocks").as_array().size() == 3);
    CHECK_FALSE(local.slack->find_message("C0SALES", ts)->streaming);
    CHECK(append({{"type", "markdown_text"}, {"text", "late"}}).error() == "message_not_in_streaming_state");
}

TEST_CASE("a stream ends by itself after its life, and at once when a person stops it") {
    SlackOptions options;
    options.stream_life = 50ms;
    Local local(options);
    const std::string thread = local.slack->say("U0ANA", "C0SALES", "question");
    const std::string old = start_stream(local, thread);
    local.wait(80ms);
    const json::object append{{"channel", "C0SALES"}, {"ts", old}, {"markdown_text", "x"}};
    CHECK(local.call("chat.appendStream", append).error() == "message_not_in_streaming_state");
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", old}, {"text", "whole"}}).ok());

    Local patient;
    const auto bot = open_bot(patient);
    const std::string again = patient.slack->say("U0ANA", "C0SALES", "question");
    const std::string ts = start_stream(patient, again);
    patient.slack->stop_session("U0ANA", "C0SALES", again);
    CHECK(patient.call("chat.appendStream", {{"channel", "C0SALES"}, {"ts", ts}, {"markdown_text", "x"}}).error() ==
          "stopped_by_user");
    REQUIRE(patient.until([&] { return bot->events("agent_session_stopped").size() == 1; }));
    CHECK(bot->events("agent_session_stopped")[0].at("streaming_message_ts").at(0) == json::value(ts));
}

TEST_CASE("what was streamed stays above a later update, where this is asked for") {
    Local local;
    const std::string root = local.slack->say("U0ANA", "C0SALES", "x");
    const auto streamed = [&] {
        const json::object task{{"type", "task_update"}, {"id", "t1"}, {"title", "Look"}, {"status", "complete"}};
        const json::object divider{{"type", "blocks"}, {"blocks", json::array{{{"type", "divider"}}}}};
        json::object start{{"channel", "C0SALES"},         {"thread_ts", root},
                           {"recipient_user_id", "U0ANA"}, {"recipient_team_id", "T0SANDBOX"},
                           {"task_display_mode", "plan"},  {"chunks", json::array{task, divider}}};
        const std::string ts = local.call("chat.startStream", std::move(start)).member("ts");
        REQUIRE(local.call("chat.stopStream", {{"channel", "C0SALES"}, {"ts", ts}}).ok());
        return ts;
    };
    const auto types_after_update = [&](const std::string& ts) {
        const json::object markdown{{"type", "markdown"}, {"text", "answer"}};
        REQUIRE(
            local.call("chat.update", {{"channel", "C0SALES"}, {"ts", ts}, {"blocks", json::array{markdown}}}).ok());
        std::string types;
        for (const auto& block : local.slack->find_message("C0SALES", ts)->blocks)
            types += text_member(block.as_object(), "type") + " ";
        return types;
    };
    CHECK(types_after_update(streamed()) == "markdown ");
    local.slack->faults().keeps_streamed = true;
    const std::string ts = streamed();
    CHECK(types_after_update(ts) == "plan divider markdown ");
    CHECK(types_after_update(ts) == "plan divider markdown ");
}

TEST_CASE("streaming can be switched off") {
    Local local;
    local.slack->faults().no_streaming = true;
    const std::string thread = local.slack->say("U0ANA", "C0SALES", "question");
    CHECK(local.call("chat.startStream", {{"channel", "C0SALES"}, {"thread_ts", thread}}).error() == "unknown_method");
}

TEST_CASE("a status stands until the bot replies or its time is over") {
    SlackOptions options;
    options.status_life = 700ms;
    Local local(options);
    const std::string thread = local.slack->say("U0ANA", "C0SALES", "question");
    const json::object arguments{{"channel_id", "C0SALES"}, {"thread_ts", thread}, {"status", "is thinking"}};
    CHECK(local.call("assistant.threads.setStatus", arguments).ok());
    CHECK(local.slack->status("C0SALES", thread) == "is thinking");
    post(local, "C0SALES", "answer", thread);
    CHECK(local.slack->status("C0SALES", thread).empty());
    int ends = 0;
    local.slack->on_change([&](const json::object& change) {
        ends += text_member(change, "type") == "status" && text_member(change, "status").empty() ? 1 : 0;
    });
    CHECK(local.call("assistant.threads.setStatus", arguments).ok());
    CHECK(local.until([&] { return ends == 1; }));
    json::object wrong = arguments;
    wrong["thread_ts"] = "1.000000";
    CHECK(local.call("assistant.threads.setStatus", wrong).error() == "invalid_thread_ts");
    wrong = arguments;
    wrong["loading_messages"] = json::array(11, "x");
    CHECK(local.call("assistant.threads.setStatus", wrong).error() == "invalid_arguments");
}

TEST_CASE("a file goes up in three steps and is completed once") {
    Local local;
    const std::string root = post(local, "C0SALES", "root");
    CHECK(local.form("files.getUploadURLExternal", "filename=a.csv&length=0").error() == "invalid_arguments");
    const auto first = local.form("files.getUploadURLExternal", "filename=a.csv&length=7");
    const std::string url = first.member("upload_url");
    const std::string path = url.substr(url.find('/', 8));
    const json::object wanted{{"files", json::array{json::object{{"id", first.member("file_id")}, {"title", "A"}}}},
                              {"channel_id", "C0SALES"},
                              {"thread_ts", root}};
    CHECK(local.call("files.completeUploadExternal", wanted).error() == "file_not_found");
    CHECK(local.raw(path, "application/octet-stream", "too long to fit", "").status == 400);
    const auto sent = local.raw(path, "application/octet-stream", "a,b\n1,2", "");
    CHECK(sent.status == 200);
    CHECK(sent.text == "OK - 7");
    const auto completed = local.call("files.completeUploadExternal", wanted);
    REQUIRE(completed.ok());
    CHECK(completed.body.at("files").at(0).at("title") == "A");
    CHECK_FALSE(completed.body.contains("ts"));
    CHECK(local.slack->file_content(first.member("file_id")) == std::string("a,b\n1,2"));
    CHECK(local.slack->thread("C0SALES", root).back().files.size() == 1);
    CHECK(local.call("files.completeUploadExternal", wanted).error() == "file_not_found");
}

TEST_CASE("a picture that stands in no channel is shown by its id, anything else is not") {
    Local local;
    const auto upload = [&](const std::string& name, const std::string& content) {
        const auto first =
            local.form("files.getUploadURLExternal", "filename=" + name + "&length=" + std::to_string(content.size()));
        const std::string url = first.member("upload_url");
        CHECK(local.raw(url.substr(url.find('/', 8)), "application/octet-stream", content, "").status == 200);
        return first.member("file_id");
    };
    const auto complete = [&](const std::string& id) {
        return local.call("files.completeUploadExternal",
                          json::object{{"files", json::array{json::object{{"id", id}, {"title", "A"}}}}});
    };
    const auto show = [&](const std::string& id) {
        json::array blocks;
        blocks.push_back(
            json::object{{"type", "image"}, {"alt_text", "a chart"}, {"slack_file", json::object{{"id", id}}}});
        return local.call("chat.postMessage",
                          json::object{{"channel", "C0SALES"}, {"text", "x"}, {"blocks", std::move(blocks)}});
    };
    const std::string picture = upload("chart.png", "\x89PNG\r\n\x1a\n....");
    const std::string text = upload("fake.png", "no picture at all");
    CHECK(show(picture).error() == "invalid_blocks");
    CHECK(complete(picture).ok());
    CHECK(complete(text).ok());
    const std::size_t before = local.slack->messages("C0SALES").size();
    CHECK(show(picture).ok());
    CHECK(local.slack->messages("C0SALES").size() == before + 1);
    CHECK(show(text).error() == "invalid_blocks");
    CHECK(show("F0UNKNOWN").error() == "invalid_blocks");
    local.slack->faults().picture_time_ms = 60'000;
    CHECK(show(picture).error() == "invalid_blocks");
}

TEST_CASE("reactions are added once and seen") {
    Local local;
    const auto bot = open_bot(local);
    const std::string ts = local.slack->say("U0ANA", "C0SALES", "x");
    const json::object arguments{{"channel", "C0SALES"}, {"timestamp", ts}, {"name", "eyes"}};
    CHECK(local.call("reactions.add", arguments).ok());
    CHECK(local.call("reactions.add", arguments).error() == "already_reacted");
    local.slack->react("U0ANA", "C0SALES", ts, "eyes", true);
    const auto seen = local.form("reactions.get", "channel=C0SALES&timestamp=" + ts);
    CHECK(seen.body.at("message").at("reactions").at(0).at("count") == 2);
    CHECK(local.call("reactions.remove", arguments).ok());
    CHECK(local.call("reactions.remove", arguments).error() == "no_reaction");
    CHECK(local.until([&] { return bot->events("reaction_added").size() == 2; }));
    CHECK(bot->events("reaction_added")[0].at("item").at("ts") == json::value(ts));
    CHECK(bot->events("reaction_added")[0].at("item_user") == "U0ANA");
}

TEST_CASE("people, rooms and the app itself can be asked for") {
    Local local;
    CHECK(local.form("users.info", "user=U0ANA").body.at("user").at("profile").at("email") == "ana@example.com");
    CHECK(local.form("users.info", "user=U0X").error() == "user_not_found");
    CHECK(local.form("users.list", "limit=2").body.at("members").as_array().size() == 2);
    CHECK(local.form("conversations.list", "").body.at("channels").as_array().size() == 3);
    CHECK(local.call("conversations.open", {{"users", "U0BEN"}}).body.at("channel").at("id") == "D00BEN");
    CHECK(local.form("conversations.list", "types=im").body.at("channels").as_array().size() == 1);
    CHECK(local.form("bots.info", "bot=B0GENIE").body.at("bot").at("app_id") == "A0GENIE");
    CHECK(local.form("team.info", "").body.at("team").at("id") == "T0SANDBOX");
    CHECK(local.form("api.test", "foo=bar").body.at("args").at("foo") == "bar");
}

TEST_CASE("too many calls get 429 with Retry-After, unless the limits are lifted") {
    const auto post_until_refused = [](Local& local) {
        Reply last;
        for (int i = 0; i < 12 && last.status != 429; ++i)
            last = local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}});
        return last;
    };
    Local local;
    const Reply refused = post_until_refused(local);
    CHECK(refused.status == 429);
    CHECK(refused.error() == "ratelimited");
    CHECK(test::contains("Retry-After: 1").match(refused.head));
    CHECK(local.call("chat.postMessage", {{"channel", "C0GENERAL"}, {"text", "x"}}).ok());
    SlackOptions options;
    options.rate_share = 0;
    Local lifted(options);
    CHECK(post_until_refused(lifted).ok());
}

TEST_CASE("call faults are taken in order and fall back by themselves") {
    Local local;
    auto& faults = local.slack->faults().calls;
    SlackFaults::CallFault limited;
    limited.method = "chat.postMessage";
    limited.http_status = 429;
    limited.retry_after = 7;
    SlackFaults::CallFault refused;
    refused.method = "*";
    refused.error = "fatal_error";
    SlackFaults::CallFault broken;
    broken.method = "chat.postMessage";
    broken.http_status = 503;
    SlackFaults::CallFault lost;
    lost.method = "chat.postMessage";
    lost.reset_before = true;
    SlackFaults::CallFault unheard;
    unheard.method = "chat.postMessage";
    unheard.reset_after = true;
    faults = {limited, refused, broken, lost, unheard};
    const json::object arguments{{"channel", "C0SALES"}, {"text", "x"}};
    const auto first = local.call("chat.postMessage", arguments);
    CHECK(first.status == 429);
    CHECK(test::contains("Retry-After: 7").match(first.head));
    CHECK(local.call("chat.postMessage", arguments).error() == "fatal_error");
    CHECK(local.call("chat.postMessage", arguments).status == 503);
    CHECK(local.call("chat.postMessage", arguments).status == 0);
    CHECK(local.slack->messages("C0SALES").empty());
    CHECK(local.call("chat.postMessage", arguments).status == 0);
    CHECK(local.slack->messages("C0SALES").size() == 1);
    CHECK(local.call("chat.postMessage", arguments).ok());
    CHECK(faults.empty());
    CHECK(local.slack->calls_of("chat.postMessage").size() == 6);
}

TEST_CASE("opening a connection fails as often as the switches say") {
    Local local;
    local.slack->faults().open_http_500 = 1;
    local.slack->faults().open_rate_limited = 1;
    const auto token = local.slack->options().app_token;
    CHECK(local.form("apps.connections.open", "", token).status == 500);
    const auto limited = local.form("apps.connections.open", "", token);
    CHECK(limited.status == 429);
    CHECK(test::contains("Retry-After: 2").match(limited.head));
    CHECK(local.form("apps.connections.open", "", token).ok());
    local.slack->faults().open_error = "invalid_auth";
    CHECK(local.form("apps.connections.open", "", token).error() == "invalid_auth");
}

TEST_CASE("fault switches go to JSON and back, and wrong ones change nothing") {
    SlackFaults faults;
    const auto changes = json::parse(R"({"silent":true,"open_http_500":2,"open_error":"invalid_auth",
        "refused_blocks":["table"],"calls":[{"method":"*","http_status":429,"retry_after":3,"delay":250,"times":2}]})");
    CHECK_FALSE(apply_faults(faults, changes.as_object()));
    CHECK(faults.silent);
    CHECK(faults.calls.at(0).delay == 250ms);
    SlackFaults copy;
    CHECK_FALSE(apply_faults(copy, describe_faults(faults)));
    CHECK(describe_faults(copy) == describe_faults(faults));
    CHECK(apply_faults(faults, {{"silent", false}, {"nonsense", 1}}) ==
          std::string("there is no fault named \"nonsense\""));
    CHECK(apply_faults(faults, {{"silent", 1}}));
    CHECK(faults.silent);
}

}  // namespace slack_web_test

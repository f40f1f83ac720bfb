// What the real Slack does on a bad day, and in channels that are shared with another organisation.
#include "tests/catch.hpp"
#include "tests/unit/sandbox/local_slack.hpp"

namespace slack_connect_test {

using namespace local_slack_test;
using namespace std::chrono_literals;

SlackUser person(const std::string& id, const std::string& team, const std::string& enterprise = "") {
    SlackUser user;
    user.id = id;
    user.name = id;
    user.real_name = "Person " + id;
    user.email = id + "@other.example";
    user.team_id = team;
    user.enterprise_id = enterprise;
    return user;
}

json::object last_payload(const Bot& bot) {
    return bot.messages("events_api").back().at("payload").as_object();
}

json::object info(Local& local, const std::string& user) {
    return local.form("users.info", "user=" + user).body.at("user").as_object();
}

TEST_CASE("in a shared channel the outer team is the writer's, the authorization stays ours") {
    Local local;
    const auto bot = open_bot(local);
    local.slack->add_user(person("U2OTHER", "T2OTHER"));
    local.slack->share_channel("C0SALES", true);
    local.slack->say("U2OTHER", "C0SALES", "hello");
    REQUIRE(local.until([&] { return bot->events("message").size() == 1; }));
    const json::object payload = last_payload(*bot);
    CHECK(payload.at("team_id") == "T2OTHER");
    CHECK(payload.at("is_ext_shared_channel") == true);
    CHECK(payload.at("authorizations").at(0).at("team_id") == "T0SANDBOX");
    CHECK(payload.at("event").at("user_team") == "T2OTHER");
    CHECK(payload.at("event").at("team") == "T2OTHER");

    local.slack->faults().outer_team = "T2OTHER";
    local.slack->say("U0ANA", "C0SALES", "hello too");
    REQUIRE(local.until([&] { return bot->events("message").size() == 2; }));
    CHECK(last_payload(*bot).at("team_id") == "T2OTHER");
    CHECK(last_payload(*bot).at("event").at("team") == "T0SANDBOX");
}

TEST_CASE("a stranger sees shared channels only, a colleague of the organisation all") {
    SlackOptions options;
    options.enterprise_id = "E1";
    Local local(options);
    local.slack->add_user(person("U2OTHER", "T2OTHER", "E2"));
    local.slack->add_user(person("U3SISTER", "T3", "E1"));
    const auto channels = [&](const std::string& user) {
        return local.slack->snapshot(user).at("channels").as_array().size();
    };
    CHECK(channels("U2OTHER") == 0);
    CHECK(channels("U3SISTER") == channels("U0ANA"));
    CHECK_FALSE(local.slack->sees("U2OTHER", "C0SALES"));
    local.slack->share_channel("C0SALES", true);
    CHECK(channels("U2OTHER") == 1);
    CHECK(local.slack->sees("U2OTHER", "C0SALES"));
    const std::string direct = local.slack->direct_message("U0ANA");
    CHECK(local.slack->sees("U0ANA", direct));
    CHECK_FALSE(local.slack->sees("U0BEN", direct));
}

TEST_CASE("users.info tells strangers, colleagues of the organisation and guests apart") {
    SlackOptions options;
    options.enterprise_id = "E1";
    Local local(options);
    local.slack->add_user(person("U2OTHER", "T2OTHER", "E2"));
    local.slack->add_user(person("U3SISTER", "T3", "E1"));
    SlackUser guest = person("U4GUEST", "");
    guest.is_single_channel_guest = true;
    guest.locale = "de-DE";
    local.slack->add_user(guest);

    const json::object stranger = info(local, "U2OTHER");
    CHECK(stranger.at("is_stranger") == true);
    CHECK(stranger.at("team_id") == "T2OTHER");
    CHECK_FALSE(stranger.at("profile").as_object().contains("email"));
    CHECK_FALSE(stranger.contains("tz"));
    local.slack->share_channel("C0SALES", true);
    CHECK_FALSE(info(local, "U2OTHER").contains("is_stranger"));
    CHECK(info(local, "U2OTHER").at("team_id") == "T2OTHER");
    const json::object sister = info(local, "U3SISTER");
    CHECK_FALSE(sister.contains("is_stranger"));
    CHECK(sister.at("enterprise_user").at("enterprise_id") == "E1");
    CHECK(info(local, "U4GUEST").at("is_ultra_restricted") == true);
    CHECK(info(local, "U4GUEST").at("locale") == "de-DE");
    CHECK(info(local, "U0GUEST").at("is_restricted") == true);
    CHECK(info(local, "U0GUEST").at("is_ultra_restricted") == false);
}

TEST_CASE("whoever presses is named with his own team, and commands are not offered to strangers") {
    Local local;
    const auto bot = open_bot(local);
    local.slack->add_user(person("U2OTHER", "T2OTHER"));
    local.slack->share_channel("C0SALES", true);
    const json::object button{
        {"type", "button"}, {"action_id", "go"}, {"text", {{"type", "plain_text"}, {"text", "Go"}}}};
    const json::object actions{{"type", "actions"}, {"elements", json::array{button}}};
    const std::string ts =
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}, {"blocks", json::array{actions}}})
            .member("ts");
    REQUIRE(local.slack->press("U2OTHER", "C0SALES", ts, {{"action_id", "go"}}));
    REQUIRE(local.until([&] { return bot->interactions("block_actions").size() == 1; }));
    const json::object payload = bot->interactions("block_actions")[0];
    CHECK(payload.at("user").at("team_id") == "T2OTHER");
    CHECK(payload.at("team").at("id") == "T0SANDBOX");
    local.slack->slash("U2OTHER", "C0SALES", "/genie", "x");
    local.wait(50ms);
    CHECK(bot->messages("slash_commands").empty());
}

TEST_CASE("a deleted root with replies leaves a tombstone, one without replies goes") {
    Local local;
    const auto bot = open_bot(local);
    const std::string root = local.slack->say("U0ANA", "C0SALES", "<@U0GENIE> revenue?");
    const std::string reply =
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "working"}, {"thread_ts", root}}).member("ts");
    local.slack->remove("C0SALES", root);
    REQUIRE(local.until([&] {
        const auto events = bot->events("message");
        return !events.empty() && text_member(events.back(), "subtype") == "message_changed";
    }));
    const json::object change = bot->events("message").back();
    CHECK(change.at("message").at("subtype") == "tombstone");
    CHECK(change.at("message").at("user") == "USLACKBOT");
    CHECK(change.at("message").at("thread_ts") == json::value(root));
    CHECK(change.at("previous_message").at("user") == "U0ANA");
    CHECK(local.call("chat.update", {{"channel", "C0SALES"}, {"ts", root}, {"text", "x"}}).error() ==
          "message_not_found");
    // The thread lives on.
    CHECK(local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "more"}, {"thread_ts", root}})
              .body.at("message")
              .at("thread_ts") == json::value(root));

    local.slack->remove("C0SALES", reply);
    REQUIRE(local.until([&] { return text_member(bot->events("message").back(), "subtype") == "message_deleted"; }));
    CHECK(local.slack->find_message("C0SALES", reply) == nullptr);
}

TEST_CASE("a reply to a message that is gone stands at the channel's root, where this is asked for") {
    SlackOptions options;
    options.replies_may_stray = true;
    Local local(options);
    const std::string root = local.slack->say("U0ANA", "C0SALES", "x");
    local.slack->remove("C0SALES", root);
    const Reply reply =
        local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "answer"}, {"thread_ts", root}});
    CHECK(reply.ok());
    CHECK_FALSE(reply.body.at("message").as_object().contains("thread_ts"));
}

TEST_CASE("a note into a thread without replies is ok and seen by nobody, where this is asked for") {
    SlackOptions options;
    options.drops_unseen_notes = true;
    Local local(options);
    const std::string root = local.slack->say("U0ANA", "C0SALES", "x");
    const auto note = [&](const std::string& thread) {
        json::object arguments{{"channel", "C0SALES"}, {"user", "U0ANA"}, {"text", "psst"}};
        if (!thread.empty())
            arguments["thread_ts"] = thread;
        return local.call("chat.postEphemeral", arguments);
    };
    const auto notes = [&] {
        const auto all = local.slack->messages("C0SALES");
        return std::count_if(all.begin(), all.end(), [](const auto& each) { return !each.ephemeral_for.empty(); });
    };
    CHECK(note(root).ok());
    CHECK(notes() == 0);
    CHECK(note("").ok());
    CHECK(notes() == 1);
    local.slack->say("U0BEN", "C0SALES", "a reply", root);
    CHECK(note(root).ok());
    CHECK(notes() == 2);
}

TEST_CASE("a kind of block can fail with internal_error for as long as it is sent") {
    Local local;
    local.slack->faults().broken_blocks = {"divider"};
    const json::object with{{"channel", "C0SALES"}, {"text", "x"}, {"blocks", json::array{{{"type", "divider"}}}}};
    for (int i = 0; i < 3; ++i)
        CHECK(local.call("chat.postMessage", with).error() == "internal_error");
    const std::string ts = local.call("chat.postMessage", {{"channel", "C0SALES"}, {"text", "x"}}).member("ts");
    json::object update = with;
    update["ts"] = ts;
    CHECK(local.call("chat.update", update).error() == "internal_error");
}

TEST_CASE("an upload can be completed and never stand anywhere, and files.info tells") {
    Local local;
    const auto upload = [&] {
        const Reply place = local.form("files.getUploadURLExternal", "filename=a.csv&length=3");
        local.raw(place.member("upload_url").substr(local.slack->api_url().size() - 5), "text/csv", "a,b", "");
        const Reply done =
            local.call("files.completeUploadExternal",
                       {{"channel_id", "C0SALES"}, {"files", json::array{{{"id", place.member("file_id")}}}}});
        REQUIRE(done.ok());
        return local.form("files.info", "file=" + place.member("file_id")).body.at("file").as_object();
    };
    const json::object shared = upload();
    CHECK(shared.at("shares").at("public").at("C0SALES").as_array().size() == 1);
    CHECK(shared.contains("permalink"));
    local.slack->faults().lost_uploads = 1;
    local.slack->faults().no_permalinks = true;
    const json::object lost = upload();
    CHECK(lost.at("shares").as_object().empty());
    CHECK_FALSE(lost.contains("permalink"));
    CHECK(local.form("files.info", "file=F0NONE").error() == "file_not_found");
}

TEST_CASE("forwarded messages, clips, workflows and previews come as Slack tells them") {
    Local local;
    const auto bot = open_bot(local);
    const std::string original = local.slack->say("U0BEN", "C0GENERAL", "What was churn in May?");
    local.slack->forward("U0ANA", "C0GENERAL", original, "C0SALES", "<@U0GENIE> answer this");
    local.slack->speak("U0ANA", local.slack->direct_message("U0ANA"), "revenue last week");
    local.slack->run_workflow("Daily KPI", "C0SALES", "<@U0GENIE> revenue yesterday?");
    local.slack->unfurl("C0GENERAL", original, "https://example.com/");
    REQUIRE(local.until([&] { return bot->events("message").size() == 5; }));
    const auto mentions = bot->events("app_mention");
    REQUIRE(mentions.size() == 2);
    CHECK(mentions[0].at("attachments").at(0).at("is_share") == true);
    CHECK(mentions[0].at("attachments").at(0).at("text") == "What was churn in May?");
    CHECK(mentions[1].at("subtype") == "bot_message");
    CHECK(mentions[1].at("username") == "Daily KPI");
    CHECK_FALSE(mentions[1].contains("user"));
    const auto events = bot->events("message");
    CHECK(events[2].at("files").at(0).at("transcription").at("preview").at("content") == "revenue last week");
    CHECK(events[4].at("message").at("text") == events[4].at("previous_message").at("text"));
    CHECK(events[4].at("message").as_object().contains("attachments"));
}

}  // namespace slack_connect_test

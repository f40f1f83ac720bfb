// What messages of other organisations, deleted, forwarded and spoken messages look like when they arrive.
#include "slack/events/events.hpp"

#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

namespace message_events_test {

using namespace genie_slack;
using namespace genie_slack::slack;
namespace json = boost::json;

const std::string kOurs = R"("authorizations":[{"team_id":"T1OURS","enterprise_id":null,"user_id":"UBOT","is_bot":true,
    "is_enterprise_install":false}])";

Event parse(const std::string& outer, const std::string& event) {
    return parse_event(
        json::parse(R"({"type":"event_callback","event_id":"Ev1",)" + outer + R"(,"event":)" + event + "}")
            .as_object());
}

MessageEvent message(const Event& event) {
    REQUIRE(std::holds_alternative<MessageEvent>(event.body));
    return std::get<MessageEvent>(event.body);
}

MessageEvent message(const std::string& event) {
    return message(parse(R"("team_id":"T1")", event));
}

std::string mention_of(const std::string& user, const std::string& team) {
    return R"({"type":"app_mention","user":")" + user + R"(","team":")" + team +
           R"(","text":"<@UBOT> revenue?","channel":"C1","ts":"1.1"})";
}

std::string stranger_of(const std::string& sides) {
    const Interaction parsed =
        parse_interaction(json::parse(R"({"type":"block_actions","channel":{"id":"C1"},)" + sides + "}").as_object());
    return std::get<BlockActions>(parsed).user_team;
}

TEST_CASE("in a shared channel the authorization says whose event it is, whatever stands outside", "[events]") {
    for (const std::string outer : {R"("team_id":"T2OTHER","enterprise_id":"E2OTHER")", R"("team_id":"T1OURS")",
                                    R"("team_id":"T2OTHER","context_team_id":"T2OTHER")"}) {
        const std::string wrapper = outer + R"(,"is_ext_shared_channel":true,)" + kOurs;
        const Event own = parse(wrapper, mention_of("U1", "T1OURS"));
        CHECK(own.team == "T1OURS");
        CHECK(own.enterprise.empty());
        CHECK(own.ext_shared_channel);
        CHECK(message(own).user_team.empty());
        const Event foreign = parse(wrapper, mention_of("U2", "T2OTHER"));
        CHECK(foreign.team == "T1OURS");
        CHECK(message(foreign).user_team == "T2OTHER");
    }
    // Without authorizations the outer team is somebody's, where several organisations meet.
    const Event unnamed = parse(R"("team_id":"T7","is_ext_shared_channel":true)", mention_of("U1", "T7"));
    CHECK(unnamed.team.empty());
    CHECK(message(unnamed).user_team == "T7");
    CHECK(parse(R"("team_id":"T7","authorizations":[])", mention_of("U1", "T7")).team == "T7");
}

TEST_CASE("a colleague of another workspace of the organisation is no stranger", "[events]") {
    const std::string event = R"({"type":"message","channel":"C1","user":"U3","ts":"1.1","user_team":"T3",
        "source_team":"T3","team":"T3","text":"x"})";
    const std::string ours =
        R"("authorizations":[{"team_id":"T1","enterprise_id":"E1","is_enterprise_install":false}])";
    for (const std::string outer : {R"("team_id":"T1","enterprise_id":"E1","is_ext_shared_channel":false)",
                                    R"("team_id":"T3","enterprise_id":"E1","is_ext_shared_channel":false,)"}) {
        const Event sister = parse(outer.ends_with(',') ? outer + ours : outer, event);
        CHECK(sister.team == "T1");
        CHECK(message(sister).user_team.empty());
    }
    // In a channel that another organisation shares nobody can tell without asking Slack.
    CHECK(message(parse(R"("team_id":"T1","is_ext_shared_channel":true,)" + ours, event)).user_team == "T3");
    // Without an organisation there are no sister workspaces.
    CHECK(message(parse(R"("team_id":"T1","is_ext_shared_channel":false)", event)).user_team == "T3");
    // Of an org-wide install, too, in a shared channel.
    const std::string org = R"("authorizations":[{"team_id":null,"enterprise_id":"E1","is_enterprise_install":true}],)";
    const Event stranger =
        parse(org + R"("team_id":"T2","enterprise_id":"E2","is_ext_shared_channel":true)", mention_of("U2", "T2"));
    CHECK(stranger.team == "E1");
    CHECK(message(stranger).user_team == "T2");
    const Event own =
        parse(org + R"("team_id":"T1","enterprise_id":"E1","is_ext_shared_channel":true)", mention_of("U1", "T1"));
    CHECK(message(own).user_team.empty());
}

TEST_CASE("interactions tell the person's own team when it is not ours", "[interactions]") {
    CHECK(stranger_of(R"("team":{"id":"T1"},"user":{"id":"U2","team_id":"T2"})") == "T2");
    CHECK(stranger_of(R"("team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"})").empty());
    CHECK(stranger_of(R"("team":{"id":"T1"},"user":{"id":"U1"})").empty());
    CHECK(stranger_of(R"("team":{"id":"T1"},"enterprise":{"id":"E1"},"user":{"id":"U3","team_id":"T3",
        "enterprise_user":{"enterprise_id":"E1"}})")
              .empty());
    CHECK(stranger_of(R"("team":{"id":"T1"},"enterprise":{"id":"E1"},"user":{"id":"U3","team_id":"T3"})") == "T3");
    // An org-wide install names no workspace here.
    CHECK(stranger_of(R"("team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true,
        "user":{"id":"U1","team_id":"T1"})")
              .empty());

    const std::string sides = R"("team":{"id":"T1"},"user":{"id":"U2","team_id":"T2"}})";
    const auto parsed = [&](const std::string& type) {
        return parse_interaction(json::parse(R"({"type":")" + type + "\"," + sides).as_object());
    };
    CHECK(std::get<ViewSubmission>(parsed("view_submission")).user_team == "T2");
    CHECK(std::get<ViewSubmission>(parsed("view_closed")).user_team == "T2");
    CHECK(std::get<Shortcut>(parsed("shortcut")).user_team == "T2");
    CHECK(std::get<Shortcut>(parsed("message_action")).user_team == "T2");
    CHECK(std::get<BlockSuggestion>(parsed("block_suggestion")).user_team == "T2");
    CHECK(parse_slash_command(json::parse(R"({"team_id":"T1","user_id":"U1","command":"/genie"})").as_object())
              .user_team.empty());
}

TEST_CASE("a form that was opened in a shared channel belongs to the workspace that installed the app",
          "[interactions]") {
    const auto view = std::get<ViewSubmission>(parse_interaction(json::parse(R"({"type":"view_submission",
        "team":{"id":"T2"},"user":{"id":"U2","team_id":"T2"},"view":{"id":"V1","app_installed_team_id":"T1"}})")
                                                                     .as_object()));
    CHECK(view.team == "T1");
    CHECK(view.user_team == "T2");
}

TEST_CASE("a deleted message with replies leaves a tombstone, and that is a deletion", "[events]") {
    const Event event = parse(R"("team_id":"T1")", R"({"type":"message","subtype":"message_changed","hidden":true,
        "channel":"C1","event_ts":"9.9","ts":"9.9","message":{"type":"message","subtype":"tombstone","user":"USLACKBOT",
        "text":"This message was deleted.","hidden":true,"ts":"1.1","thread_ts":"1.1","reply_count":1},
        "previous_message":{"type":"message","user":"U1","text":"<@UBOT> revenue?","ts":"1.1","thread_ts":"1.1"}})");
    CHECK(kind_of(event) == "message_deleted");
    REQUIRE(std::holds_alternative<MessageDeleted>(event.body));
    const auto& deleted = std::get<MessageDeleted>(event.body);
    CHECK(deleted.channel == "C1");
    CHECK(deleted.deleted_ts == "1.1");
    CHECK(deleted.thread_ts == "1.1");
    CHECK(deleted.user == "U1");
    const Event bare = parse(R"("team_id":"T1")", R"({"type":"message","subtype":"message_changed","channel":"C1",
        "message":{"subtype":"tombstone"},"previous_message":{}})");
    CHECK(std::holds_alternative<UnknownEvent>(bare.body));
}

TEST_CASE("an edit tells who made it and when, and a preview shows that nobody did", "[events]") {
    const auto mention = message(R"({"type":"app_mention","user":"U1","text":"<@UBOT> x","channel":"C1","ts":"1.1",
        "edited":{"user":"U1","ts":"2.2"}})");
    CHECK(mention.edited);
    CHECK(mention.edited_ts == "2.2");
    CHECK(mention.edited_by == "U1");
    const Event preview = parse(R"("team_id":"T1")", R"({"type":"message","subtype":"message_changed","channel":"C1",
        "message":{"user":"U1","text":"x https://x.com","ts":"1.1","edited":{"user":"U1","ts":"2.2"},
        "attachments":[{"from_url":"https://x.com","text":"A page"}]},
        "previous_message":{"user":"U1","text":"x https://x.com","ts":"1.1","edited":{"user":"U1","ts":"2.2"}}})");
    const auto& changed = std::get<MessageChanged>(preview.body);
    CHECK(changed.previous_edited_ts == changed.message.edited_ts);
    CHECK(changed.message.forwarded.empty());
}

TEST_CASE("forwarded messages are read, previews of pages are not", "[events]") {
    const auto forwarded = message(R"({"type":"app_mention","user":"U1","text":"<@UBOT> answer this","channel":"C1",
        "ts":"1.1","attachments":[
        {"is_share":true,"is_msg_unfurl":true,"author_name":"Ana","author_id":"U5","channel_id":"C2","ts":"3.3",
         "text":"What was churn in May?","fallback":"[May] ana: What"},
        {"from_url":"https://x.com","title":"A page","text":"About us"},
        {"is_msg_unfurl":true,"author_subname":"Bea","message_blocks":[{"channel":"C3","ts":"4.4","message":{"blocks":[
          {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a < b of "},
           {"type":"user","user_id":"U5"},{"type":"link","url":"https://x.com"}]},
           {"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]}]}]},
          {"type":"section","text":{"type":"mrkdwn","text":"*two*"}}]}}]},
        {"is_share":true,"fallback":"only this"},
        {"is_share":true,"files":[{"id":"F1"}]},
        {"is_share":true,"fallback":"[no preview available]"},
        {"is_share":true,"fallback":"[May 5th, 2025 1:30 PM] ana: "}, 7]})")
                               .forwarded;
    REQUIRE(forwarded.size() == 6);
    CHECK(forwarded[0].author == "Ana");
    CHECK(forwarded[0].channel == "C2");
    CHECK(forwarded[0].ts == "3.3");
    CHECK(forwarded[0].text == "What was churn in May?");
    CHECK(forwarded[1].author == "Bea");
    CHECK(forwarded[1].text == "a &lt; b of <@U5><https://x.com>\none\n*two*");
    CHECK(forwarded[2].text == "only this");
    // Of these Slack tells no words.
    for (std::size_t i = 3; i < 6; ++i)
        CHECK(forwarded[i].text.empty());
}

TEST_CASE("forwarded messages are bounded", "[events]") {
    json::object event = json::parse(R"({"type":"message","user":"U1","channel":"D1","ts":"1.1"})").as_object();
    json::array attachments;
    for (int i = 0; i < 30; ++i)
        attachments.push_back(json::object{{"is_share", true}, {"text", std::string(50'000, 'x')}});
    event["attachments"] = attachments;
    const Event parsed = parse_event(json::object{{"team_id", "T1"}, {"event", event}});
    std::size_t bytes = 0;
    for (const Forwarded& one : message(parsed).forwarded)
        bytes += one.text.size();
    CHECK(message(parsed).forwarded.size() <= 10);
    CHECK(bytes <= 160'000);

    json::value deep = json::object{{"type", "text"}, {"text", "x"}};
    for (int i = 0; i < 40; ++i)
        deep = json::object{{"type", "rich_text_section"}, {"elements", json::array{deep}}};
    json::object nested = json::parse(R"({"is_share":true,"message_blocks":[{"message":{}}]})").as_object();
    nested.at("message_blocks").at(0).at("message").as_object()["blocks"] = json::array{deep};
    event["attachments"] = json::array{nested};
    const auto too_deep = message(parse_event(json::object{{"team_id", "T1"}, {"event", event}})).forwarded;
    REQUIRE(too_deep.size() == 1);
    CHECK(too_deep[0].text.empty());
}

TEST_CASE("a clip is told with what was said in it, as far as Slack knows", "[events]") {
    const auto spoken = message(R"({"type":"message","subtype":"file_share","channel":"D1","channel_type":"im",
        "user":"U1","text":"","ts":"1.1","files":[{"id":"F1","subtype":"slack_audio","transcription":{"status":"complete",
        "preview":{"content":"revenue last week","has_more":true}}},{"id":"F2","subtype":"slack_video",
        "transcription":{"status":"processing"}},{"id":"F3","filetype":"csv"}]})");
    CHECK(spoken.has_files);
    CHECK(spoken.file_count == 3);
    REQUIRE(spoken.clips.size() == 2);
    CHECK(spoken.clips[0].status == "complete");
    CHECK(spoken.clips[0].text == "revenue last week");
    CHECK(spoken.clips[0].has_more);
    CHECK(spoken.clips[1].status == "processing");
    CHECK(spoken.clips[1].text.empty());
}

TEST_CASE("what a bot writes carries its id", "[events]") {
    const auto daily = message(R"({"type":"app_mention","subtype":"bot_message","bot_id":"B9","username":"Daily KPI",
        "text":"<@UBOT> revenue yesterday?","channel":"C1","ts":"1.1"})");
    CHECK(daily.mention);
    CHECK(daily.bot_id == "B9");
}

}  // namespace message_events_test

// Every method against the local Slack, which refuses what the real one refuses.
#include "slack/blocks/blocks.hpp"
#include "slack/events/events.hpp"
#include "tests/catch.hpp"
#include "tests/integration/slack/web_api_fixture.hpp"

#include <boost/json/parse.hpp>

namespace web_api_calls_test {

using namespace genie_slack;
using namespace genie_slack::slack;
using test::WebApiFixture;
namespace json = boost::json;

json::array markdown_chunk(std::string_view text) {
    json::object chunk{{"type", "markdown_text"}, {"text", text}};
    json::array chunks;
    chunks.push_back(std::move(chunk));
    return chunks;
}

TEST_CASE("auth.test tells who the bot is", "[web_api]") {
    WebApiFixture slack;
    const auto identity = slack.run(slack.api().auth_test(slack.soon()));
    REQUIRE(identity.has_value());
    CHECK(identity->user_id == slack.server().options().bot_user_id);
    CHECK(identity->bot_id == slack.server().options().bot_id);
    CHECK(identity->team_id == slack.server().options().team_id);
    CHECK_FALSE(identity->scopes.empty());
}

TEST_CASE("a socket address is given for the app token", "[web_api]") {
    WebApiFixture slack;
    const auto url = slack.run(slack.api().connections_open(slack.soon()));
    REQUIRE(url.has_value());
    CHECK(url->reveal().starts_with("ws://127.0.0.1:"));
}

TEST_CASE("a message is posted, found again by its metadata, updated and deleted", "[web_api]") {
    WebApiFixture slack;
    const std::string root = slack.server().say(slack.user, slack.channel, "revenue?");
    OutgoingMessage outgoing = slack.message("Working on it");
    outgoing.thread_ts = root;
    outgoing.blocks.push_back(blocks::section("Working on it"));
    outgoing.metadata_type = "genie_turn";
    outgoing.metadata_payload["turn"] = "t1";

    const auto posted = slack.run(slack.api().post_message(outgoing, slack.soon()));
    REQUIRE(posted.has_value());
    CHECK(posted->channel == slack.channel);

    const auto thread = slack.run(slack.api().conversation_replies(slack.channel, root, 100, slack.soon()));
    REQUIRE(thread.has_value());
    REQUIRE(thread->size() == 2);
    CHECK((*thread)[1].ts == posted->ts);
    CHECK((*thread)[1].bot_id == slack.server().options().bot_id);
    CHECK((*thread)[1].metadata_type == "genie_turn");
    CHECK((*thread)[1].metadata_payload.at("turn") == "t1");

    REQUIRE(slack.run(slack.api().update_message(posted->ts, slack.message("Done"), slack.soon())).has_value());
    const auto* message = slack.server().find_message(slack.channel, posted->ts);
    REQUIRE(message);
    CHECK(message->text == "Done");
    CHECK(message->blocks.empty());

    REQUIRE(slack.run(slack.api().delete_message(slack.channel, posted->ts, slack.soon())).has_value());
    CHECK(slack.server().find_message(slack.channel, posted->ts) == nullptr);
    CHECK(slack.run(slack.api().delete_message(slack.channel, posted->ts, slack.soon())).has_value());
}

TEST_CASE("a long thread is read over several pages", "[web_api]") {
    WebApiFixture slack;
    const std::string root = slack.server().say(slack.user, slack.channel, "first");
    for (int i = 0; i < 450; ++i)
        slack.server().say(slack.user, slack.channel, "reply " + std::to_string(i), root);
    const auto all = slack.run(slack.api().conversation_replies(slack.channel, root, 1000, slack.soon()));
    REQUIRE(all.has_value());
    REQUIRE(all->size() == 451);
    CHECK(all->front().ts == root);
    CHECK(all->back().text == "reply 449");
    CHECK(slack.server().calls_of("conversations.replies").size() == 3);
    const auto newest = slack.run(slack.api().conversation_replies(slack.channel, root, 10, slack.soon()));
    REQUIRE(newest->size() == 10);
    CHECK(newest->back().text == "reply 449");
}

TEST_CASE("every kind of block that we build is accepted", "[web_api]") {
    WebApiFixture slack;
    OutgoingMessage outgoing = slack.message("All of it");
    outgoing.blocks.push_back(blocks::header("Header"));
    outgoing.blocks.push_back(blocks::section("*section* &amp; more", true));
    outgoing.blocks.push_back(blocks::markdown("# md\n\n- a"));
    outgoing.blocks.push_back(blocks::divider());
    outgoing.blocks.push_back(blocks::context("context"));
    outgoing.blocks.push_back(blocks::preformatted("a < b"));
    json::array elements;
    elements.push_back(blocks::button("a1", "Go", "v", "primary"));
    elements.push_back(blocks::static_select("a2", "Pick", {{"One", "1", "first"}, {"Two", "2", ""}}));
    elements.push_back(blocks::external_select("a3", "Search", 0));
    outgoing.blocks.push_back(blocks::actions("b1", std::move(elements)));
    outgoing.blocks.push_back(blocks::feedback("fb", "Good", "Bad", "t1"));
    outgoing.blocks.push_back(blocks::table({{false}, {true}}, {{"Region", "Revenue"}, {"EMEA", ""}}));
    const auto posted = slack.run(slack.api().post_message(outgoing, slack.soon()));
    INFO((posted.has_error() ? posted.error().to_string() : ""));
    REQUIRE(posted.has_value());
    CHECK(slack.server().find_message(slack.channel, posted->ts)->blocks.size() == 9);
}

TEST_CASE("an ephemeral message is for one person", "[web_api]") {
    WebApiFixture slack;
    REQUIRE(slack.run(slack.api().post_ephemeral(slack.user, slack.message("psst"), slack.soon())).has_value());
    REQUIRE(slack.server().last_message(slack.channel));
    CHECK(slack.server().last_message(slack.channel)->ephemeral_for == slack.user);
}

TEST_CASE("an answer is streamed", "[web_api]") {
    WebApiFixture slack;
    const std::string root = slack.server().say(slack.user, slack.channel, "revenue?");
    StreamStart start;
    start.channel = slack.channel;
    start.thread_ts = root;
    start.recipient_user = slack.user;
    start.recipient_team = slack.server().options().team_id;
    start.chunks = markdown_chunk("Looking");
    const auto stream = slack.run(slack.api().start_stream(start, slack.soon()));
    INFO((stream.has_error() ? stream.error().to_string() : ""));
    REQUIRE(stream.has_value());
    REQUIRE(slack.run(slack.api().append_stream(slack.channel, stream->ts, markdown_chunk(" further"), slack.soon()))
                .has_value());
    StreamStop stop;
    stop.channel = slack.channel;
    stop.ts = stream->ts;
    REQUIRE(slack.run(slack.api().stop_stream(stop, slack.soon())).has_value());

    const auto late =
        slack.run(slack.api().append_stream(slack.channel, stream->ts, markdown_chunk("x"), slack.soon()));
    REQUIRE(late.has_error());
    CHECK(late.error().fault == ApiFault::streaming);
}

TEST_CASE("status, title, prompts and session of a direct message", "[web_api]") {
    WebApiFixture slack;
    const auto dm = slack.run(slack.api().conversation_open(slack.user, slack.soon()));
    REQUIRE(dm.has_value());
    CHECK(*dm == slack.server().direct_message(slack.user));
    const std::string root = slack.server().say(slack.user, *dm, "revenue?");
    const auto fine = [](const ApiResult<void>& result) {
        INFO((result.has_error() ? result.error().to_string() : ""));
        CHECK(result.has_value());
    };
    fine(slack.run(slack.api().set_status(*dm, root, "is thinking", slack.soon())));
    CHECK(slack.server().status(*dm, root) == "is thinking");
    fine(slack.run(slack.api().set_title(*dm, root, "Revenue", slack.soon())));
    fine(slack.run(slack.api().set_suggested_prompts(*dm, root, "Try", {{"Title", "Message"}}, slack.soon())));
    fine(slack.run(slack.api().set_session_status(*dm, root, "processing", "Revenue", slack.soon())));
    fine(slack.run(slack.api().set_status(*dm, root, "", slack.soon())));
}

TEST_CASE("channels and people are looked up", "[web_api]") {
    WebApiFixture slack;
    const auto channel = slack.run(slack.api().conversation_info(slack.channel, slack.soon()));
    REQUIRE(channel.has_value());
    CHECK(channel->id == slack.channel);
    CHECK(channel->name == slack.server().channels().at(0).name);
    const auto unknown = slack.run(slack.api().conversation_info("C0NOWHERE", slack.soon()));
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().fault == ApiFault::not_permitted);
    const auto person = slack.run(slack.api().user_info(slack.user, slack.soon()));
    REQUIRE(person.has_value());
    CHECK(person->id == slack.user);
    CHECK(person->email == slack.server().users().at(0).email);
}

TEST_CASE("a home view is published", "[web_api]") {
    WebApiFixture slack;
    const json::object home = json::parse(R"({"type":"home","blocks":[{"type":"divider"}]})").as_object();
    REQUIRE(slack.run(slack.api().publish_view(slack.user, home, slack.soon())).has_value());
    REQUIRE(slack.server().home_view(slack.user));
    const json::object modal =
        json::parse(R"({"type":"modal","title":{"type":"plain_text","text":"Ask"},"blocks":[]})").as_object();
    const auto opened = slack.run(slack.api().open_view("1.2.forged", modal, slack.soon()));
    REQUIRE(opened.has_error());
    CHECK(opened.error().fault == ApiFault::expired);
}

TEST_CASE("a file is uploaded into a thread", "[web_api]") {
    WebApiFixture slack;
    const std::string root = slack.server().say(slack.user, slack.channel, "revenue?");
    FileUpload file;
    file.filename = "result.csv";
    file.title = "Result";
    file.content = "region;revenue\nEMEA;1\n\xE2\x82\xAC;2\n";
    file.channel = slack.channel;
    file.thread_ts = root;
    const auto shared = slack.run(slack.api().upload_file(file, slack.soon()));
    INFO((shared.has_error() ? shared.error().to_string() : ""));
    REQUIRE(shared.has_value());
    CHECK(slack.server().file_content(shared->id) == file.content);
    CHECK_FALSE(shared->permalink.empty());
    CHECK(slack.until([&] { return slack.server().thread(slack.channel, root).size() == 2; }));

    const auto replies = slack.run(slack.api().conversation_replies(slack.channel, root, 10, slack.soon()));
    REQUIRE(replies.has_value());
    REQUIRE(replies->size() == 2);
    CHECK(replies->at(0).files.empty());
    REQUIRE(replies->at(1).files.size() == 1);
    CHECK(replies->at(1).files[0].id == shared->id);
    CHECK(replies->at(1).files[0].name == "result.csv");
    CHECK(replies->at(1).files[0].permalink == shared->permalink);
}

TEST_CASE("a file without a permalink is looked up once, and one that never appeared is told", "[web_api]") {
    test::WebApiFixture slack;
    slack::FileUpload file;
    file.filename = "a.csv";
    file.content = "a,b";
    file.channel = slack.channel;
    slack.server().faults().lost_uploads = 1;
    slack.server().faults().no_permalinks = true;
    const auto lost = slack.run(slack.api().upload_file(file, slack.soon()));
    REQUIRE(lost);
    CHECK_FALSE(lost->id.empty());
    CHECK(lost->permalink.empty());
    CHECK(slack.server().calls_of("files.info").size() == 1);
    const auto info = slack.run(slack.api().file_info(lost->id, slack.soon()));
    REQUIRE(info);
    CHECK(info->shares.empty());

    slack.server().faults().no_permalinks = false;
    const auto shared = slack.run(slack.api().upload_file(file, slack.soon()));
    REQUIRE(shared);
    CHECK_FALSE(shared->permalink.empty());
    CHECK(slack.server().calls_of("files.info").size() == 2);
    const auto found = slack.run(slack.api().file_info(shared->id, slack.soon()));
    REQUIRE(found);
    REQUIRE(found->shares.size() == 1);
    CHECK(found->shares[0].channel == slack.channel);
}

TEST_CASE("a reply to a message that is gone tells that it stands elsewhere", "[web_api]") {
    sandbox::SlackOptions options;
    options.replies_may_stray = true;
    test::WebApiFixture slack(options);
    const std::string root = slack.server().say(slack.user, slack.channel, "x");
    auto reply = slack.message("answer");
    reply.thread_ts = root;
    const auto threaded = slack.run(slack.api().post_message(reply, slack.soon()));
    REQUIRE(threaded);
    CHECK(threaded->shown);
    CHECK(threaded->thread_ts == root);
    slack.run(slack.api().delete_message(slack.channel, threaded->ts, slack.soon()));
    slack.server().remove(slack.channel, root);
    const auto stray = slack.run(slack.api().post_message(reply, slack.soon()));
    REQUIRE(stray);
    CHECK(stray->shown);
    CHECK(stray->thread_ts.empty());
}

TEST_CASE("users.info tells a stranger, a colleague of the organisation and a guest", "[web_api]") {
    sandbox::SlackOptions options;
    options.enterprise_id = "E1";
    test::WebApiFixture slack(options);
    sandbox::SlackUser person;
    person.id = "U2OTHER";
    person.team_id = "T2OTHER";
    slack.server().add_user(person);
    person.id = "U3SISTER";
    person.team_id = "T3";
    person.enterprise_id = "E1";
    person.is_single_channel_guest = true;
    person.locale = "de-DE";
    slack.server().add_user(person);
    const auto stranger = slack.run(slack.api().user_info("U2OTHER", slack.soon()));
    REQUIRE(stranger);
    CHECK(stranger->is_stranger);
    CHECK(stranger->team == "T2OTHER");
    CHECK(stranger->enterprise.empty());
    const auto sister = slack.run(slack.api().user_info("U3SISTER", slack.soon()));
    REQUIRE(sister);
    CHECK_FALSE(sister->is_stranger);
    CHECK(sister->enterprise == "E1");
    CHECK(sister->is_guest);
    CHECK(sister->locale == "de-DE");
}

}  // namespace web_api_calls_test

#include "app/relay/visits.hpp"

#include "app/answer/actions.hpp"
#include "tests/catch.hpp"

namespace visits_test {

using namespace genie_slack;
using relay::Visit;
using relay::visit_of;

const relay::Self kSelf{"T1", "U0BOT", "B1", ""};

slack::BlockActions press_by(const char* team) {
    slack::BlockActions actions;
    actions.team = team;
    actions.enterprise = "E1";
    actions.user = "U1";
    actions.channel = "C1";
    return actions;
}

TEST_CASE("who came is told with our team, whichever the payload names", "[visits]") {
    const Visit ours = visit_of(press_by("T1"), kSelf);
    CHECK(ours.team == "T1");
    CHECK(ours.enterprise == "E1");
    CHECK(ours.user_team.empty());
    // Where it names none it can only be ours.
    CHECK(visit_of(press_by(""), kSelf).team == "T1");
    // An org-wide installation is named by its organisation.
    CHECK(visit_of(press_by("E1"), kSelf).team == "E1");
    // In a channel shared with others it may be the team of whoever acts.
    const Visit theirs = visit_of(press_by("T2"), kSelf);
    CHECK(theirs.team == "T1");
    CHECK(theirs.user_team == "T2");
    CHECK(theirs.enterprise.empty());
    slack::BlockActions guest = press_by("T2");
    guest.user_team = "T3";
    CHECK(visit_of(guest, kSelf).user_team == "T3");
}

TEST_CASE("the Home tab stands in the direct message that its view names", "[visits]") {
    slack::BlockActions home = press_by("T1");
    home.channel.clear();
    CHECK(visit_of(home, kSelf).is_im);
    home.view["private_metadata"] = "D1";
    CHECK(visit_of(home, kSelf).channel == "D1");
    CHECK(visit_of(home, kSelf).is_im);
    home.view["private_metadata"] = "C1";
    CHECK_FALSE(visit_of(home, kSelf).is_im);
}

TEST_CASE("a form of the message shortcut is sent from its message's channel", "[visits]") {
    slack::ViewSubmission form;
    form.team = "T1";
    form.user = "U1";
    form.private_metadata = answer::shortcut_metadata({"C7", "1.2", "1.1"});
    CHECK(visit_of(form, kSelf).channel == "C7");
    CHECK_FALSE(visit_of(form, kSelf).is_im);
    // That of a rating names a turn: it is sent by the person alone.
    form.private_metadata = "0dea1c0e-turn";
    CHECK(visit_of(form, kSelf).channel.empty());
    CHECK(visit_of(form, kSelf).is_im);
}

TEST_CASE("an event tells whether its channel is another organisation's, too", "[visits]") {
    slack::Event event;
    event.team = "T1";
    event.ext_shared_channel = true;
    slack::MessageEvent message;
    message.user = "U1";
    message.user_team = "T2";
    message.channel = "C1";
    const Visit visit = visit_of(event, message, kSelf);
    CHECK(visit.is_ext_shared == true);
    CHECK(visit.user_team == "T2");
    CHECK_FALSE(visit.is_im);
    // Of a stored question nobody knows it.
    storage::Turn turn;
    turn.thread = storage::ThreadKey("T1", "C1", "1.1");
    turn.user = "U1";
    CHECK_FALSE(visit_of(turn).is_ext_shared);
    CHECK_FALSE(visit_of(turn).is_im);
    turn.channel_type = "im";
    CHECK(visit_of(turn).is_im);
}

}  // namespace visits_test

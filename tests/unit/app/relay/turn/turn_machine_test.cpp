// The life of a question as its machine decides it, in invented time: every state, every failure, every crash point.
// Long because all of its cases share one world.
#include "app/relay/turn/turn_machine.hpp"
#include "app/answer/message/failure.hpp"
#include "app/relay/delivery/refusal_codes.hpp"
#include "app/relay/turn_facts.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace turn_machine_test {

using namespace genie_slack;
using namespace std::chrono_literals;
using relay::TurnAction;
using relay::TurnEvent;
using relay::TurnMachine;
using storage::TurnState;
namespace act = relay::turn_action;
namespace ev = relay::turn_event;

const WallTime kNow = WallTime(std::chrono::hours(500'000));

storage::Turn question() {
    storage::Turn turn;
    turn.id = "turn-1";
    turn.thread = storage::ThreadKey("T1", "C1", "100.1");
    turn.question_ts = turn.message_ts = "100.1";
    turn.user = "U1";
    turn.question = "revenue?";
    turn.attempts = turn.tries = 1;
    return turn;
}

genie::GenieError genie_error(genie::GenieFault kind) {
    return genie::GenieError(kind, "told by the test");
}

// What the outside world remembers of one question, however many machines work on it.
struct World {
    storage::Turn recorded = question();
    bool is_final = false;
    int asked = 0;     // POSTs that Genie took
    int messages = 0;  // of ours in Slack
    int files = 0;
    std::string kept_conversation;  // of the thread
    int further = 0;                // messages below the answer, in which its text goes on
    bool answer_is_seen = false;
    bool failure_is_seen = false;
    std::vector<std::string> log;

    // What this question meets.
    bool leaves_out_data = false;
    bool moves_message = false;
    bool text_goes_on = false;
    bool only_in_file = false;
    bool must_choose = false;
    genie::MessageStatus status = genie::MessageStatus::completed;

    std::string stand(const storage::Turn& turn) {
        if (turn.progress_ts.empty() && (messages == 0 || turn.attempts <= 1))
            ++messages;
        return "200.1";
    }
    TurnEvent perform(const storage::Turn& turn, const TurnAction& action);
};

TurnEvent World::perform(const storage::Turn& turn, const TurnAction& action) {
    log.push_back(relay::name_of(action));
    struct Performer {
        World& world;
        const storage::Turn& turn;
        TurnEvent operator()(const act::CheckGate&) { return ev::GateAnswered(); }
        TurnEvent operator()(const act::OpenPlace&) { return ev::PlaceOpened{"D1"}; }
        TurnEvent operator()(const act::FindExamples&) { return ev::ExamplesFound{{"revenue by month?"}}; }
        TurnEvent operator()(const act::DecideSpace&) {
            if (world.must_choose)
                return ev::SpaceUndecided{true, ""};
            return ev::SpaceDecided{"space-1", "Sales", ""};
        }
        TurnEvent operator()(const act::ShowSign&) {
            if (!turn.progress_ts.empty())
                return ev::Done();
            return ev::SignShown{world.stand(turn)};
        }
        TurnEvent operator()(const act::NamePeople&) { return ev::PeopleNamed{"revenue of A colleague?"}; }
        TurnEvent operator()(const act::Pause&) { return ev::Done(); }
        TurnEvent operator()(const act::WaitForSlot&) { return ev::SlotHad(); }
        TurnEvent operator()(const act::Record&) {
            world.recorded = turn;
            return ev::Recorded();
        }
        TurnEvent operator()(const act::Ask&) {
            ++world.asked;
            return asked();
        }
        TurnEvent operator()(const act::Find&) {
            if (world.asked == 0)
                return ev::NotAsked();
            return asked();
        }
        TurnEvent operator()(const act::Await&) {
            ev::Answered answered;
            answered.status = world.status;
            answered.failure.failure = answer::Failure::genie_failed;
            return answered;
        }
        TurnEvent operator()(const act::ReadResult&) { return ev::ResultRead{true, false}; }
        TurnEvent operator()(const act::Deliver& deliver) {
            world.answer_is_seen = world.answer_is_seen || deliver.says == act::Says::answer;
            world.failure_is_seen = world.failure_is_seen || deliver.says == act::Says::failure;
            std::string ts = world.stand(turn);
            return ev::Delivered{world.moves_message ? "300.1" : ts, world.leaves_out_data, world.text_goes_on,
                                 world.only_in_file && deliver.says == act::Says::answer};
        }
        TurnEvent operator()(const act::GoOn&) {
            world.further = 1;  // those that are there already are found
            return ev::TextWentOn{true};
        }
        TurnEvent operator()(const act::ShareFile&) {
            world.files = 1;  // one that is there already is found by whoever had the turn before
            return ev::FileShared{true};
        }
        TurnEvent operator()(const act::Finish&) {
            world.recorded = turn;
            world.is_final = true;
            return ev::Recorded();
        }
        TurnEvent operator()(const act::TakeOverMessage&) { return ev::MessageTakenOver{"50.1", "", ""}; }
        TurnEvent operator()(const act::KeepSpace&) { return ev::Recorded(); }
        TurnEvent operator()(const act::KeepConversation&) {
            world.kept_conversation = turn.conversation_id;
            return ev::Recorded();
        }
        TurnEvent operator()(const act::PauseAsking&) { return ev::Done(); }
        TurnEvent operator()(const act::Announce&) { return ev::Done(); }
        TurnEvent operator()(const act::Tell&) { return ev::Done(); }
        TurnEvent operator()(const act::TellPrivately&) { return ev::Done(); }
        TurnEvent operator()(const act::CancelQuery&) { return ev::Done(); }
        TurnEvent operator()(const act::EndProgress&) { return ev::Done(); }
        TurnEvent operator()(const act::RemoveMessage&) { return ev::Done(); }
        TurnEvent operator()(const act::Bury&) { return ev::Done(); }
        TurnEvent operator()(const act::Release&) { return ev::Done(); }
        TurnEvent operator()(const act::Leave&) { return ev::Done(); }

        TurnEvent asked() {
            ev::Asked event;
            event.question.conversation_id = "conversation-1";
            event.question.message_id = "message-1";
            event.question.new_conversation = true;
            return event;
        }
    };
    return std::visit(Performer{*this, turn}, action);
}

using Meddler = std::function<void(std::size_t step, TurnMachine&, const TurnAction&, std::optional<TurnEvent>&)>;

// Runs one machine to its Leave; `meddle` may stop it or put another outcome in the place of the world's.
act::Leaving run(World& world, const Meddler& meddle = {}, relay::TurnRules rules = {}) {
    TurnMachine machine(world.recorded, rules);
    TurnAction action = machine.resume(ev::Claimed(), kNow);
    for (std::size_t step = 0; step < 400; ++step) {
        if (const auto* leave = std::get_if<act::Leave>(&action))
            return leave->how;
        std::optional<TurnEvent> event;
        if (meddle)
            meddle(step, machine, action, event);
        if (!event)
            event = world.perform(machine.turn(), action);
        action = machine.resume(*event, kNow);
    }
    FAIL("the machine does not come to an end");
    return act::Leaving::lost;
}

template <class Action>
Meddler answer_with(TurnEvent event, int times = 1) {
    return [event, left = times](std::size_t, TurnMachine&, const TurnAction& action,
                                 std::optional<TurnEvent>& outcome) mutable {
        if (std::holds_alternative<Action>(action) && left-- > 0)
            outcome = event;
    };
}

// What a dead process leaves: the recorded state, and one claim more.
void claim_again(World& world) {
    ++world.recorded.attempts;
    ++world.recorded.tries;
}

std::vector<World> worlds() {
    World plain;
    World with_file;
    with_file.leaves_out_data = true;
    World moved = with_file;
    moved.moves_message = true;
    World is_long = moved;
    is_long.text_goes_on = true;
    World is_private;
    is_private.recorded.audience = storage::Audience::person;
    World edited;
    edited.recorded.replaces = "turn-0";
    World failing;
    failing.status = genie::MessageStatus::failed;
    return {plain, with_file, moved, is_long, is_private, edited, failing};
}

std::size_t count(const World& world, const std::string& name) {
    return static_cast<std::size_t>(std::count(world.log.begin(), world.log.end(), name));
}

TEST_CASE("a question goes from its gate to the recorded answer", "[turn]") {
    World world;
    CHECK(run(world) == act::Leaving::ended);
    const std::vector<std::string> steps = {
        "check gate", "decide space", "keep space", "show sign",         "record", "check gate",  "wait for slot",
        "record",     "ask",          "record",     "keep conversation", "await",  "read result", "record",
        "check gate", "deliver",      "finish"};
    CHECK(world.log == steps);
    CHECK(world.recorded.state == TurnState::delivered);
    CHECK(world.recorded.conversation_id == "conversation-1");
    CHECK(world.recorded.asked_at == kNow);
    CHECK(world.recorded.finished_at == kNow);
}

TEST_CASE("what is about to be posted is recorded before", "[turn]") {
    World world;
    run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>&) {
        if (std::holds_alternative<act::Ask>(action))
            CHECK(world.recorded.state == TurnState::asking);
        if (std::holds_alternative<act::Await>(action))
            CHECK(world.recorded.message_id == "message-1");
        if (const auto* deliver = std::get_if<act::Deliver>(&action); deliver && deliver->says == act::Says::answer)
            CHECK(world.recorded.state == TurnState::answered);
    });
    CHECK(world.is_final);
}

TEST_CASE("from every crash point another process brings the question to its one end", "[turn]") {
    for (const World& origin : worlds()) {
        // A crash before an action, and after it when nobody learned its outcome.
        for (const bool after : {false, true}) {
            std::size_t steps = 60;
            for (std::size_t crash = 0; crash < steps; ++crash) {
                World world = origin;
                struct Crash {};
                bool has_crashed = false;
                try {
                    run(world, [&](std::size_t step, TurnMachine& machine, const TurnAction& action,
                                   std::optional<TurnEvent>&) {
                        if (step != crash)
                            return;
                        if (after)
                            world.perform(machine.turn(), action);
                        throw Crash();
                    });
                } catch (const Crash&) {
                    has_crashed = true;
                }
                if (!has_crashed) {
                    steps = crash;
                    break;
                }
                INFO("crash " << (after ? "after" : "before") << " step " << crash << ", "
                              << (world.log.empty() ? "" : world.log.back()));
                if (!world.is_final) {
                    claim_again(world);
                    CHECK(run(world) == act::Leaving::ended);
                }
                CHECK(world.is_final);
                CHECK(world.asked == 1);
                CHECK(world.kept_conversation == "conversation-1");
                CHECK(world.messages <= 1);
                CHECK((world.answer_is_seen || world.failure_is_seen));
                CHECK(world.files == (origin.leaves_out_data ? 1 : 0));
                CHECK(world.further == (origin.text_goes_on ? 1 : 0));
            }
        }
    }
}

TEST_CASE("a thread whose conversation cannot be read or kept waits for storage, rather than begin another one",
          "[turn]") {
    World unread;
    CHECK(run(unread, answer_with<act::DecideSpace>(ev::StorageAway())) == act::Leaving::lost);
    CHECK(unread.asked == 0);
    World edition;
    edition.recorded.replaces = "turn-0";
    CHECK(run(edition, answer_with<act::TakeOverMessage>(ev::StorageAway())) == act::Leaving::lost);
    CHECK(edition.messages == 0);
    // The message of the edition before would say for ever that it is worked on.
    World stopped_edition;
    stopped_edition.recorded.replaces = "turn-0";
    stopped_edition.recorded.stopped_by = "U2";
    CHECK(run(stopped_edition, answer_with<act::TakeOverMessage>(ev::StorageAway())) == act::Leaving::lost);
    World without_space;
    CHECK(run(without_space, answer_with<act::KeepSpace>(ev::NotRecorded())) == act::Leaving::lost);
    CHECK(without_space.asked == 0);
    World without_conversation;
    CHECK(run(without_conversation, answer_with<act::KeepConversation>(ev::NotRecorded())) == act::Leaving::lost);
    CHECK_FALSE(without_conversation.answer_is_seen);
    claim_again(without_conversation);
    CHECK(run(without_conversation) == act::Leaving::ended);
    CHECK(without_conversation.kept_conversation == "conversation-1");
    CHECK(without_conversation.answer_is_seen);
    // What storage refuses today it refuses tomorrow.
    World refused;
    CHECK(run(refused, answer_with<act::KeepConversation>(ev::Done())) == act::Leaving::ended);
    CHECK(refused.answer_is_seen);
}

TEST_CASE("a lost lease or a cut-off call ends the work at every step, with nothing more done", "[turn]") {
    for (const World& origin : worlds())
        for (const TurnEvent& end : {TurnEvent(ev::LeaseLost()), TurnEvent(ev::Cancelled())})
            for (std::size_t at = 0; at < 40; ++at) {
                World world = origin;
                std::size_t log_size = 0;
                bool was_cut = false;
                const auto how = run(
                    world, [&](std::size_t step, TurnMachine&, const TurnAction&, std::optional<TurnEvent>& outcome) {
                        if (step == at) {
                            outcome = end;
                            was_cut = true;
                            log_size = world.log.size();
                        }
                    });
                if (!was_cut)
                    break;
                CHECK(how == act::Leaving::lost);
                CHECK(world.log.size() == log_size);
            }
}

TEST_CASE("a stop ends the question at every step before the answer is there", "[turn]") {
    for (const std::string& by :
         {std::string("U1"), std::string(relay::kStoppedByEdit), std::string(relay::kStoppedByDeletion)}) {
        for (std::size_t at = 0; at < 20; ++at) {
            World world;
            bool was_answered = false;
            run(world, [&](std::size_t step, TurnMachine& machine, const TurnAction& action,
                           std::optional<TurnEvent>& outcome) {
                was_answered = was_answered || std::holds_alternative<act::ReadResult>(action);
                if (step != at)
                    return;
                machine.want_stop(by);
                const bool waits =
                    std::holds_alternative<act::WaitForSlot>(action) || std::holds_alternative<act::Await>(action);
                if (waits)
                    outcome = ev::StopWanted();
            });
            INFO(by << " at step " << at);
            CHECK(world.is_final);
            const bool came_late = was_answered;
            CHECK(world.answer_is_seen == came_late);
            CHECK(world.recorded.state == (came_late ? TurnState::delivered : TurnState::failed));
            CHECK(count(world, "remove message") == (!came_late && by == relay::kStoppedByDeletion ? 1u : 0u));
            CHECK(count(world, "deliver") == (came_late || by == "U1" ? 1u : 0u));
        }
    }
}

TEST_CASE("a stop that was recorded before is found by whoever takes the turn over", "[turn]") {
    World world;
    world.recorded.state = TurnState::awaiting_space;
    world.recorded.stopped_by = "U1";
    CHECK(run(world) == act::Leaving::ended);
    CHECK(world.recorded.failure == "stopped");
    CHECK(world.asked == 0);
}

TEST_CASE("whoever may not ask is told privately before the sign, in the message after it", "[turn]") {
    ev::GateAnswered refused;
    refused.refusal = relay::Refusal::guest;
    SECTION("at the first gate") {
        World world;
        run(world, answer_with<act::CheckGate>(refused));
        CHECK(count(world, "tell") == 1);
        CHECK(world.messages == 0);
        CHECK(world.recorded.failure == "refused:guest");
    }
    SECTION("at the second gate") {
        World world;
        run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>& outcome) {
            if (std::holds_alternative<act::CheckGate>(action) && world.messages > 0)
                outcome = refused;
            if (const auto* deliver = std::get_if<act::Deliver>(&action))
                CHECK(deliver->says == act::Says::refusal);
        });
        CHECK(count(world, "deliver") == 1);
        CHECK(count(world, "tell") == 0);
        CHECK(world.asked == 0);
    }
}

TEST_CASE("the second gate has more patience than those before the first sign and before the answer", "[turn]") {
    World world;
    std::vector<Duration> patience;
    run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>&) {
        if (const auto* gate = std::get_if<act::CheckGate>(&action))
            patience.push_back(gate->patience);
    });
    REQUIRE(patience.size() == 3);
    CHECK(patience[0] < 1s);
    CHECK(patience[2] < 1s);
    CHECK(patience[1] > patience[0]);
    CHECK(patience[1] > patience[2]);
}

TEST_CASE("a private question that ends before its place is recorded says so there, not in the thread", "[turn]") {
    for (const bool stops : {true, false}) {
        World world;
        world.recorded.audience = storage::Audience::person;
        world.recorded.attempts = 2;
        world.recorded.tries = stops ? 2 : 100;
        world.recorded.stopped_by = stops ? "U1" : "";
        run(world);
        CHECK(world.is_final);
        CHECK(world.recorded.answer_channel == "D1");
        const auto opened = std::find(world.log.begin(), world.log.end(), "open place");
        CHECK(opened < std::find(world.log.begin(), world.log.end(), "deliver"));
        CHECK(count(world, "deliver") == 1);
    }
}

TEST_CASE("a person who has to choose a space is left with a picker, and the turn is given back", "[turn]") {
    World world;
    world.must_choose = true;
    CHECK(run(world) == act::Leaving::waiting);
    CHECK(world.recorded.state == TurnState::awaiting_space);
    CHECK(count(world, "release") == 1);
    CHECK(world.messages == 1);
    // The choice makes the turn received again.
    world.must_choose = false;
    world.recorded.state = TurnState::received;
    claim_again(world);
    CHECK(run(world) == act::Leaving::ended);
    CHECK(world.messages == 1);
    CHECK(world.answer_is_seen);
}

// Slack may be slow to tell who it is.
TEST_CASE("whoever may not ask is offered no space either", "[turn]") {
    World world;
    world.must_choose = true;
    int gates = 0;
    run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>& outcome) {
        ev::GateAnswered refused;
        refused.refusal = relay::Refusal::guest;
        if (std::holds_alternative<act::CheckGate>(action) && ++gates > 1)
            outcome = refused;
    });
    CHECK(world.recorded.failure == "refused:guest");
    CHECK(count(world, "deliver") == 0);
}

TEST_CASE("without any space the person is told so", "[turn]") {
    World world;
    run(world, answer_with<act::DecideSpace>(ev::SpaceUndecided{false, ""}));
    CHECK(world.recorded.failure == answer::to_string(answer::Failure::no_spaces));
}

TEST_CASE("where the spaces have to be asked for first, the sign comes before", "[turn]") {
    World world;
    relay::TurnRules rules;
    rules.spaces_are_known = false;
    run(world, {}, rules);
    const auto sign = std::find(world.log.begin(), world.log.end(), "show sign");
    const auto space = std::find(world.log.begin(), world.log.end(), "decide space");
    CHECK(sign < space);
    CHECK(world.messages == 1);
    CHECK(world.answer_is_seen);
}

TEST_CASE("an empty question is answered with examples", "[turn]") {
    World world;
    world.recorded.question.clear();
    run(world, [](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>&) {
        if (const auto* deliver = std::get_if<act::Deliver>(&action))
            CHECK(deliver->failure.suggested_questions == std::vector<std::string>{"revenue by month?"});
    });
    CHECK(world.recorded.failure == answer::to_string(answer::Failure::empty_question));
    CHECK(world.asked == 0);
}

TEST_CASE("a channel that takes nothing from the bot ends the question with a direct message", "[turn]") {
    using slack::ApiFault;
    for (const ApiFault fault : {ApiFault::auth, ApiFault::not_permitted, ApiFault::payload, ApiFault::rate,
                                 ApiFault::transient, ApiFault::ambiguous, ApiFault::streaming, ApiFault::expired}) {
        World world;
        run(world, answer_with<act::ShowSign>(ev::SlackFailed{fault, "told_by_the_test"}));
        CHECK(world.is_final);
        const bool is_closed = fault == ApiFault::not_permitted;
        CHECK(count(world, "tell privately") == (is_closed ? 1u : 0u));
        CHECK(world.asked == (is_closed ? 0 : 1));
        CHECK(world.answer_is_seen == !is_closed);
    }
}

TEST_CASE("a thread that is gone from Slack ends the question quietly, whatever was to be shown there", "[turn]") {
    const ev::SlackFailed gone{slack::ApiFault::not_permitted, relay::kQuestionGone};
    SECTION("before it is asked") {
        World world;
        run(world, answer_with<act::ShowSign>(gone));
        CHECK(world.asked == 0);
        CHECK(world.recorded.failure == "deleted");
        CHECK(count(world, "tell privately") == 0);
    }
    SECTION("when the answer is there") {
        World world;
        run(world, answer_with<act::Deliver>(gone));
        CHECK(count(world, "deliver") == 0);
        CHECK(world.recorded.failure == "deleted");
    }
}

TEST_CASE("what was asked for in a new conversation is looked for there after a crash", "[turn]") {
    World world;
    struct Crash {};
    const auto die_after_asking = [&](std::size_t, TurnMachine& machine, const TurnAction& action,
                                      std::optional<TurnEvent>& outcome) {
        if (std::holds_alternative<act::DecideSpace>(action))
            outcome = ev::SpaceDecided{"space-1", "Sales", "conversation-0"};
        if (!std::holds_alternative<act::Ask>(action))
            return;
        REQUIRE(machine.turn().conversation_id == "conversation-0");
        machine.ask_again("", kNow + 5s);
        world.recorded = machine.turn();  // as Asking does before it posts
        world.perform(machine.turn(), action);
        throw Crash();
    };
    CHECK_THROWS_AS(run(world, die_after_asking), Crash);
    REQUIRE(world.asked == 1);

    claim_again(world);
    const auto how =
        run(world, [&](std::size_t, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>&) {
            if (!std::holds_alternative<act::Find>(action))
                return;
            CHECK(machine.turn().conversation_id.empty());
            CHECK(machine.turn().asked_at == kNow + 5s);
        });
    CHECK(how == act::Leaving::ended);
    CHECK(count(world, "find") == 1);
    CHECK(world.asked == 1);
    CHECK(world.recorded.conversation_id == "conversation-1");
    CHECK(world.answer_is_seen);
}

TEST_CASE("where the bot may not write any more, no shorter answer is asked for", "[turn]") {
    const ev::SlackFailed closed{slack::ApiFault::not_permitted, "is_archived"};
    World world;
    run(world, answer_with<act::Deliver>(closed));
    CHECK_FALSE(world.failure_is_seen);
    CHECK(count(world, "tell privately") == 1);
    CHECK(world.recorded.state == TurnState::failed);
    CHECK(world.recorded.failure == answer::to_string(answer::Failure::cannot_deliver));
}

TEST_CASE("an answer that Slack takes in no form ends in a failure message, then in a direct message", "[turn]") {
    const ev::SlackFailed refused{slack::ApiFault::payload, "invalid_blocks"};
    SECTION("the failure message is taken") {
        World world;
        run(world, answer_with<act::Deliver>(refused));
        CHECK(world.failure_is_seen);
        CHECK(world.recorded.failure == answer::to_string(answer::Failure::cannot_deliver));
        CHECK(count(world, "tell privately") == 0);
    }
    SECTION("nothing is taken") {
        World world;
        run(world, answer_with<act::Deliver>(refused, 2));
        CHECK(count(world, "tell privately") == 1);
        CHECK(world.recorded.state == TurnState::failed);
    }
}

struct GenieEnd {
    genie::GenieFault fault;
    answer::Failure failure;
};
// How a question ends to which Genie says so, wherever it does. A rate limit ends none that is being asked.
constexpr GenieEnd kGenieEnds[] = {
    {genie::GenieFault::auth, answer::Failure::genie_auth},
    {genie::GenieFault::permission, answer::Failure::genie_permission},
    {genie::GenieFault::not_found, answer::Failure::genie_not_found},
    {genie::GenieFault::unavailable, answer::Failure::genie_unreachable},
    {genie::GenieFault::ambiguous, answer::Failure::outcome_unknown},
    {genie::GenieFault::timeout, answer::Failure::genie_timeout},
    {genie::GenieFault::configuration, answer::Failure::genie_configuration},
    {genie::GenieFault::invalid, answer::Failure::genie_failed},
    {genie::GenieFault::result_expired, answer::Failure::genie_failed},
    {genie::GenieFault::query_failed, answer::Failure::genie_failed},
    {genie::GenieFault::rate_limited, answer::Failure::genie_rate_limited},
};

void check_one_message(const World& world, answer::Failure failure) {
    CHECK(world.is_final);
    CHECK(count(world, "deliver") == 1);
    CHECK(count(world, "tell privately") == 0);
    CHECK(world.messages == 1);
    CHECK(world.failure_is_seen);
    CHECK_FALSE(world.answer_is_seen);
    CHECK(world.recorded.state == TurnState::failed);
    CHECK(world.recorded.failure == answer::to_string(failure));
}

TEST_CASE("every error of Genie when asked ends in one message, and a rate limit in another try", "[turn]") {
    using genie::GenieFault;
    for (const GenieEnd& end : kGenieEnds) {
        if (end.fault == GenieFault::rate_limited)
            continue;
        INFO(genie::to_string(end.fault));
        World world;
        run(world, answer_with<act::Ask>(ev::GenieFailed{genie_error(end.fault)}));
        check_one_message(world, end.failure);
    }
    World limited;
    run(limited, answer_with<act::Ask>(ev::GenieFailed{genie_error(GenieFault::rate_limited)}));
    CHECK(limited.is_final);
    CHECK(count(limited, "pause asking") == 1);
    CHECK(count(limited, "wait for slot") == 2);
    CHECK(limited.answer_is_seen);
}

TEST_CASE("every error of Genie while waiting, looking or listing spaces ends in one message", "[turn]") {
    for (const GenieEnd& end : kGenieEnds) {
        INFO(genie::to_string(end.fault));
        const TurnEvent failed = ev::GenieFailed{genie_error(end.fault)};
        // Genie has the question, or may have it.
        const bool is_auth = end.failure == answer::Failure::genie_auth;
        const auto after_asking = is_auth ? answer::Failure::genie_auth_lost : end.failure;
        World waiting;
        run(waiting, answer_with<act::Await>(failed));
        check_one_message(waiting, after_asking);
        World looking;
        looking.recorded.state = TurnState::asking;
        run(looking, answer_with<act::Find>(failed));
        check_one_message(looking, after_asking);
        CHECK(looking.asked == 0);
        World listing;
        run(listing, answer_with<act::DecideSpace>(failed));
        const bool is_away = end.fault == genie::GenieFault::unavailable;
        check_one_message(listing, is_away ? answer::Failure::spaces_unreachable : end.failure);
        CHECK(listing.asked == 0);
    }
}

TEST_CASE("a question whose turn does not come in time says so", "[turn]") {
    World world;
    run(world, answer_with<act::WaitForSlot>(ev::NoSlotInTime()));
    CHECK(world.recorded.failure == answer::to_string(answer::Failure::genie_rate_limited));
    CHECK(world.asked == 0);
}

TEST_CASE("who winds down posts nothing more and gives the turn back", "[turn]") {
    World world;
    const auto how =
        run(world, [](std::size_t, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>&) {
            if (std::holds_alternative<act::WaitForSlot>(action))
                machine.wind_down();
        });
    CHECK(how == act::Leaving::given_back);
    CHECK(world.asked == 0);
    CHECK(count(world, "release") == 1);
    CHECK_FALSE(world.is_final);
}

TEST_CASE("storage that stays away leaves the turn to whoever claims it later", "[turn]") {
    for (int record = 1; record <= 4; ++record) {
        World world;
        int seen = 0;
        const auto how =
            run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>& outcome) {
                if (std::holds_alternative<act::Record>(action) && ++seen == record)
                    outcome = ev::NotRecorded();
            });
        CHECK(how == act::Leaving::lost);
        CHECK_FALSE(world.is_final);
        claim_again(world);
        CHECK(run(world) == act::Leaving::ended);
        CHECK(world.asked == 1);
        CHECK(world.messages == 1);
    }
}

TEST_CASE("a private answer has a place of its own, and the thread learns of it once", "[turn]") {
    World world;
    world.recorded.audience = storage::Audience::person;
    run(world);
    CHECK(count(world, "open place") == 1);
    CHECK(world.recorded.answer_channel == "D1");
    CHECK(count(world, "tell") == 1);
    CHECK(count(world, "announce") == 1);
    SECTION("without a direct message nothing is asked") {
        World closed;
        closed.recorded.audience = storage::Audience::person;
        run(closed, answer_with<act::OpenPlace>(ev::SlackFailed{slack::ApiFault::not_permitted, "cannot_dm_bot"}));
        CHECK(closed.asked == 0);
        CHECK(count(closed, "tell") == 1);
        CHECK(closed.recorded.state == TurnState::failed);
    }
}

TEST_CASE("a result that the message cannot show whole follows as a file", "[turn]") {
    World world;
    world.leaves_out_data = true;
    world.moves_message = true;
    bool knew_place = false;
    run(world, [&](std::size_t, TurnMachine&, const TurnAction& action, std::optional<TurnEvent>&) {
        if (std::holds_alternative<act::ShareFile>(action))
            knew_place = world.recorded.progress_ts == "300.1";
    });
    CHECK(world.files == 1);
    CHECK(knew_place);
    SECTION("a file that did not arrive is said") {
        World without;
        without.leaves_out_data = true;
        run(without, answer_with<act::ShareFile>(ev::FileShared{false}));
        CHECK(count(without, "tell") == 1);
        CHECK(without.recorded.state == TurnState::delivered);
    }
}

TEST_CASE("a question that Genie fails since its conversation is busy is asked again when it is idle", "[turn]") {
    ev::Answered busy;
    busy.status = genie::MessageStatus::failed;
    busy.failure.failure = answer::Failure::genie_failed;
    busy.failure.error_type = "BLOCK_MULTIPLE_EXECUTIONS_EXCEPTION";
    SECTION("the answer comes in the end") {
        World world;
        std::vector<Duration> pauses;
        auto meddle = answer_with<act::Await>(busy, 3);
        run(world,
            [&](std::size_t step, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>& outcome) {
                if (const auto* pause = std::get_if<act::Pause>(&action))
                    pauses.push_back(pause->duration);
                meddle(step, machine, action, outcome);
            });
        CHECK(world.answer_is_seen);
        CHECK_FALSE(world.failure_is_seen);
        CHECK(pauses == std::vector<Duration>{4s, 8s, 12s});
    }
    SECTION("not for ever") {
        World world;
        run(world, answer_with<act::Await>(busy, 1'000));
        CHECK(world.failure_is_seen);
        CHECK(world.asked == 21);
    }
    SECTION("not beyond the question's time") {
        World world;
        auto meddle = answer_with<act::Await>(busy, 1'000);
        run(world,
            [&](std::size_t step, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>& outcome) {
                meddle(step, machine, action, outcome);
                if (std::holds_alternative<act::Pause>(action))
                    outcome = ev::NoSlotInTime();
            });
        CHECK(world.recorded.failure == answer::to_string(answer::Failure::genie_timeout));
    }
}

TEST_CASE("people who are named by their ids get their names before Genie is asked", "[turn]") {
    World world;
    world.recorded.question = "revenue of @U05ANA1?";
    run(world, [&](std::size_t, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>&) {
        if (std::holds_alternative<act::Ask>(action))
            CHECK(machine.turn().question == "revenue of A colleague?");
    });
    CHECK(count(world, "name people") == 1);
    CHECK(world.recorded.question == "revenue of A colleague?");
}

TEST_CASE("a long row of deaths at one point is a question that is given up", "[turn]") {
    World world;
    world.recorded.tries = 26;
    CHECK(run(world) == act::Leaving::ended);
    CHECK(count(world, "bury") == 1);
    CHECK(world.recorded.failure == answer::to_string(answer::Failure::internal));
    CHECK(world.asked == 0);
}

TEST_CASE("the end of the process is told to the person, unless the answer stands", "[turn]") {
    storage::Turn turn = question();
    TurnMachine waiting(turn, {});
    waiting.resume(ev::Claimed(), kNow);
    const TurnAction told = waiting.interrupt(kNow);
    REQUIRE(std::holds_alternative<act::Deliver>(told));
    CHECK(std::get<act::Deliver>(told).failure.failure == answer::Failure::interrupted);

    World world;
    TurnMachine answered(world.recorded, {});
    TurnAction action = answered.resume(ev::Claimed(), kNow);
    while (!std::holds_alternative<act::Finish>(action))
        action = answered.resume(world.perform(answered.turn(), action), kNow);
    const TurnAction finished = answered.interrupt(kNow);
    REQUIRE(std::holds_alternative<act::Finish>(finished));
    CHECK(std::get<act::Finish>(finished).as == act::Finish::As::delivered);
}

TEST_CASE("a text that has no room in the message goes on below it, and the person is told when it cannot", "[turn]") {
    World world;
    world.text_goes_on = true;
    SECTION("whole") {
        run(world);
        CHECK(count(world, "tell") == 0);
    }
    SECTION("not whole") {
        run(world, answer_with<act::GoOn>(ev::TextWentOn{false}));
        CHECK(count(world, "tell") == 1);
    }
    CHECK(world.is_final);
    CHECK(world.recorded.state == TurnState::delivered);
}

TEST_CASE("an answer that stands in a file alone is none without that file", "[turn]") {
    World world;
    world.text_goes_on = world.only_in_file = world.leaves_out_data = true;
    SECTION("with it") {
        run(world);
        CHECK(world.recorded.state == TurnState::delivered);
        CHECK_FALSE(world.failure_is_seen);
        CHECK(world.files == 1);
    }
    SECTION("without it") {
        run(world, answer_with<act::GoOn>(ev::TextWentOn{false}));
        CHECK(world.recorded.state == TurnState::failed);
        CHECK(world.recorded.failure == answer::to_string(answer::Failure::cannot_deliver));
        CHECK(world.failure_is_seen);
        CHECK(world.files == 0);
        CHECK(count(world, "tell") == 0);
    }
    CHECK(world.is_final);
}

TEST_CASE("the first sign lands at any moment, and its message becomes the answer", "[turn]") {
    for (std::size_t lands = 0; lands < 12; ++lands) {
        World world;
        run(world,
            [&](std::size_t step, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>& out) {
                if (std::holds_alternative<act::ShowSign>(action))
                    out = ev::Done();
                if (step == lands)
                    machine.sign_stands("200.1");
            });
        INFO("at step " << lands);
        CHECK(world.recorded.progress_ts == "200.1");
        CHECK(world.asked == 1);
        CHECK(world.answer_is_seen);
    }
}

TEST_CASE("a place that refuses the first sign ends the question before its answer, whenever that is known", "[turn]") {
    const char* const code = GENERATE("not_in_channel", relay::kQuestionGone);
    for (std::size_t at = 0; at < 6; ++at) {
        World world;
        run(world,
            [&](std::size_t step, TurnMachine& machine, const TurnAction& action, std::optional<TurnEvent>& out) {
                if (std::holds_alternative<act::ShowSign>(action))
                    out = ev::Done();
                if (step == at)
                    machine.sign_refused(code);
                if (std::holds_alternative<act::Await>(action) && machine.is_stop_wanted())
                    out = ev::StopWanted();
            });
        INFO(code << " at step " << at);
        CHECK_FALSE(world.answer_is_seen);
        CHECK(world.is_final);
        const bool is_gone = std::string(code) == relay::kQuestionGone;
        CHECK(count(world, "tell privately") == (is_gone ? 0u : 1u));
        CHECK(world.recorded.failure == (is_gone ? "deleted" : answer::to_string(answer::Failure::cannot_deliver)));
    }
}

}  // namespace turn_machine_test

#include "app/relay/routes.hpp"

#include "app/answer/actions.hpp"
#include "app/relay/features/features.hpp"

#include <algorithm>
#include <variant>

namespace genie_slack::relay {

namespace routes_detail {

using F = Features;
using slack::Event;
using Match = ActionRoute::Match;

template <class Body>
bool is(const slack::EventBody& body) {
    return std::holds_alternative<Body>(body);
}

template <class Body>
const Body& in(const Event& event) {
    return std::get<Body>(event.body);
}

Handled done() {
    co_return slack::Ack::plain();
}

bool drop_message(F& features, const Event& event) {
    const auto& message = in<slack::MessageEvent>(event);
    if (!features.intake.drop(event, message))
        return false;
    features.mentions.see(message);
    return true;
}

Handled take_message(F& features, const Event& event) {
    const auto& message = in<slack::MessageEvent>(event);
    features.mentions.see(message);
    const auto stopped = co_await features.stop.written(event, message);
    if (stopped)
        co_return *stopped;
    const auto chosen = co_await features.space_choice.written(event, message);
    if (chosen)
        co_return *chosen;
    co_return co_await features.intake.take(event, message);
}

using slack::AgentSessionStopped;
using slack::AppContextChanged;
using slack::AppHomeOpened;
using slack::AssistantThreadStarted;
using slack::ChannelShared;
using slack::MemberJoinedChannel;
using slack::MessageChanged;
using slack::MessageDeleted;
using slack::MessageEvent;
using slack::ReactionChanged;

constexpr EventRoute kEvents[] = {
    {"MessageEvent", is<MessageEvent>, take_message,
     [](F& f, const Event& e) { f.welcome.written(e, in<MessageEvent>(e)); }, drop_message},
    {"MessageChanged", is<MessageChanged>,
     [](F& f, const Event& e) { return f.edit.edited(e, in<MessageChanged>(e)); }},
    {"MessageDeleted", is<MessageDeleted>,
     [](F& f, const Event& e) { return f.deletion.deleted(e, in<MessageDeleted>(e)); }},
    {"ReactionChanged", is<ReactionChanged>,
     [](F& f, const Event& e) { return f.rating.react(e, in<ReactionChanged>(e)); }},
    {"AgentSessionStopped", is<AgentSessionStopped>,
     [](F& f, const Event& e) { return f.stop.session_stopped(e, in<AgentSessionStopped>(e)); }},
    {"AppHomeOpened", is<AppHomeOpened>, [](F& f, const Event& e) { return f.home.opened(e, in<AppHomeOpened>(e)); },
     [](F& f, const Event& e) { f.welcome.opened(e, in<AppHomeOpened>(e)); }},
    {"AssistantThreadStarted", is<AssistantThreadStarted>, [](F&, const Event&) { return done(); },
     [](F& f, const Event& e) { f.welcome.started(e, in<AssistantThreadStarted>(e)); }},
    {"AppContextChanged", is<AppContextChanged>, [](F&, const Event&) { return done(); },
     [](F& f, const Event& e) { f.welcome.looked(e, in<AppContextChanged>(e)); }},
    {"ChannelShared", is<ChannelShared>,
     [](F& f, const Event& e) {
         f.gate.note_shared(in<ChannelShared>(e).channel, in<ChannelShared>(e).is_shared);
         return done();
     }},
    {"MemberJoinedChannel", is<MemberJoinedChannel>, [](F&, const Event&) { return done(); },
     [](F& f, const Event& e) { f.welcome.joined(e, in<MemberJoinedChannel>(e)); }},
};

constexpr ActionRoute kActions[] = {
    {answer::kFollowUpAction, Match::numbered, Door::guarded, [](F& f, const Press& p) { return f.follow_up.ask(p); }},
    {answer::kAnswerLineAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.left_alone.press(p); }},
    {answer::kAskAgainAction, Match::whole, Door::guarded_for_known,
     [](F& f, const Press& p) { return f.follow_up.ask_again(p); }},
    {answer::kSqlAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.answer_actions.press_sql(p); }},
    {answer::kChartAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.answer_actions.press_chart(p); }},
    {answer::kViewAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.answer_actions.press_chart(p); }},
    {answer::kMoreAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.answer_actions.press_more(p); }},
    {answer::kShareAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.answer_actions.press_share(p); }},
    {answer::kRatingAction, Match::whole, Door::guarded_for_members,
     [](F& f, const Press& p) { return f.rating.press(p); }},
    {answer::kRateUpAction, Match::whole, Door::guarded_for_members,
     [](F& f, const Press& p) { return f.rating.press(p); }},
    {answer::kRateDownAction, Match::whole, Door::guarded_for_members,
     [](F& f, const Press& p) { return f.rating.press(p); }},
    {answer::kStopAction, Match::whole, Door::guarded_for_members,
     [](F& f, const Press& p) { return f.stop.press(p); }},
    {answer::kSpaceAction, Match::whole, Door::guarded_for_known,
     [](F& f, const Press& p) { return f.space_choice.press(p); }},
    // The box counts when the space is chosen.
    {answer::kRememberAction, Match::whole, Door::open, [](F&, const Press&) { return done(); }},
    {answer::kKeepSpaceAction, Match::whole, Door::open, [](F& f, const Press& p) { return f.space_choice.keep(p); }},
    {answer::kUseSpaceAction, Match::numbered, Door::guarded,
     [](F& f, const Press& p) { return f.command.take_offer(p); }},
    {answer::kHomeAskAction, Match::numbered, Door::guarded, [](F& f, const Press& p) { return f.home.ask(p); }},
    {answer::kHomeSpaceAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.home.set_space(p, p.action.value); }},
    {answer::kHomeNoSpaceAction, Match::whole, Door::guarded,
     [](F& f, const Press& p) { return f.home.set_space(p, ""); }},
};

constexpr CommandRoute kCommands[] = {
    {"/genie",
     [](const slack::SlashCommand& c) { return shows_data(c.text) ? Door::guarded : Door::guarded_for_members; },
     [](F& f, const slack::SlashCommand& c, const Visit& v) { return f.command.run(c, v); }},
};

constexpr ShortcutRoute kShortcuts[] = {
    {answer::kAskShortcut, [](F& f, const slack::Shortcut& s, const Visit& v) { return f.shortcut.use(s, v); }},
};

constexpr SubmissionRoute kSubmissions[] = {
    {answer::kAskShortcut, answer::kQuestionInput, Door::guarded,
     [](F& f, const slack::ViewSubmission& s, const Visit& v) { return f.shortcut.submit(s, v); }},
    {answer::kRatingView, answer::kRatingCommentBlock, Door::guarded_for_members,
     [](F& f, const slack::ViewSubmission& s, const Visit& v) { return f.rating.submit(s, v); }},
};

constexpr SuggestionRoute kSuggestions[] = {
    {answer::kSpaceAction, [](F& f, const slack::BlockSuggestion& s) { return f.space_choice.suggest(s); }},
    {answer::kHomeSpaceAction, [](F& f, const slack::BlockSuggestion& s) { return f.space_choice.suggest(s); }},
};

template <class Route, class Fits>
const Route* find(std::span<const Route> all, Fits fits) {
    const auto found = std::find_if(all.begin(), all.end(), fits);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace routes_detail

const Routes& routes() {
    using namespace routes_detail;
    static const Routes kRoutes{kEvents, kActions, kCommands, kShortcuts, kSubmissions, kSuggestions};
    return kRoutes;
}

const EventRoute* route_of(const slack::EventBody& body) {
    return routes_detail::find(routes().events, [&](const EventRoute& route) { return route.is(body); });
}

const ActionRoute* route_of(const slack::Action& action) {
    return routes_detail::find(routes().actions, [&](const ActionRoute& route) {
        return route.match == ActionRoute::Match::numbered ? answer::is_numbered(action.action_id, route.action_id)
                                                           : action.action_id == route.action_id;
    });
}

const ShortcutRoute* route_of(const slack::Shortcut& shortcut) {
    return routes_detail::find(routes().shortcuts,
                               [&](const ShortcutRoute& route) { return route.callback_id == shortcut.callback_id; });
}

const SubmissionRoute* route_of(const slack::ViewSubmission& submission) {
    return routes_detail::find(routes().submissions, [&](const SubmissionRoute& route) {
        return route.callback_id == submission.callback_id;
    });
}

const SuggestionRoute* route_of(const slack::BlockSuggestion& suggestion) {
    return routes_detail::find(routes().suggestions,
                               [&](const SuggestionRoute& route) { return route.action_id == suggestion.action_id; });
}

}  // namespace genie_slack::relay

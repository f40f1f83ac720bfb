// Everything that people can do with the bot, one member for each, and what these share.
#pragma once

#include "app/relay/features/answer_actions.hpp"
#include "app/relay/features/command.hpp"
#include "app/relay/features/deletion.hpp"
#include "app/relay/features/edit.hpp"
#include "app/relay/features/follow_up.hpp"
#include "app/relay/features/home.hpp"
#include "app/relay/features/left_alone.hpp"
#include "app/relay/features/rating.hpp"
#include "app/relay/features/shortcut.hpp"
#include "app/relay/features/space_choice.hpp"
#include "app/relay/features/spoken_press.hpp"
#include "app/relay/features/stop.hpp"
#include "app/relay/features/welcome.hpp"
#include "app/relay/help.hpp"
#include "app/relay/intake.hpp"
#include "app/relay/lanes.hpp"
#include "app/relay/notes.hpp"
#include "core/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace genie_slack::relay {

struct Features {
    // All references must outlive it.
    Features(boost::asio::any_io_executor executor, Services services, Directory directory, TurnRunner& runner,
             const Self& self, const RelayOptions& options)
        : gate(directory.gate),
          background(executor, "relay"),
          notes(services.slack, background),
          lanes(executor, services.storage, runner, options),
          help(services.slack, directory, self, options),
          mentions(self),
          intake(services.slack, services.storage, directory.people, directory.gate, notes, lanes, help, mentions,
                 background, self, options),
          follow_up(services.storage, directory.people, intake, notes, options),
          left_alone(services, directory.people, intake, notes, options),
          command(services, directory, intake, background, self, options),
          shortcut(services, directory.people, intake, notes, background, self, options),
          home(services, directory, intake, background, self, options),
          welcome(services, directory, background, self, options),
          space_choice(services, directory, intake, lanes, notes, background, self, options),
          answer_actions(services, directory, runner, space_choice, notes, background, self, options),
          rating(services, directory, notes, background, self, options),
          spoken_press(services.storage, directory.people, runner, answer_actions, rating, follow_up, notes, self,
                       options),
          stop(services.storage, directory.people, runner, lanes, notes, mentions, self, options),
          edit(services.storage, directory.people, stop, intake, notes, self, options),
          deletion(services.storage, stop, self, options) {
        intake.when_spoken([this](storage::Turn turn, Visit visit, bool is_told_twice) {
            return spoken_press.take(std::move(turn), std::move(visit), is_told_twice);
        });
        lanes.when_looking([this] { background.spawn("ratings", rating.pass_on_elsewhere()); });
    }
    // What looks calls this very object.
    Features(const Features&) = delete;
    Features& operator=(const Features&) = delete;

    Gate& gate;
    TaskGroup background;  // work that shutdown cuts off
    Notes notes;
    Lanes lanes;
    Help help;
    MentionEvents mentions;
    Intake intake;
    FollowUp follow_up;
    LeftAlone left_alone;
    Command command;
    Shortcut shortcut;
    Home home;
    Welcome welcome;
    SpaceChoice space_choice;
    AnswerActions answer_actions;
    Rating rating;
    SpokenPress spoken_press;
    Stop stop;
    Edit edit;
    Deletion deletion;
};

}  // namespace genie_slack::relay

// A guest, and a stranger of a partner organisation: they do what members do, and get nothing.
#pragma once

#include "tests/e2e/chaos/people.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace genie_slack::test {

class Outsiders {
 public:
    // What their questions begin with.
    static constexpr const char* kMark = "Outsider ";

    // Both must outlive this.
    Outsiders(ChaosWorld& chaos, People& people);

    // One random thing.
    void act();
    bool is_one(const std::string& user) const;
    std::string plan() const { return plan_; }
    // A line for everything that is not as promised.
    std::vector<std::string> problems();

 private:
    struct Said {
        std::string channel;
        std::string ts;
    };
    // What they alone ever saw, whatever became of it.
    struct Seen {
        std::map<std::string, std::string> owners;  // of the direct messages
        std::vector<boost::json::object> changes;

        void remember(const boost::json::object& change);
    };

    void ask();
    void reply();
    void ask_directly();
    void change_words();
    void look_around();
    void use_menus();
    void react();
    void say(const std::string& channel, const std::string& text, const std::string& thread);

    void check_seen();
    void check_rows();
    void expect(bool holds, const std::string& problem);

    std::string next_question();
    std::vector<std::string> channels_of(const std::string& user) const;
    void note(const std::string& what) { plan_ += what + "\n"; }

    ChaosWorld& chaos_;
    People& people_;
    std::string plan_;
    Presses presses_;
    std::vector<std::string> users_;
    std::string user_;  // who acts now
    std::map<std::string, std::vector<Said>> said_;
    std::shared_ptr<Seen> seen_;  // the world's listener outlives this
    std::vector<std::string> problems_;
    int questions_ = 0;
};

}  // namespace genie_slack::test

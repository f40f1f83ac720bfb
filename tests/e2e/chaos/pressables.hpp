// What people can press, choose or tick in the blocks of a message or a view, each as Slack sends it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace genie_slack::test {

struct Pressable {
    boost::json::object action;
    std::string action_id;
    std::string value;
};

// `searched`: what a searchable list offers, which the blocks do not tell.
std::vector<Pressable> pressables_in(const boost::json::array& blocks, const std::vector<std::string>& searched);

}  // namespace genie_slack::test

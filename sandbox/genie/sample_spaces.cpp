#include "sandbox/genie/sample_spaces.hpp"

#include "core/random.hpp"
#include "sandbox/genie/question_book.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace sample_spaces_detail {

std::string stable_id(const std::string& name) {
    std::string id = name_uuid("genie-slack sandbox: " + name);
    std::erase(id, '-');
    return "01f0" + id.substr(4);
}

}  // namespace sample_spaces_detail

std::vector<SpaceInfo> make_spaces(int count) {
    const std::vector<BookSpace>& built_in = question_book().spaces;
    std::vector<SpaceInfo> spaces;
    for (std::size_t index = 0; index < static_cast<std::size_t>(std::max(count, 1)); ++index) {
        const BookSpace& from = built_in[index % built_in.size()];
        SpaceInfo space;
        space.key = from.key;
        space.title = from.title;
        space.description = from.description;
        space.tables = from.tables;
        space.sample_questions = from.samples;
        if (index >= built_in.size())
            space.title += " " + std::to_string(index / built_in.size() + 1);
        space.id = sample_spaces_detail::stable_id(space.title);
        spaces.push_back(std::move(space));
    }
    return spaces;
}

std::string serialized_space(const SpaceInfo& space) {
    boost::json::array questions;
    for (const std::string& question : space.sample_questions) {
        boost::json::object entry;
        entry["id"] = sample_spaces_detail::stable_id(space.id + question);
        entry["question"] = boost::json::array{boost::json::string(question)};
        questions.push_back(std::move(entry));
    }
    std::sort(questions.begin(), questions.end(), [](const boost::json::value& a, const boost::json::value& b) {
        return a.at("id").as_string() < b.at("id").as_string();
    });
    boost::json::array tables;
    for (const std::string& table : space.tables) {
        boost::json::object entry;
        entry["identifier"] = "workspace." + table;
        tables.push_back(std::move(entry));
    }
    boost::json::object document;
    document["version"] = 2;
    document["config"].emplace_object()["sample_questions"] = std::move(questions);
    document["data_sources"].emplace_object()["tables"] = std::move(tables);
    return boost::json::serialize(document);
}

}  // namespace genie_slack::sandbox::databricks

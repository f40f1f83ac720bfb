#include "sandbox/genie/spaces.hpp"

#include "core/random.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace spaces_detail {

std::string stable_id(const std::string& name) {
    std::string id = name_uuid("genie-slack sandbox: " + name);
    std::erase(id, '-');
    return "01f0" + id.substr(4);
}

SpaceInfo built_in(int index) {
    SpaceInfo space;
    switch (index) {
        case 0:
            space.key = "sales";
            space.title = "Sales";
            space.description =
                "Orders, revenue and customers of a coffee and tea wholesaler (local sample data, 2024-2025).";
            space.tables = {"sales.customers", "sales.order_lines", "sales.orders", "sales.products"};
            space.sample_questions = {"What was our revenue by region last quarter?",
                                      "Top 5 customers by revenue in 2025", "How did monthly revenue develop in 2025?",
                                      "What is the average order value by segment?"};
            break;
        case 1:
            space.key = "operations";
            space.title = "Operations";
            space.description =
                "Support tickets, stock and notes of the same wholesaler (local sample data, 2024-2025).";
            space.tables = {"operations.notes", "operations.stock", "operations.tickets"};
            space.sample_questions = {"How many tickets were opened by category in 2025?",
                                      "Show the open urgent tickets", "Average satisfaction by support agent",
                                      "Which products are low on stock?"};
            break;
        default:
            space.key = "people";
            space.title = "People";
            space.description = "Employees, hiring and absences of the same wholesaler (local sample data, 2024-2025).";
            space.tables = {"people.absences", "people.employees"};
            space.sample_questions = {"Headcount by department", "How many people did we hire per quarter in 2025?",
                                      "Average salary by level", "Absence days by month last year"};
            break;
    }
    return space;
}

}  // namespace spaces_detail

std::vector<SpaceInfo> make_spaces(int count) {
    std::vector<SpaceInfo> spaces;
    for (int index = 0; index < std::max(count, 1); ++index) {
        SpaceInfo space = spaces_detail::built_in(index % 3);
        if (index >= 3)
            space.title += " " + std::to_string(index / 3 + 1);
        space.id = spaces_detail::stable_id(space.title);
        spaces.push_back(std::move(space));
    }
    return spaces;
}

std::string serialized_space(const SpaceInfo& space) {
    boost::json::array questions;
    for (const std::string& question : space.sample_questions) {
        boost::json::object entry;
        entry["id"] = spaces_detail::stable_id(space.id + question);
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

#include "tests/unit/app/answer/answer_examples.hpp"

namespace genie_slack::test {

using answer::AnswerInput;

genie::Column column(const std::string& name, const std::string& type) {
    genie::Column out;
    out.name = name;
    out.type_name = type;
    return out;
}

AnswerInput revenue() {
    AnswerInput input;
    input.turn_id = "turn-1";
    input.space_title = "Sales & Stock";
    input.question = "Revenue by region?";
    input.parts.texts = {"**EMEA** leads with *1.2 million*.\n\nSee [the report](https://x.test/r)."};
    genie::Attachment& query = input.parts.query.emplace();
    query.title = "Revenue by region";
    query.description = "Sums revenue per region.";
    query.sql = "SELECT region, sum(revenue) AS revenue\nFROM sales\nWHERE y > 2020\nGROUP BY region\n";
    input.parts.suggested_questions = {"And by month?", "Which region grew most?"};
    genie::ResultTable& table = input.table.emplace();
    table.columns = {column("region", "STRING"), column("revenue", "DECIMAL"), column("since", "DATE")};
    table.rows = {
        {"EMEA", "1234567.50", "2021-03-01"}, {"<!channel> | `APAC`", "3.336E5", std::nullopt}, {"", "0", ""}};
    table.total_rows = 3;
    input.conversation_url = "https://dbx.test/genie/rooms/1?o=2";
    return input;
}

AnswerInput only_text(const std::string& markdown) {
    AnswerInput input;
    input.turn_id = "turn-1";
    input.space_title = "Sales";
    input.parts.texts = {markdown};
    return input;
}

AnswerInput only_table(std::vector<genie::Column> columns, std::vector<std::vector<std::optional<std::string>>> rows) {
    AnswerInput input = only_text("Here it is.");
    genie::Attachment& query = input.parts.query.emplace();
    query.title = "Numbers";
    query.sql = "SELECT 1";
    genie::ResultTable& table = input.table.emplace();
    table.columns = std::move(columns);
    table.rows = std::move(rows);
    table.total_rows = static_cast<std::int64_t>(table.rows.size());
    return input;
}

AnswerInput customers(int rows) {
    std::vector<std::vector<std::optional<std::string>>> all;
    for (int i = 1; i <= rows; ++i)
        all.push_back({"customer " + std::to_string(i), std::to_string(i * 7919 % 100'000)});
    AnswerInput input = only_table({column("customer", "STRING"), column("orders", "INT")}, std::move(all));
    input.parts.query->title = "Orders by customer";
    input.chart = "none";
    return input;
}

AnswerInput revenue_by_month() {
    AnswerInput input =
        only_table({column("month", "DATE"), column("EMEA_usd", "DECIMAL"), column("APAC_usd", "DECIMAL")},
                   {{"2025-01-01", "1200.5", "800"},
                    {"2025-02-01", "1350", "790.25"},
                    {"2025-03-01", "1280.75", "910"},
                    {"2025-04-01", "1502", "1004.5"}});
    input.parts.query->title = "Revenue by month";
    return input;
}

AnswerInput revenue_by_product() {
    AnswerInput input =
        only_table({column("product", "STRING"), column("revenue", "LONG")},
                   {{"Tea", "120500"}, {"Coffee", "98000"}, {"Cocoa & milk", "45210"}, {"Juice", "-300"}});
    input.parts.query->title = "Revenue by product";
    return input;
}

AnswerInput share_by_channel() {
    AnswerInput input = only_table({column("channel", "STRING"), column("share", "DOUBLE")},
                                   {{"Web", "0.52"}, {"Shop", "0.3"}, {"Phone", "0.18"}});
    input.parts.query->title = "Share of orders by channel";
    return input;
}

}  // namespace genie_slack::test

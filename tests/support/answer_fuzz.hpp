// Random questions, answers and results of the nasty kinds that Genie and data can be.
#pragma once

#include "app/answer/message/answer.hpp"
#include "app/answer/message/failure.hpp"
#include "app/answer/view/sql_view.hpp"
#include "core/random.hpp"

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>

namespace genie_slack::test {

class AnswerFuzz {
 public:
    explicit AnswerFuzz(std::uint64_t seed) : random_(seed) {}

    std::size_t number(std::size_t low, std::size_t high) { return random_.between(low, high); }
    bool one_in(std::size_t n) { return number(1, n) == 1; }
    template <class T, std::size_t size>
    const T& one_of(const T (&items)[size]) {
        return items[number(0, size - 1)];
    }

    std::string text(std::size_t longest) {
        static const char* const kPieces[] = {"revenue ",
                                              "a",
                                              "&",
                                              "<!channel>",
                                              "<@U1>",
                                              "<#C1>",
                                              "```",
                                              "`",
                                              "*bold* ",
                                              "**x**",
                                              "|",
                                              "\"q\"",
                                              "'",
                                              "\n",
                                              "\n\n",
                                              "\r\n",
                                              "\t",
                                              "# Head\n",
                                              "- item\n",
                                              "1. one\n",
                                              "| a | b |\n|---|---|\n| 1 | 2 |\n",
                                              "שלום",
                                              "数据分析",
                                              "\xF0\x9F\x91\x8D",
                                              "\xE2\x80\xAE",
                                              "e\xCC\x81",
                                              "&amp;",
                                              "[l](https://x.test/a|b>c)",
                                              "~~~\ncode\n~~~\n",
                                              "> quote\n",
                                              "–",
                                              "\\",
                                              "<b>html</b>",
                                              "1234567.89",
                                              "$",
                                              " ",
                                              "___",
                                              "***",
                                              "\x01",
                                              "\xFF",
                                              ",",
                                              ";",
                                              "=1+1",
                                              "@",
                                              "![i](https://x.test/i.png)",
                                              "<https://x.test|y>"};
        std::string out;
        for (std::size_t length = one_in(4) ? number(0, longest) : number(0, longest / 20); out.size() < length;)
            out += one_in(30) ? std::string(number(1, 300), 'w') : one_of(kPieces);
        return out;
    }

    std::optional<std::string> cell(std::size_t longest) {
        if (one_in(8))
            return std::nullopt;
        if (one_in(8))
            return "";
        if (one_in(3))
            return std::to_string(number(0, 1'000'000'000)) + (one_in(2) ? ".5E" + std::to_string(number(0, 60)) : "");
        if (one_in(9))
            return one_of(kSpecial);
        return text(longest);
    }

    genie::ResultTable table(std::size_t columns, std::size_t rows, std::size_t longest) {
        static const char* const kTypes[] = {"STRING",    "INT",     "DECIMAL", "DOUBLE", "DATE",
                                             "TIMESTAMP", "BOOLEAN", "",        "STRUCT"};
        genie::ResultTable table;
        for (std::size_t i = 0; i < columns; ++i) {
            genie::Column column;
            column.name = one_in(3) ? std::string(one_of(kNames)) : text(200);
            column.type_name = one_of(kTypes);
            table.columns.push_back(column);
        }
        for (std::size_t i = 0; i < rows; ++i) {
            auto& row = table.rows.emplace_back();
            for (std::size_t column = 0; column < columns + (one_in(20) ? 1 : 0); ++column)
                row.push_back(cell(longest));
        }
        table.total_rows = static_cast<std::int64_t>(one_in(2) ? rows : number(0, 1'000'000'000'000));
        table.truncated = one_in(3);
        return table;
    }

    genie::ResultTable table() {
        if (one_in(3))
            return tidy_table();
        return table(number(0, one_in(3) ? 60 : 6), number(0, one_in(3) ? 250 : 25), one_in(3) ? 5'000 : 40);
    }

    // Months or names and numbers, of the kind that becomes a chart.
    genie::ResultTable tidy_table() {
        const bool months = one_in(2);
        genie::ResultTable table;
        table.columns.resize(number(2, 8));
        table.columns[0].name = months ? "month" : "customer";
        table.columns[0].type_name = months ? "DATE" : "STRING";
        for (std::size_t i = 1; i < table.columns.size(); ++i) {
            table.columns[i].name = one_of(kNames) + (one_in(2) ? std::to_string(i) : text(60));
            table.columns[i].type_name = one_in(2) ? "DOUBLE" : "LONG";
        }
        for (std::size_t i = number(1, 40), n = 0; n < i; ++n) {
            auto& row = table.rows.emplace_back();
            const std::string month = std::to_string(n % 12 + 101).substr(1);
            row.emplace_back(months ? std::to_string(2000 + n / 12) + "-" + month + "-01"
                                    : text(60) + std::to_string(n));
            for (std::size_t column = 1; column < table.columns.size(); ++column)
                row.emplace_back((one_in(9) ? "-" : "") + std::to_string(number(0, 99'999)));
        }
        table.total_rows = static_cast<std::int64_t>(table.rows.size());
        return table;
    }

    answer::AnswerInput answer() {
        static const char* const kWishes[] = {"", "", "none", "line", "bar", "area", "pie", "round"};
        answer::AnswerInput input;
        input.language = one_in(2) ? words::Language::english : words::Language::german;
        input.turn_id = one_in(9) ? "" : "8c7ff2f1-0000-5000-8000-000000000000";
        input.space_title = text(400);
        input.question = text(3'000);
        for (std::size_t i = number(0, 3); i > 0; --i)
            input.parts.texts.push_back(text(one_in(5) ? 100'000 : 4'000));
        if (one_in(4))
            input.parts.clarification = text(4'000);
        if (!one_in(4)) {
            genie::Attachment& query = input.parts.query.emplace();
            query.title = text(500);
            query.description = text(3'000);
            query.sql = text(one_in(3) ? 50'000 : 1'000);
            for (std::size_t i = number(0, 4); i > 0; --i)
                query.parameters.push_back({text(300), "STRING", text(3'000)});
        }
        for (std::size_t i = number(0, 30); i > 0; --i)
            input.parts.suggested_questions.push_back(text(one_in(4) ? 4'000 : 1'900));
        if (!one_in(3))
            input.table = table();
        if (one_in(3))
            input.result_note = text(2'000);
        if (!one_in(4))
            input.conversation_url = "https://x.test/genie?" + std::string(number(0, one_in(5) ? 2'000 : 100), 'u');
        if (one_in(2))
            input.identity = text(300);
        if (one_in(2))
            input.answered_at = WallTime(std::chrono::seconds(number(1, 4'000'000'000)));
        input.links_only = one_in(12);
        input.chart = one_of(kWishes);
        input.may_share = one_in(3);
        input.shares_at_root = one_in(2);
        input.full_result_below = one_in(2);
        return input;
    }

    answer::FailureInput failure() {
        static const char* const kTypes[] = {"SQL_EXECUTION_EXCEPTION",       "CONTENT_FILTER_EXCEPTION", "", "NEW_ONE",
                                             "WAREHOUSE_NOT_FOUND_EXCEPTION", "DESCRIBE_QUERY_TIMEOUT"};
        answer::FailureInput input;
        input.language = one_in(2) ? words::Language::english : words::Language::german;
        input.failure = static_cast<answer::Failure>(number(0, static_cast<std::size_t>(answer::Failure::internal)));
        input.error_type = one_of(kTypes);
        input.error_text = text(20'000);
        input.space_title = text(1'000);
        input.reference = text(500);
        for (std::size_t i = number(0, 30); i > 0; --i)
            input.suggested_questions.push_back(text(4'000));
        input.turn_id = "turn";
        return input;
    }

    answer::SqlViewInput sql_view() {
        answer::SqlViewInput input;
        input.language = one_in(2) ? words::Language::english : words::Language::german;
        input.title = text(500);
        input.description = text(one_in(3) ? 20'000 : 500);
        input.sql = text(one_in(3) ? 90'000 : 1'000);
        for (std::size_t i = number(0, one_in(3) ? 200 : 3); i > 0; --i)
            input.parameters.push_back({text(300), text(40), text(3'000)});
        if (one_in(2))
            input.rows = static_cast<std::int64_t>(number(0, 1'000'000'000));
        input.more_rows = one_in(2);
        input.space_title = text(400);
        input.conversation_url = "https://x.test/genie?" + std::string(number(0, 2'000), 'u');
        return input;
    }

 private:
    static constexpr const char* kSpecial[] = {"2025-01-31T10:00:00.000Z",
                                               "2025-01-31",
                                               "true",
                                               "NaN",
                                               "-Infinity",
                                               "12345678901234567890123456789012345678.1234567890",
                                               "1E-300",
                                               "-0.5",
                                               "0.25",
                                               "=HYPERLINK(\"x\")",
                                               "+49 170",
                                               "-",
                                               "'",
                                               "\r\n"};
    static constexpr const char* kNames[] = {"revenue_usd", "share",     "growth_pct", "order_id", "year",
                                             "created_at",  "is_active", "total",      "name",     "total"};
    Random random_;
};

}  // namespace genie_slack::test

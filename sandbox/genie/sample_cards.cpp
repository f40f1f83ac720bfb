#include "sandbox/genie/sample_cards.hpp"

#include "sandbox/genie/sqlite.hpp"

#include <algorithm>

namespace genie_slack::sandbox::databricks {

namespace sample_cards_detail {

struct Note {
    const char* author;
    const char* text;  // nullptr: NULL
    int stars;
    int approved;  // -1: NULL
};

// Everything that a message, a table or a file has to carry unchanged, and never to obey.
constexpr Note kNotes[] = {
    {"Customer 1001", "Great beans, quick delivery.", 5, 1},
    {"Customer 1002", "He said \"never again\" and 'really' meant it", 1, 1},
    {"Customer 1003", "a|b|c and a \\| backslash \\ too", 3, 0},
    {"Customer 1004", "<script>alert('hi')</script> <b>bold</b> &amp; &lt;", 2, 0},
    {"Customer 1005", "<!channel> <!here> @channel <@U0GENIE> <#C0GENERAL> <https://example.com|click>", 1, 0},
    {"Customer 1006", "*bold* _italic_ ~strike~ `code` ```fence``` > quote", 4, 1},
    {"Customer 1007", "# heading\n- item 1\n- item 2\n\n1. one", 4, 1},
    {"Customer 1008",
     "Tea \xF0\x9F\x8D\xB5 coffee \xE2\x98\x95 family "
     "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 flag \xF0\x9F\x87\xA9\xF0\x9F\x87\xAA "
     ":coffee:",
     5, 1},
    {"Customer 1009", "القهوة ممتازة والتوصيل سريع (3 أيام)", 5, 1},
    {"Customer 1010", "הקפה טעים מאוד", 4, 1},
    {"Customer 1011", "日本茶はとても美味しいです。また注文します。", 5, 1},
    {"Customer 1012", "Zażółć gęślą jaźń, Größe, naïve, Ελληνικά, Кофе", 4, 1},
    {"Customer 1013", "=SUM(A1:A9)", 2, 0},
    {"Customer 1014", "line one\nline two\r\nline three\ttab", 3, 1},
    {"Customer 1015", "  spaces before and after  ", 3, 1},
    {"Customer 1016", "", 3, -1},
    {"Customer 1017", nullptr, 0, -1},
    {"Customer 1018", "NULL", 3, 1},
    {"Customer 1019", "\xE2\x80\xAEright to left override\xE2\x80\xAC and a zero\xE2\x80\x8Bwidth space", 2, 0},
    {"Customer 1020", "https://example.com/a?b=c&d=e_f*g and mail@example.com", 3, 1},
    {"Customer 1021", "[text](https://example.com) ![image](https://example.com/x.png)", 3, 1},
    {"Customer 1022", "'; DROP TABLE notes; --", 1, 0},
};

constexpr const char* kTypesSql = R"sql(SELECT
  '9223372036854775807' AS big_integer,
  '-2147483648' AS integer,
  '12' AS small_integer,
  '-7' AS tiny_integer,
  '12345678901234567890123456.789012345678' AS decimal_38_12,
  '0.10' AS decimal_4_2,
  '3.336E8' AS double_big,
  '0.1' AS double_small,
  'NaN' AS double_nan,
  '-Infinity' AS double_infinite,
  '1.5' AS float_number,
  'true' AS boolean_true,
  'false' AS boolean_false,
  '2025-01-31' AS day,
  '2025-01-31T10:00:00.000Z' AS moment,
  '2025-01-31T10:00:00.123456' AS local_moment,
  '2 03:04:05.000000000' AS duration,
  'text' AS words,
  'SGVsbG8=' AS bytes,
  '["espresso","latte"]' AS list,
  '{"origin":"Brazil","roast":"dark"}' AS mapping,
  '{"name":"Harbour Blend","price":18.9}' AS record,
  '{"any":[1,null,"x"]}' AS variant,
  NULL AS null_only
UNION ALL SELECT
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)sql";

std::string month_start(int month) {
    return std::to_string(2024 + month / 12) + (month % 12 < 9 ? "-0" : "-") + std::to_string(month % 12 + 1) + "-01";
}

std::string wide_sql() {
    std::string sql = "SELECT\n  p.category AS category";
    for (int month = 0; month < 24; ++month)
        sql += ",\n  ROUND(SUM(CASE WHEN o.order_date >= '" + month_start(month) + "' AND o.order_date < '" +
               month_start(month + 1) + "' THEN l.amount ELSE 0 END), 2) AS `" + month_start(month).substr(0, 7) + "`";
    return sql +
           "\nFROM sales.orders o\nJOIN sales.order_lines l ON l.order_id = o.order_id\n"
           "JOIN sales.products p ON p.product_id = l.product_id\nWHERE o.status <> 'cancelled'\n"
           "GROUP BY p.category\nORDER BY p.category";
}

std::string long_report() {
    std::string text =
        "# A long report\n\nThis text is made to be too long for one message. It has **bold**, *italic* and `code`, "
        "lists, "
        "a table, links and quotes.\n\n| Part | Lines | Share |\n|:-----|------:|------:|\n| Opening | 12 | 10.5 % |\n"
        "| Middle | 80 | 79.0 % |\n| End | 12 | 10.5 % |\n\n> Long answers are rare, but they come.\n\n"
        "```sql\nSELECT region, SUM(total) FROM sales.orders GROUP BY region -- <not> a tag\n```\n";
    for (int chapter = 1; chapter <= 24; ++chapter) {
        text += "\n## Chapter " + std::to_string(chapter) + "\n\n";
        for (int sentence = 1; sentence <= 6; ++sentence)
            text += "In chapter " + std::to_string(chapter) + ", sentence " + std::to_string(sentence) +
                    " says that coffee & tea went < or > than before, see [the "
                    "source](https://example.com/report?chapter=" +
                    std::to_string(chapter) + "&part=" + std::to_string(sentence) + "). ";
        text += "\n\n- first point\n- second point with `inline code`\n  1. nested one\n  2. nested two\n";
    }
    return text + "\nThis is the last line of the long report.";
}

// One reading of five machines every quarter of an hour, from 1 December 2025 on; the sensor fails at times.
void fill_readings(Database& database) {
    constexpr std::int64_t kReadings = 12'480;
    constexpr const char* kMachines[] = {"Roaster A", "Roaster B", "Grinder", "Cooler \"North\"", "Packer | line 2"};
    Inserter readings(database, "samples.readings", 4);
    for (std::int64_t id = 1; id <= kReadings; ++id) {
        using Value = Inserter::Value;
        const std::int64_t quarter = (id - 1) / 5;
        const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
        const std::string at =
            "2025-12-" + two(1 + quarter / 96) + "T" + two(quarter / 4 % 24) + ":" + two(quarter % 4 * 15) + ":00.000Z";
        const double celsius = 60.0 + static_cast<double>(id % 5 * 35) + static_cast<double>(id * 37 % 211) / 10.0;
        readings.add({id, at, kMachines[id % 5], id % 97 == 0 ? Value(nullptr) : Value(celsius)});
    }
}

std::vector<SampleCard> make_cards() {
    std::vector<SampleCard> cards;
    {
        SampleCard card;
        card.id = "notes";
        card.question = "Show the customer notes";
        card.phrases = {"notes", "customer notes", "comments"};
        card.title = "Customer notes";
        card.sql = "SELECT note_id, author, note, stars, approved, written_at\nFROM samples.notes\nORDER BY note_id";
        card.types = {"BIGINT", "STRING", "STRING", "INT", "BOOLEAN", "TIMESTAMP"};
        card.text = "These notes hold quotes, markup, emoji and other scripts on purpose.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "types";
        card.question = "Show every data type";
        card.phrases = {"data types", "data type", "every type", "all types", "column types"};
        card.title = "One column of every type";
        card.sql = kTypesSql;
        card.types = {"BIGINT",
                      "INT",
                      "SMALLINT",
                      "TINYINT",
                      "DECIMAL(38,12)",
                      "DECIMAL(4,2)",
                      "DOUBLE",
                      "DOUBLE",
                      "DOUBLE",
                      "DOUBLE",
                      "FLOAT",
                      "BOOLEAN",
                      "BOOLEAN",
                      "DATE",
                      "TIMESTAMP",
                      "TIMESTAMP_NTZ",
                      "INTERVAL DAY TO SECOND",
                      "STRING",
                      "BINARY",
                      "ARRAY<STRING>",
                      "MAP<STRING, STRING>",
                      "STRUCT<name: STRING, price: DOUBLE>",
                      "VARIANT",
                      "VOID"};
        card.text = "One row with a value of every type, and one row of NULLs.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "wide";
        card.question = "Show revenue by category with one column per month";
        card.phrases = {"one column per month", "column per month", "wide table", "wide result", "pivot",
                        "months as columns"};
        card.title = "Revenue by category, one column per month";
        card.sql = wide_sql();
        card.types = {"STRING"};
        for (int month = 0; month < 24; ++month)
            card.types.push_back("DECIMAL(18,2)");
        card.text = "Each category has 24 columns, one for every month of 2024 and 2025.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "long_cell";
        card.question = "Show a very long text in a cell";
        card.phrases = {"long text", "very long text", "long cell", "long note"};
        card.title = "A long text in one cell";
        card.sql = "SELECT title, body, LENGTH(body) AS characters\nFROM samples.long_texts";
        card.types = {"STRING", "STRING", "BIGINT"};
        card.text = "The cell has more characters than a chat message may hold.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "report";
        card.question = "Write a long report";
        card.phrases = {"long report", "long answer", "report"};
        card.text = long_report();
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "empty";
        card.question = "Show the orders from Antarctica";
        card.phrases = {"antarctica", "nothing at all", "no rows", "zero rows", "empty result"};
        card.title = "Orders from Antarctica";
        card.sql =
            "SELECT o.order_id, c.name AS customer, o.order_date, o.total\nFROM sales.orders o\n"
            "JOIN sales.customers c ON c.customer_id = o.customer_id\nWHERE c.country = 'Antarctica'";
        card.types = {"BIGINT", "STRING", "DATE", "DECIMAL(18,2)"};
        card.text = "There are no orders from Antarctica.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "machines";
        card.question = "Show the highest temperature of each machine";
        card.phrases = {"highest temperature", "temperature of each machine", "temperature by machine"};
        card.title = "Highest temperature by machine";
        card.sql =
            "SELECT machine, MAX(celsius) AS max_celsius\nFROM samples.readings\nGROUP BY machine\nORDER BY machine";
        card.types = {"STRING", "DOUBLE"};
        card.text = "The names of the machines hold quotes and a pipe on purpose.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "readings";
        card.question = "Show every temperature reading";
        card.phrases = {
            "every temperature reading", "all temperature readings", "temperature readings", "readings", "many rows",
            "truncated result"};
        card.title = "Temperature readings";
        card.sql = "SELECT reading_id, read_at, machine, celsius\nFROM samples.readings\nORDER BY reading_id";
        card.types = {"BIGINT", "TIMESTAMP", "STRING", "DOUBLE"};
        card.text = "There are more readings than a result of Genie holds.";
        cards.push_back(std::move(card));
    }
    {
        SampleCard card;
        card.id = "readings_5000";
        card.question = "Show 5,000 temperature readings";
        card.phrases = {"5,000 temperature readings", "5000 temperature readings", "5,000 rows", "5000 rows"};
        card.title = "5,000 temperature readings";
        card.sql =
            "SELECT reading_id, read_at, machine, celsius\nFROM samples.readings\nORDER BY reading_id\nLIMIT 5000";
        card.types = {"BIGINT", "TIMESTAMP", "STRING", "DOUBLE"};
        card.text = "These are the first 5,000 readings.";
        cards.push_back(std::move(card));
    }
    return cards;
}

}  // namespace sample_cards_detail

const std::vector<SampleCard>& sample_cards() {
    static const std::vector<SampleCard> cards = sample_cards_detail::make_cards();
    return cards;
}

const SampleCard* find_sample_card(std::string_view id) {
    const auto& cards = sample_cards();
    const auto found = std::find_if(cards.begin(), cards.end(), [&](const SampleCard& card) { return card.id == id; });
    return found == cards.end() ? nullptr : &*found;
}

void fill_sample_cards(Database& database) {
    database.execute(
        "ATTACH ':memory:' AS samples;"
        "CREATE TABLE samples.notes(note_id INTEGER PRIMARY KEY, author TEXT, note TEXT, stars INTEGER, approved "
        "INTEGER,"
        " written_at TEXT);"
        "CREATE TABLE samples.long_texts(title TEXT, body TEXT);"
        "CREATE TABLE samples.readings(reading_id INTEGER PRIMARY KEY, read_at TEXT, machine TEXT, celsius REAL)");
    Inserter notes(database, "samples.notes", 6);
    std::int64_t id = 0;
    for (const sample_cards_detail::Note& note : sample_cards_detail::kNotes) {
        ++id;
        using Value = Inserter::Value;
        notes.add({id, std::string(note.author), note.text ? Value(std::string(note.text)) : Value(nullptr),
                   std::int64_t(note.stars), note.approved < 0 ? Value(nullptr) : Value(std::int64_t(note.approved)),
                   "2025-12-" + std::string(id < 10 ? "0" : "") + std::to_string(id) + "T08:30:00.000Z"});
    }
    std::string body;
    for (int sentence = 1; sentence <= 400; ++sentence)
        body += "Sentence " + std::to_string(sentence) + " of a very long text about coffee. ";
    Inserter texts(database, "samples.long_texts", 2);
    texts.add({std::string("Everything about coffee"), body});
    sample_cards_detail::fill_readings(database);
}

}  // namespace genie_slack::sandbox::databricks

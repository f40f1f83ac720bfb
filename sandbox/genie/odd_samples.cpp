#include "sandbox/genie/odd_samples.hpp"

#include "sandbox/genie/sqlite.hpp"

#include <string>

namespace genie_slack::sandbox::databricks {

namespace odd_samples_detail {

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

}  // namespace odd_samples_detail

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

void fill_odd_samples(Database& database) {
    database.execute(
        "ATTACH ':memory:' AS samples;"
        "CREATE TABLE samples.notes(note_id INTEGER PRIMARY KEY, author TEXT, note TEXT, stars INTEGER, approved "
        "INTEGER,"
        " written_at TEXT);"
        "CREATE TABLE samples.long_texts(title TEXT, body TEXT);"
        "CREATE TABLE samples.readings(reading_id INTEGER PRIMARY KEY, read_at TEXT, machine TEXT, celsius REAL)");
    Inserter notes(database, "samples.notes", 6);
    std::int64_t id = 0;
    for (const odd_samples_detail::Note& note : odd_samples_detail::kNotes) {
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
    odd_samples_detail::fill_readings(database);
}

}  // namespace genie_slack::sandbox::databricks

// The answers without SQL: who I am, what can be asked, what I did not understand.
#include "sandbox/genie/answer_writer.hpp"
#include "sandbox/genie/sample_cards.hpp"

namespace genie_slack::sandbox::databricks {

std::string introduction() {
    return "_I am a local look-alike of Genie with a small sample data set._";
}

std::string help_text(const SpaceInfo& space, bool greeting) {
    std::string text = greeting ? "Hello! " : "";
    text +=
        "I am a local look-alike of Genie, made for developers: I understand questions about the small sample data set "
        "of **" +
        space.title + "** and really run SQL over it. You can ask, for example:\n";
    for (const std::string& question : space.sample_questions)
        text += "\n- " + question;
    text += "\n\nThen go on with *And by month?*, *Only EMEA* or *Top 5*. To see how unusual results look:\n";
    for (const SampleCard& card : sample_cards())
        text += "\n- " + card.question;
    return text + "\n- List all orders";
}

std::string tables_text(const SpaceInfo& space) {
    std::string text = "This space has these tables:\n";
    for (const std::string& table : space.tables)
        text += "\n- `" + table + "`";
    std::string measures;
    std::string splits;
    for (const Topic& topic : topics()) {
        if (topic.space != space.key)
            continue;
        for (const Metric& metric : topic.metrics)
            measures += (measures.empty() ? "" : ", ") + metric.label;
        for (const Dimension& dimension : topic.dimensions)
            if (splits.find(dimension.label) == std::string::npos)
                splits += (splits.empty() ? "" : ", ") + dimension.label;
    }
    return text + "\n\nI can calculate " + measures + ", split by " + splits + ", day, week, month, quarter or year.";
}

std::string clarification_text(const SpaceInfo& space, const std::vector<std::string>& unknown,
                               const std::string& other_space) {
    std::string text =
        "I am only a local look-alike of Genie with a small sample data set, and I did not understand that question";
    if (!unknown.empty() && unknown.size() <= 6) {
        std::string list;
        for (std::size_t i = 0; i < unknown.size(); ++i)
            list += (i == 0 ? "\"" : i + 1 == unknown.size() ? " and \"" : ", \"") + escape_markdown(unknown[i]) + "\"";
        text += " (" + list + (unknown.size() == 1 ? " says" : " say") + " nothing to me)";
    }
    text += ".";
    if (!other_space.empty())
        text += " It looks like one for the space **" + other_space + "**.";
    text += " What would you like to know about **" + space.title + "**? For example:\n";
    for (const std::string& question : space.sample_questions)
        text += "\n- " + question;
    return text;
}

}  // namespace genie_slack::sandbox::databricks

#include "sandbox/genie/analyst.hpp"

#include "sandbox/genie/answer_writer.hpp"
#include "sandbox/genie/data_set.hpp"
#include "sandbox/genie/sample_cards.hpp"
#include "sandbox/genie/sql_writer.hpp"

namespace genie_slack::sandbox::databricks {

namespace analyst_detail {

Answer card_answer(const SampleCard& card) {
    Answer answer;
    answer.title = card.title;
    answer.sql = card.sql;
    answer.text = card.text;
    for (const std::string& type : card.types)
        answer.types.push_back(SqlType::of(type));
    if (answer.has_query()) {
        answer.description = card.title + ", a sample that shows how unusual results look.";
        answer.thoughts.emplace_back("THOUGHT_TYPE_DESCRIPTION", answer.description);
    }
    for (const SampleCard& other : sample_cards())
        if (other.id != card.id && answer.suggestions.size() < 3)
            answer.suggestions.push_back(other.question);
    return answer;
}

Answer text_answer(std::string text, const std::vector<std::string>& suggestions, bool clarification) {
    Answer answer;
    answer.text = std::move(text);
    answer.suggestions = suggestions;
    answer.clarification = clarification;
    return answer;
}

std::string left_out_text(const std::vector<std::string>& words) {
    std::string text = "\n\n_I left out what I did not understand:_";
    for (const std::string& word : words)
        text += " " + escape_markdown(word);
    return text;
}

}  // namespace analyst_detail

Analyst::Analyst(std::uint64_t seed) : seed_(seed) {}

Analyst::~Analyst() = default;

Database& Analyst::data() {
    if (data_)
        return *data_;
    data_ = create_data_set(seed_);
    vocabulary_ = std::make_unique<Vocabulary>();
    for (const Topic& topic : topics())
        for (const Dimension& dimension : topic.dimensions)
            if (!dimension.values_sql.empty()) {
                const Result<Table> values = data_->query(dimension.values_sql, {}, {});
                for (const auto& row : values.value().rows)
                    if (row[0])
                        vocabulary_->add(topic.id, dimension.id, *row[0]);
            }
    return *data_;
}

Answer Analyst::answer(const SpaceInfo& space, const std::string& question, Context& context) {
    using namespace analyst_detail;
    data();
    const Parsed parsed = parse_question(question, space.key, *vocabulary_, context.last);
    const Request& request = parsed.request;
    Answer answer;
    switch (request.kind) {
        case Kind::greeting:
        case Kind::help:
            context.introduced = true;
            return text_answer(help_text(space, request.kind == Kind::greeting), space.sample_questions, false);
        case Kind::thanks:
            return text_answer("You are welcome. Ask me anything else about the sample data.", space.sample_questions,
                               false);
        case Kind::tables:
            answer = text_answer(tables_text(space), space.sample_questions, false);
            break;
        case Kind::reason:
            context.introduced = true;
            return text_answer(
                "I am only a local look-alike of Genie: I can show numbers, but not find out why they are as "
                "they are. Shall I show how they developed?",
                space.sample_questions, true);
        case Kind::unknown: {
            context.introduced = true;
            std::string other;
            for (const SpaceInfo& candidate : make_spaces(3))
                if (candidate.key != space.key &&
                    parse_question(question, candidate.key, *vocabulary_, {}).request.kind != Kind::unknown)
                    other = candidate.title;
            return text_answer(clarification_text(space, parsed.not_understood, other), space.sample_questions, true);
        }
        case Kind::card:
            answer = card_answer(*find_sample_card(request.card));
            break;
        case Kind::aggregate:
        case Kind::listing: {
            WrittenSql written = write_sql(request);
            answer.title = title_of(request);
            answer.description = description_of(request);
            answer.sql = std::move(written.sql);
            answer.parameters = std::move(written.parameters);
            answer.types = std::move(written.types);
            answer.thoughts = thoughts_of(request, question);
            break;
        }
    }
    if (answer.has_query()) {
        const Result<Table> table = run(answer);
        if (!table)
            return text_answer("The look-alike wrote SQL that does not run: " + table.error().message,
                               space.sample_questions, false);
        answer.row_count = table->rows.size();
        answer.truncated = table->truncated;
        if (request.kind != Kind::card) {
            answer.text = text_of(request, *table);
            answer.suggestions = suggestions_of(request, *table);
            context.last = request;
        }
    }
    if (!parsed.not_understood.empty())
        answer.text += left_out_text(parsed.not_understood);
    if (!context.introduced)
        answer.text += "\n\n" + introduction();
    context.introduced = true;
    return answer;
}

Result<Table> Analyst::run(const Answer& answer, const QueryLimits& limits) {
    return data().query(answer.sql, answer.parameters, answer.types, limits);
}

}  // namespace genie_slack::sandbox::databricks

// An answer as it is recorded, for readers outside of Slack.
#include "app/answer/message/answer_forms.hpp"
#include "app/answer/message/text_pieces.hpp"
#include "slack/text/mrkdwn_markdown.hpp"

namespace genie_slack::answer {

std::string answer_record(const AnswerInput& input) {
    const AnswerContext context = make_context(input);
    std::string record = context.markdown;
    if (record.empty())
        record = context.text_is_title ? "**" + slack::escape_markdown(context.title) + "**"
                                       : slack::mrkdwn_to_markdown(context.text);
    append_paragraph(record, slack::escape_markdown(context.assumption));
    append_paragraph(record, slack::mrkdwn_to_markdown(times_line(context)));
    append_paragraph(record, slack::mrkdwn_to_markdown(result_remark(context)));
    if (context.has_table)
        append_paragraph(record, markdown_table(context));
    if (!context.questions.empty()) {
        append_paragraph(record, words::say(context.language, words::Word::ask_next) + "\n");
        for (const std::string& question : context.questions)
            record += "\n- " + slack::escape_markdown(question);
    }
    append_paragraph(record, slack::mrkdwn_to_markdown(footer(context)));
    return record;
}

}  // namespace genie_slack::answer

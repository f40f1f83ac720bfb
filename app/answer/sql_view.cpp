// How an answer came to be, in a modal: what the query is for, its SQL and its parameters.
#include "app/answer/answer.hpp"
#include "app/answer/parts.hpp"
#include "slack/blocks.hpp"
#include "slack/limits.hpp"
#include "slack/markup.hpp"

#include <boost/json/object.hpp>

namespace json = boost::json;

namespace genie_slack::answer {

namespace blocks = slack::blocks;
namespace limits = slack::limits;
using words::Word;

json::object render_sql_view(const SqlViewInput& input) {
    json::array out;
    const auto fitted = fit_preformatted(input.sql, limits::kSectionCharacters);
    if (fitted)
        out.push_back(fitted->block);
    if (!fitted || fitted->was_cut)
        out.push_back(blocks::context(words::say(input.language, Word::sql_too_long)));
    json::object view;
    view["type"] = "modal";
    view["title"] = blocks::plain_text(words::say(input.language, Word::sql_title));
    view["close"] = blocks::plain_text(words::say(input.language, Word::close_button));
    view["blocks"] = std::move(out);
    return view;
}

}  // namespace genie_slack::answer

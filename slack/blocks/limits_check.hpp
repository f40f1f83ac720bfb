// What the checks of limits.hpp share: where we are in the JSON, and what was found so far.
#pragma once

#include "slack/blocks/limits.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack::limits {

class Checker {
 public:
    explicit Checker(Surface surface) : surface_(surface) {}

    void blocks(const boost::json::array& blocks, const std::string& path);
    void chunk(const boost::json::value& chunk, const std::string& path);
    void fail(const std::string& pointer, std::string message);

    // A string member: between `low` and `high` characters; may be missing only when `low` is 0.
    void text(const boost::json::object& parent, std::string_view key, const std::string& path, std::size_t low,
              std::size_t high);
    bool has_input() const { return has_input_; }
    std::vector<Violation> take();

 private:
    using Array = boost::json::array;
    using Object = boost::json::object;

    void block(const Object& block, const std::string& path);
    void header(const Object& block, const std::string& path);
    void markdown(const Object& block, const std::string& path);
    void section(const Object& block, const std::string& path);
    void context(const Object& block, const std::string& path);
    void actions(const Object& block, const std::string& path);
    void context_actions(const Object& block, const std::string& path);
    void input(const Object& block, const std::string& path);
    void image(const Object& image, const std::string& path);
    void rich_text(const Object& block, const std::string& path, int depth);
    void plan(const Object& block, const std::string& path);

    void element(const Object& element, const std::string& path);
    void button(const Object& button, const std::string& path);
    void select(const Object& select, const std::string& path);
    void options(const Object& parent, std::string_view key, const std::string& path, std::size_t high,
                 std::size_t option_text);
    void feedback_buttons(const Object& element, const std::string& path);
    void confirm(const Object& parent, const std::string& path);

    void table(const Object& block, const std::string& path);
    void data_table(const Object& block, const std::string& path);
    std::size_t cells(const Array& rows, const std::string& path, bool data_table);
    std::size_t cell(const boost::json::value& cell, const std::string& path, bool data_table, bool header);
    void chart(const Object& block, const std::string& path);
    void pie(const Object& chart, const std::string& path);
    void series(const Object& chart, const std::string& path);

    // A text object. `kinds`: "plain_text", "mrkdwn", or "" for both.
    void text_object(const Object& parent, std::string_view key, const std::string& path, std::string_view kind,
                     std::size_t high, bool required = true);
    const Array* list(const Object& parent, std::string_view key, const std::string& path, std::size_t low,
                      std::size_t high, bool required = true);
    const Object* object(const boost::json::value& value, const std::string& path);
    // An integer member, if it is there, between `low` and `high`.
    void number(const Object& parent, std::string_view key, const std::string& path, std::int64_t low,
                std::int64_t high);
    void messages_only(std::string_view type, const std::string& path);

    Surface surface_;
    std::vector<Violation> violations_;
    std::set<std::string, std::less<>> block_ids_;
    std::size_t text_characters_ = 0;
    std::size_t markdown_characters_ = 0;
    std::size_t tables_ = 0;
    std::size_t charts_ = 0;
    bool has_input_ = false;
};

std::string below(const std::string& path, std::string_view key);
std::string below(const std::string& path, std::size_t index);
// Code points of the string at `key`, 0 when there is none.
std::size_t characters_at(const boost::json::object& parent, std::string_view key);

}  // namespace genie_slack::slack::limits

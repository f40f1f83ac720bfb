// The walk over a list of blocks behind block_rules: what was found wrong so far, and where.
#pragma once

#include "sandbox/slack/block_rules.hpp"

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::sandbox {

class BlockJudge {
 public:
    BlockJudge(BlockSurface surface, const BlockWorld& world) : surface_(surface), world_(world) {}

    // One list of blocks; may be called for several lists of one message.
    void judge_list(const boost::json::value& blocks, const std::string& pointer);
    // Limits over everything judged so far.
    BlockVerdict verdict(std::string_view error_code) const;

    void problem(const std::string& pointer, std::string_view code, const std::string& message);
    bool has_input_block() const { return has_input_; }

    // Texts and members, as used by views too.
    enum class TextKind { plain, markup, either };
    void text_object(const boost::json::object& owner, const char* key, const std::string& pointer, TextKind kind,
                     std::size_t limit, bool required);
    void plain_string(const boost::json::object& owner, const char* key, const std::string& pointer, std::size_t limit,
                      bool required);
    void known_members(const boost::json::object& object, const std::string& pointer,
                       std::initializer_list<std::string_view> names);

 private:
    using Object = boost::json::object;

    void judge_block(const boost::json::value& block, const std::string& pointer);
    bool allowed_here(const std::string& type) const;

    // Layout blocks (block_judge.cpp).
    void section(const Object& block, const std::string& pointer);
    void actions(const Object& block, const std::string& pointer);
    void context(const Object& block, const std::string& pointer);
    void context_actions(const Object& block, const std::string& pointer);
    void header(const Object& block, const std::string& pointer);
    void image(const Object& block, const std::string& pointer, bool is_block);
    void slack_file(const boost::json::value& file, const std::string& pointer);
    void input(const Object& block, const std::string& pointer);
    void markdown(const Object& block, const std::string& pointer);

    // Blocks with data (block_judge_data.cpp).
    void rich_text(const Object& block, const std::string& pointer, bool counts = true);
    void rich_text_part(const Object& part, const std::string& pointer, bool counts);
    void table(const Object& block, const std::string& pointer);
    void data_table(const Object& block, const std::string& pointer);
    void data_visualization(const Object& block, const std::string& pointer);
    void plot(const Object& chart, const std::string& pointer);
    void pie(const Object& chart, const std::string& pointer);
    void task_card(const Object& block, const std::string& pointer);
    void plan(const Object& block, const std::string& pointer);

    // Elements (block_judge_elements.cpp).
    void element(const boost::json::value& value, const std::string& pointer,
                 std::initializer_list<std::string_view> allowed, std::set<std::string>& action_ids);
    void button(const Object& element, const std::string& pointer);
    void feedback_buttons(const Object& element, const std::string& pointer);
    void icon_button(const Object& element, const std::string& pointer);
    void select(const Object& element, const std::string& pointer, const std::string& type);
    void choices(const Object& element, const std::string& pointer, std::size_t most, bool markup);
    void option(const boost::json::value& value, const std::string& pointer, bool markup);
    void text_input(const Object& element, const std::string& pointer);
    void confirm(const Object& element, const std::string& pointer);

    const boost::json::array* list(const Object& owner, const char* key, const std::string& pointer, std::size_t least,
                                   std::size_t most);

    BlockSurface surface_;
    const BlockWorld& world_;
    boost::json::array errors_;
    boost::json::array messages_;
    std::set<std::string> block_ids_;
    std::size_t block_text_ = 0;
    std::size_t markdown_text_ = 0;
    std::size_t table_text_ = 0;
    std::size_t data_table_text_ = 0;
    int tables_ = 0;
    int charts_ = 0;
    bool wrong_format_ = false;
    bool has_input_ = false;
};

}  // namespace genie_slack::sandbox

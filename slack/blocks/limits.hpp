// Slack's size limits (slack.md 2.4), checked here before anything is sent: Slack refuses the whole message for one bad
// block.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genie_slack::slack::limits {

inline constexpr std::size_t kBlocksPerMessage = 50;
inline constexpr std::size_t kTextCharacters = 4'000;  // best for `text`, and the maximum in chat.update
inline constexpr std::size_t kTextMaximum = 40'000;
inline constexpr std::size_t kMessageTextCharacters = 10'000;  // over all blocks (undocumented, about 12,000)
inline constexpr std::size_t kBlocksPerView = 100;
inline constexpr std::size_t kSectionCharacters = 3'000;
inline constexpr std::size_t kContextCharacters = 2'000;
inline constexpr std::size_t kHeaderCharacters = 150;
inline constexpr std::size_t kMarkdownCharacters = 12'000;
inline constexpr std::size_t kButtonTextCharacters = 75;
inline constexpr std::size_t kButtonValueCharacters = 2'000;
inline constexpr std::size_t kOptionCharacters = 75;
inline constexpr std::size_t kOptionValueCharacters = 150;
inline constexpr std::size_t kSelectOptions = 100;
inline constexpr std::size_t kTableRows = 100;
inline constexpr std::size_t kTableColumns = 20;
inline constexpr std::size_t kTableCharacters = 10'000;
inline constexpr std::size_t kDataTableRows = 101;  // header included
inline constexpr std::size_t kDataTableCharacters = 20'000;
inline constexpr std::size_t kCharts = 2;
inline constexpr std::size_t kChartSeries = 6;  // and pie segments
inline constexpr std::size_t kChartPoints = 20;
inline constexpr std::size_t kChartLabelCharacters = 20;
inline constexpr std::size_t kChartTitleCharacters = 50;  // and axis labels
inline constexpr std::size_t kPlaceholderCharacters = 150;
inline constexpr std::size_t kIdCharacters = 255;  // action_id, block_id, callback_id, external_id
inline constexpr std::size_t kStreamBlocks = 50;
inline constexpr std::size_t kTaskFieldCharacters = 256;
inline constexpr std::size_t kPrompts = 4;
inline constexpr std::size_t kSessionTitleCharacters = 200;
inline constexpr std::size_t kAltTextCharacters = 1'000;  // of a file
inline constexpr std::size_t kPrivateMetadataCharacters = 3'000;
inline constexpr std::size_t kModalTitleCharacters = 24;  // submit and close too
inline constexpr std::size_t kViewBytes = 250'000;
inline constexpr std::size_t kMetadataBytes = 4'000;

struct Violation {
    std::string pointer;  // "/0/text/text"
    std::string message;
};

enum class Surface { message, modal, home };

// Everything that is wrong with `blocks`; empty when Slack should take them. At most 50 are listed. Block and element
// types that are not known here pass.
std::vector<Violation> check_blocks(const boost::json::array& blocks, Surface surface = Surface::message);
// Chunks of a streamed message (slack.md 5.1).
std::vector<Violation> check_chunks(const boost::json::array& chunks);
// A modal or home view with its blocks.
std::vector<Violation> check_view(const boost::json::object& view);
// Text and blocks of a message together; `update` applies chat.update's limit to the text.
std::vector<Violation> check_message(std::string_view text, const boost::json::array& blocks, bool update = false);

}  // namespace genie_slack::slack::limits

#include "slack/text/split_text.hpp"

#include "slack/text/markup.hpp"
#include "slack/text/utf8.hpp"

#include <algorithm>
#include <optional>

namespace genie_slack::slack {

namespace split_detail {
namespace {

constexpr std::string_view kReopen = "```\n";
constexpr std::string_view kClose = "\n```";
// With less room than this a part could not hold two fences and something between them.
constexpr std::size_t kFenceMinimum = 16;
constexpr std::size_t kLongestEntity = 3'000;

// What must not be taken apart: a character, an entity, a link, a run of backticks.
struct Atom {
    std::size_t bytes = 0;
    std::size_t size = 0;  // in the measure of the split
    bool fence = false;
};

struct Break {
    std::size_t end = 0;     // the part ends before this byte
    std::size_t resume = 0;  // the next one starts here
    bool fenced = false;     // inside a code fence
};

// The last places where a part may end well.
struct Candidates {
    std::optional<Break> paragraph, line, sentence, space;
};

class Splitter {
 public:
    Splitter(std::string_view text, std::size_t limit, Measure measure)
        : text_(text), limit_(std::max<std::size_t>(limit, measure == Measure::bytes ? 4 : 1)), measure_(measure) {
        fences_ = limit_ >= kFenceMinimum;
        longest_fenced_ = fences_ ? limit_ - kReopen.size() - kClose.size() : limit_;
        unpaired_fence_ = find_unpaired_fence();
    }

    // What run() has not given yet; a code fence that it would begin in is opened again.
    std::string rest() const {
        std::string text(fenced_ && position_ < text_.size() ? kReopen : std::string_view());
        return text.append(text_.substr(position_));
    }

    std::vector<std::string> run(std::size_t max_parts) {
        std::vector<std::string> parts;
        while (position_ < text_.size() && parts.size() < max_parts) {
            const bool fenced = fenced_;
            const std::size_t start = position_;
            const Break cut = next_break();
            std::string part(fenced ? kReopen : std::string_view());
            part.append(text_, start, cut.end - start);
            if (cut.fenced)
                part += kClose;
            if (fenced || part.find_first_not_of(" \n") != std::string::npos)
                parts.push_back(std::move(part));
            position_ = cut.resume;
            fenced_ = cut.fenced;
            skip_closing_fence();
        }
        return parts;
    }

 private:
    std::size_t measure(std::string_view text) const {
        return measure_ == Measure::bytes ? text.size() : count_characters(text);
    }

    // Length of the run of backticks from `position` on. Its end is remembered: a run can be longer than a part.
    std::size_t backticks(std::size_t position) const {
        if (position < run_begin_ || position >= run_end_) {
            run_begin_ = position;
            run_end_ = std::min(text_.find_first_not_of('`', position), text_.size());
        }
        return run_end_ - position;
    }

    // End of the last fence when it has no partner: then it is just text. npos when all have one.
    std::size_t find_unpaired_fence() const {
        std::size_t count = 0;
        std::size_t i = 0;
        std::size_t end = std::string_view::npos;
        while ((i = text_.find("```", i)) != std::string_view::npos) {
            ++count;
            i += backticks(i);
            end = i;
        }
        return count % 2 == 1 ? end : std::string_view::npos;
    }

    Atom character_at(std::size_t position) const {
        const std::size_t bytes = utf8::at(text_, position).length;
        return Atom{bytes, measure_ == Measure::bytes ? bytes : 1, false};
    }

    Atom atom_at(std::size_t position, bool fenced) const {
        std::size_t bytes = 0;
        bool fence = false;
        switch (text_[position]) {
            case '`':
                bytes = backticks(position);
                fence = fences_ && bytes >= 3 && position + bytes != unpaired_fence_;
                break;
            case '&':
                for (std::string_view entity : {"&amp;", "&lt;", "&gt;"})
                    if (text_.substr(position).starts_with(entity))
                        bytes = entity.size();
                break;
            case '<': {
                const std::size_t close = text_.substr(position, kLongestEntity).find_first_of("<>\n", 1);
                if (close != std::string_view::npos && text_[position + close] == '>')
                    bytes = close + 1;
                break;
            }
            default:
                break;
        }
        if (bytes == 0)
            return character_at(position);
        const std::size_t size = text_[position] == '`' ? bytes : measure(text_.substr(position, bytes));
        const std::size_t longest = fenced || text_[position] == '`' ? longest_fenced_ : limit_;
        return size > longest ? character_at(position) : Atom{bytes, size, fence};
    }

    void skip_closing_fence() {
        if (!fenced_)
            return;
        std::size_t next = position_;
        if (next < text_.size() && text_[next] == '\n')
            ++next;
        if (next < text_.size() && text_[next] == '`' && atom_at(next, true).fence) {
            position_ = std::min(text_.find_first_not_of('\n', next + backticks(next)), text_.size());
            fenced_ = false;
        }
    }

    // The best place to end the part that starts at position_.
    Break next_break() const {
        bool fenced = fenced_;
        bool after_fence = fenced;
        std::size_t size = fenced ? kReopen.size() : 0;
        Candidates found;
        Break hard{position_, position_, fenced};
        std::size_t i = position_;
        while (i < text_.size()) {
            const Atom atom = atom_at(i, fenced);
            const std::size_t closing = fenced ? kClose.size() : 0;
            if (size + closing <= limit_) {
                if (i > position_ && (!after_fence || hard.end == position_))
                    hard = Break{i, i, fenced};
                if (i > position_ && !after_fence)
                    note_break(i, fenced, found);
            }
            size += atom.size;
            if (atom.fence)
                fenced = !fenced;
            if (size > limit_)
                break;
            after_fence = atom.fence && fenced;
            i += atom.bytes;
        }
        if (i >= text_.size())
            return Break{text_.size(), text_.size(), false};
        return choose(hard, found);
    }

    // Whether a sentence may end before byte `i`. Some scripts set no space after it.
    bool is_after_sentence(std::size_t i) const {
        const std::string_view before = text_.substr(0, i);
        if (text_[i] == ' ')
            return before.ends_with('.') || before.ends_with('!') || before.ends_with('?');
        return before.ends_with("。") || before.ends_with("！") || before.ends_with("？");
    }

    void note_break(std::size_t i, bool fenced, Candidates& found) const {
        if (!fenced && is_after_sentence(i))
            found.sentence = Break{i, text_[i] == ' ' ? i + 1 : i, fenced};
        if (text_[i] == ' ')
            found.space = Break{i, i + 1, fenced};
        if (text_[i] != '\n')
            return;
        std::size_t resume = i + 1;
        if (!fenced)
            resume = std::min(text_.find_first_not_of('\n', i), text_.size());
        (resume > i + 1 ? found.paragraph : found.line) = Break{i, resume, fenced};
    }

    // A paragraph's end is best, unless it would leave the part nearly empty.
    Break choose(const Break& hard, const Candidates& found) const {
        const auto candidates = {&found.paragraph, &found.line, &found.sentence, &found.space};
        for (const auto* candidate : candidates)
            if (*candidate && measure(text_.substr(position_, (*candidate)->end - position_)) >= limit_ / 4)
                return **candidate;
        for (const auto* candidate : candidates)
            if (*candidate)
                return **candidate;
        return hard;
    }

    std::string_view text_;
    std::size_t limit_;
    Measure measure_;
    bool fences_ = true;
    std::size_t longest_fenced_ = 0;  // what surely fits into a part that begins and ends inside a fence
    std::size_t unpaired_fence_ = std::string_view::npos;
    mutable std::size_t run_begin_ = 0;
    mutable std::size_t run_end_ = 0;
    std::size_t position_ = 0;
    bool fenced_ = false;
};

}  // namespace
}  // namespace split_detail

std::vector<std::string> split_by(std::string_view text, std::size_t limit, Measure measure, std::size_t max_parts) {
    return split_detail::Splitter(text, limit, measure).run(max_parts);
}

TextCut cut_text(std::string_view text, std::size_t max_characters) {
    split_detail::Splitter splitter(text, max_characters, Measure::characters);
    auto parts = splitter.run(1);
    TextCut cut;
    if (!parts.empty())
        cut.head = std::move(parts.front());
    cut.rest = splitter.rest();
    return cut;
}

std::vector<std::string> split_text(std::string_view text, std::size_t max_characters) {
    return split_by(text, max_characters, Measure::characters);
}

}  // namespace genie_slack::slack

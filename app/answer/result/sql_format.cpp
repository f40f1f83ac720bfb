#include "app/answer/result/sql_format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace genie_slack::answer {

namespace sql_format_detail {

struct Token {
    std::string_view text;
    std::string word;           // in upper case, for words outside of quotes
    bool space_before = false;  // as it came
};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
bool is_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) || c == '_' || byte >= 0x80;
}

// The end of what begins with a quote at `position`; npos when it never ends. A doubled quote does not end it, nor
// does one behind a backslash in a string.
std::size_t end_of_quoted(std::string_view sql, std::size_t position) {
    const char quote = sql[position];
    for (std::size_t i = position + 1; i < sql.size(); ++i) {
        if (sql[i] == '\\' && quote != '`') {
            ++i;
        } else if (sql[i] == quote) {
            if (i + 1 < sql.size() && sql[i + 1] == quote)
                ++i;
            else
                return i + 1;
        }
    }
    return std::string_view::npos;
}

std::size_t end_of_token(std::string_view sql, std::size_t position) {
    const char c = sql[position];
    if (c == '\'' || c == '"' || c == '`')
        return end_of_quoted(sql, position);
    if (is_word(c)) {
        std::size_t end = position;
        while (end < sql.size() && is_word(sql[end]))
            ++end;
        return end;
    }
    return position + 1;
}

// Returns nothing when there is something that cannot be moved safely: comments, or quotes that stay open.
std::optional<std::vector<Token>> tokens_of(std::string_view sql) {
    std::vector<Token> tokens;
    bool space = false;
    for (std::size_t i = 0; i < sql.size();) {
        if (is_space(sql[i])) {
            space = true;
            ++i;
            continue;
        }
        if (sql.compare(i, 2, "--") == 0 || sql.compare(i, 2, "/*") == 0)
            return std::nullopt;
        const std::size_t end = end_of_token(sql, i);
        if (end == std::string_view::npos)
            return std::nullopt;
        Token token;
        token.text = sql.substr(i, end - i);
        token.space_before = space;
        if (is_word(sql[i]))
            std::transform(token.text.begin(), token.text.end(), std::back_inserter(token.word),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        tokens.push_back(std::move(token));
        space = false;
        i = end;
    }
    return tokens;
}

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 13> kClauses = {"SELECT", "FROM",    "WHERE", "HAVING",    "LIMIT",
                                                       "UNION",  "EXCEPT",  "WITH",  "INTERSECT", "QUALIFY",
                                                       "OFFSET", "LATERAL", "VALUES"};
constexpr std::array<std::string_view, 8> kJoins = {"LEFT",  "RIGHT", "INNER", "FULL",
                                                    "CROSS", "ANTI",  "SEMI",  "NATURAL"};

class Writer {
 public:
    explicit Writer(const std::vector<Token>& tokens) : tokens_(tokens) {}

    // Returns nothing when the parentheses do not match.
    std::optional<std::string> run() {
        for (at_ = 0; at_ < tokens_.size(); ++at_)
            if (!write(tokens_[at_]))
                return std::nullopt;
        return levels_.size() == 1 && cases_ == 0 ? std::optional(std::move(out_)) : std::nullopt;
    }

 private:
    // A query, or a pair of parentheses inside of one.
    struct Level {
        bool query = true;
        bool lists = false;    // commas end lines: behind SELECT
        bool between = false;  // the next AND belongs to BETWEEN
        int cases = 0;
    };

    std::string_view word(std::size_t ahead) const {
        return at_ + ahead < tokens_.size() ? std::string_view(tokens_[at_ + ahead].word) : std::string_view();
    }

    void new_line(std::size_t more) {
        if (out_.empty())
            return;
        const auto queries = static_cast<std::size_t>(
            std::count_if(levels_.begin(), levels_.end(), [](const Level& level) { return level.query; }));
        out_ += '\n';
        out_.append(2 * (queries - 1 + more), ' ');
        fresh_ = true;
    }

    bool starts_clause() const {
        const std::string_view now = word(0);
        if (is_one_of(kClauses, now))
            // "EXTRACT(YEAR FROM d)" is inside of parentheses, "count(*) FILTER (WHERE …)" too.
            return now != "WITH" || at_ == 0 || levels_.back().query;
        if (now == "GROUP" || now == "ORDER")
            return word(1) == "BY";
        if (now == "JOIN")
            return !is_one_of(kJoins, previous_) && previous_ != "OUTER";
        if (is_one_of(kJoins, now) && !is_one_of(kJoins, previous_))
            for (std::size_t ahead = 1; ahead <= 3; ++ahead)
                if (word(ahead) == "JOIN")
                    return true;
        return false;
    }

    void open() {
        Level level;
        level.query = word(1) == "SELECT" || word(1) == "WITH";
        append(tokens_[at_]);
        levels_.push_back(level);
        if (!level.query)
            return;
        new_line(0);
    }

    bool close() {
        if (levels_.size() == 1)
            return false;
        const bool query = levels_.back().query;
        levels_.pop_back();
        if (query)
            new_line(0);
        append(tokens_[at_]);
        return true;
    }

    bool write(const Token& token) {
        Level& level = levels_.back();
        if (token.text == "(") {
            open();
            return true;
        }
        if (token.text == ")")
            return close();
        cases_ += token.word == "CASE" ? 1 : token.word == "END" && cases_ > 0 ? -1 : 0;
        const bool plain = level.query && cases_ == 0;
        if (plain && starts_clause()) {
            if (token.space_before && !fresh_)
                new_line(0);
            level.lists = token.word == "SELECT";
        } else if (plain && token.space_before && (token.word == "AND" || token.word == "OR") && !level.between) {
            new_line(1);
        }
        if (token.word == "BETWEEN")
            level.between = true;
        else if (token.word == "AND")
            level.between = false;
        append(token);
        if (token.text == "," && plain && level.lists && at_ + 1 < tokens_.size() && tokens_[at_ + 1].space_before)
            new_line(1);
        return true;
    }

    void append(const Token& token) {
        if (token.space_before && !fresh_ && !out_.empty())
            out_ += ' ';
        out_ += token.text;
        fresh_ = false;
        previous_ = token.word;
    }

    const std::vector<Token>& tokens_;
    std::size_t at_ = 0;
    std::vector<Level> levels_ = std::vector<Level>(1);
    int cases_ = 0;
    std::string out_;
    std::string previous_;
    bool fresh_ = false;  // a line has just begun
};

std::string without_space(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return !is_space(c); });
    return out;
}

}  // namespace sql_format_detail

std::string format_sql(std::string_view sql) {
    using namespace sql_format_detail;
    std::string_view trimmed = sql;
    while (!trimmed.empty() && is_space(trimmed.back()))
        trimmed.remove_suffix(1);
    const std::size_t first = trimmed.find_first_not_of("\r\n");
    trimmed.remove_prefix(std::min(first, trimmed.size()));
    if (trimmed.find('\n') != std::string_view::npos)
        return std::string(trimmed);
    const auto tokens = tokens_of(trimmed);
    if (!tokens)
        return std::string(trimmed);
    const auto written = Writer(*tokens).run();
    return written && without_space(*written) == without_space(trimmed) ? *written : std::string(trimmed);
}

}  // namespace genie_slack::answer

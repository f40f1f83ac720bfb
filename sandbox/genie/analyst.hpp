// Turns a question into SQL over the built-in data, runs it, and puts the result into words.
#pragma once

#include "sandbox/genie/answer.hpp"
#include "sandbox/genie/question_parser.hpp"
#include "sandbox/genie/spaces.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace genie_slack::sandbox::databricks {

class Database;

// What a conversation remembers for its follow-up questions.
struct Context {
    std::optional<Request> last;
    bool introduced = false;  // said that this is a look-alike
};

// Builds its data when it is first needed (some tens of milliseconds).
class Analyst {
 public:
    explicit Analyst(std::uint64_t seed);
    ~Analyst();

    Answer answer(const SpaceInfo& space, const std::string& question, Context& context);
    // The answer's SQL, run again.
    Result<Table> run(const Answer& answer, const QueryLimits& limits = {});

 private:
    Database& data();

    std::uint64_t seed_;
    std::unique_ptr<Database> data_;
    std::unique_ptr<Vocabulary> vocabulary_;
};

}  // namespace genie_slack::sandbox::databricks

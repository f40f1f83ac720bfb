// Seeded damage to sample answers: whatever comes, the parser neither throws nor crashes (sanitizers watch the rest).
#include "core/random.hpp"
#include "genie/api_error.hpp"
#include "genie/json_text.hpp"
#include "genie/parse.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace parse_fuzz_test {

using namespace genie_slack;
using namespace genie_slack::genie;

namespace json = boost::json;

const std::vector<std::string> kSamples = {
    R"({"space_id":"s","conversation_id":"c","message_id":"m","content":"q","status":"COMPLETED","created_timestamp":1760000000000,"attachments":[{"attachment_id":"a","query":{"query":"SELECT 1","query_result_metadata":{"row_count":3},"parameters":[{"keyword":"k"}]}},{"attachment_id":"b","text":{"content":"x","phase":"RESPONSE_PHASE_THINKING"}},{"suggested_questions":{"questions":["a"]}},{"viz":{"query_attachment_id":"a"}}],"error":{"error":"e","type":"t"}})",
    R"({"statement_response":{"statement_id":"st","status":{"state":"SUCCEEDED","error":{"message":"m"}},"manifest":{"schema":{"columns":[{"name":"a","position":1},{"name":"b","position":0}]},"total_row_count":2,"total_chunk_count":2},"result":{"data_array":[["1",null],["2.5","x"]],"next_chunk_index":1,"external_links":[{"external_link":"https://h/p","http_headers":{"a":"b"}}]}}})",
    R"({"statement_response":{"status":{"state":"FAILED"},"result":{"data_typed_array":[{"values":[{"str":"x"},{}]}]}}})",
    R"({"spaces":[{"space_id":"s","serialized_space":"{\"config\":{\"sample_questions\":[{\"question\":[\"a\"]}]}}"}],"next_page_token":"t"})",
    R"({"conversation_id":"c","message_id":"m","conversation":{"id":"c"},"message":{"id":"m"}})",
    R"({"error_code":404,"message":"no","details":[{"@type":"x","request_id":"r"},{"retry_delay":"5s"}]})",
};

json::value odd_value(Random& random) {
    switch (random.between(0, 11)) {
        case 0:
            return nullptr;
        case 1:
            return true;
        case 2:
            return -1;
        case 3:
            return std::numeric_limits<std::int64_t>::max();
        case 4:
            return std::numeric_limits<std::uint64_t>::max();
        case 5:
            return 1.5e300;
        case 6:
            return "";
        case 7:
            return json::string(3000, 'x');
        case 8:
            return json::array();
        case 9:
            return json::array({json::array({nullptr}), json::object()});
        case 10:
            return json::object();
        default:
            return "9223372036854775808";
    }
}

// Changes one random place of the tree.
void damage(json::value& value, Random& random) {
    if (random.between(0, 5) == 0) {
        value = odd_value(random);
    } else if (json::object* object = value.if_object(); object && !object->empty()) {
        auto member = object->begin() + static_cast<std::ptrdiff_t>(random.between(0, object->size() - 1));
        if (random.between(0, 9) == 0)
            object->erase(member);
        else
            damage(member->value(), random);
    } else if (json::array* array = value.if_array(); array && !array->empty()) {
        const auto index = random.between(0, array->size() - 1);
        if (random.between(0, 9) == 0)
            array->erase(array->begin() + static_cast<std::ptrdiff_t>(index));
        else
            damage(array->at(index), random);
    } else {
        value = odd_value(random);
    }
}

void read_everything(const std::string& text) {
    if (const auto value = parse_json(text)) {
        parse_space(*value);
        const Message message = parse_message(*value);
        select_answer(message);
        progress_text(message);
        parse_started(*value);
        parse_spaces(*value);
        parse_messages(*value);
        parse_conversations(*value);
        next_page_token(*value);
        Statement statement = parse_statement(*value);
        make_rectangular(statement.columns, statement.first.rows);
        parse_chunk(*value);
        parse_rows(*value);
    }
    CallInfo call;
    net::HttpResponse response;
    response.body = text;
    for (const int status : {200, 302, 400, 401, 403, 404, 429, 500, 503}) {
        response.status = status;
        const auto judged = judge_response(call, response, WallTime());
        if (!judged)
            CHECK(judged.error().error.message.size() < 2000);
    }
}

TEST_CASE("no change to the structure of an answer breaks the parser", "[genie][fuzz]") {
    Random random(20260101);
    for (int round = 0; round < 3000; ++round) {
        boost::json::value value = boost::json::parse(kSamples[random.between(0, kSamples.size() - 1)]);
        for (auto changes = random.between(1, 4); changes > 0; --changes)
            damage(value, random);
        CHECK_NOTHROW(read_everything(boost::json::serialize(value)));
    }
}

TEST_CASE("no change to the bytes of an answer breaks the parser", "[genie][fuzz]") {
    Random random(4711);
    for (int round = 0; round < 3000; ++round) {
        std::string text = kSamples[random.between(0, kSamples.size() - 1)];
        for (auto changes = random.between(1, 6); changes > 0 && !text.empty(); --changes) {
            const auto at = random.between(0, text.size() - 1);
            switch (random.between(0, 3)) {
                case 0:
                    text[at] = static_cast<char>(random.between(0, 255));
                    break;
                case 1:
                    text.erase(at, random.between(1, 20));
                    break;
                case 2:
                    text.insert(at, text.substr(random.between(0, text.size() - 1), random.between(1, 40)));
                    break;
                default:
                    text.insert(at, 1, "{}[]\",:0\\"[random.between(0, 8)]);
                    break;
            }
        }
        CHECK_NOTHROW(read_everything(text));
    }
}

TEST_CASE("an answer cut at any byte is no answer, and no crash", "[genie][fuzz]") {
    for (const std::string& sample : kSamples)
        for (std::size_t size = 0; size < sample.size(); ++size) {
            CHECK_FALSE(parse_json(std::string_view(sample).substr(0, size)));
            CHECK_NOTHROW(read_everything(sample.substr(0, size)));
        }
}

}  // namespace parse_fuzz_test

#include "storage/lakebase/turn_columns.hpp"

#include "storage/lakebase/json_fields.hpp"
#include "storage/storage.hpp"

#include <initializer_list>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace genie_slack::storage::lakebase {

namespace json = boost::json;

namespace {

enum class Written {
    when_accepted,
    with_each_step,  // also when it is accepted
    by_the_database,
};

struct Column {
    std::string_view name;
    Written written;
    std::string_view missing;  // what stands for a value that a call does not give, as SQL; "" for NULL
    json::value (*encode)(const Turn&);
    void (*decode)(Turn&, const json::value& row, std::string_view name);
};

template <std::string Turn::* field>
Column text(std::string_view name, Written written) {
    return {name, written, "''", [](const Turn& turn) { return json::value(storable(turn.*field)); },
            [](Turn& turn, const json::value& row, std::string_view key) { turn.*field = text_of(row, key); }};
}

template <std::string ThreadKey::* field>
Column text_of_thread(std::string_view name) {
    return {name, Written::when_accepted, "''",
            [](const Turn& turn) { return json::value(storable(turn.thread.*field)); },
            [](Turn& turn, const json::value& row, std::string_view key) { turn.thread.*field = text_of(row, key); }};
}

template <WallTime Turn::* field>
Column time(std::string_view name, Written written, std::string_view missing = "") {
    return {name, written, missing, [](const Turn& turn) { return time_value(turn.*field); },
            [](Turn& turn, const json::value& row, std::string_view key) { turn.*field = time_of(row, key); }};
}

template <int Turn::* field>
Column count(std::string_view name) {
    return {name, Written::by_the_database, "", [](const Turn& turn) { return json::value(turn.*field); },
            [](Turn& turn, const json::value& row, std::string_view key) {
                turn.*field = static_cast<int>(number_of(row, key));
            }};
}

// One of `values` by its name. A name that is none of them is a later version's.
template <class Enum>
Enum named(const std::string& name, std::initializer_list<Enum> values, Enum otherwise) {
    for (const Enum value : values)
        if (name == to_string(value))
            return value;
    return otherwise;
}

Column state() {
    return {"state", Written::with_each_step, "'received'",
            [](const Turn& turn) { return json::value(to_string(turn.state)); },
            [](Turn& turn, const json::value& row, std::string_view key) {
                const std::string name = text_of(row, key);
                turn.state = named(name,
                                   {TurnState::awaiting_space, TurnState::asking, TurnState::asked, TurnState::answered,
                                    TurnState::delivered, TurnState::failed},
                                   TurnState::received);
                if (name != to_string(turn.state))
                    throw std::runtime_error("the database holds a turn in an unknown state");
            }};
}

Column origin() {
    return {"origin", Written::with_each_step, "''",
            [](const Turn& turn) { return json::value(to_string(turn.origin)); },
            [](Turn& turn, const json::value& row, std::string_view key) {
                turn.origin = named(text_of(row, key),
                                    {Origin::thread_reply, Origin::direct_message, Origin::command, Origin::home,
                                     Origin::shortcut, Origin::follow_up, Origin::edit, Origin::after_all},
                                    Origin::mention);
            }};
}

Column audience() {
    return {"audience", Written::with_each_step, "''",
            [](const Turn& turn) { return json::value(to_string(turn.audience)); },
            [](Turn& turn, const json::value& row, std::string_view key) {
                turn.audience =
                    named(text_of(row, key), {Audience::direct_message, Audience::person}, Audience::channel);
            }};
}

// What came of the actions; only the copy that was shared and the end of the question's message belong to the turn.
Column actions() {
    return {"actions", Written::by_the_database, "", [](const Turn&) { return json::value(); },
            [](Turn& turn, const json::value& row, std::string_view key) {
                const json::value* all = row.as_object().if_contains(key);
                if (!all || !all->is_object())
                    return;
                const json::value* share = all->get_object().if_contains(kShareAction);
                if (share && share->is_object())
                    turn.shared_ts = text_of(*share, "result");
                const json::value* deleted = all->get_object().if_contains(kDeletedAction);
                turn.is_deleted = deleted && deleted->is_object() && !text_of(*deleted, "result").empty();
            }};
}

const std::vector<Column>& columns() {
    constexpr Written kOnce = Written::when_accepted;
    constexpr Written kAlways = Written::with_each_step;
    static const std::vector<Column> all = {
        text<&Turn::id>("id", kOnce),
        text_of_thread<&ThreadKey::team>("team_id"),
        text_of_thread<&ThreadKey::channel>("channel_id"),
        text_of_thread<&ThreadKey::thread_ts>("thread_ts"),
        text<&Turn::question_ts>("question_ts", kOnce),
        text<&Turn::message_ts>("message_ts", kAlways),
        text<&Turn::edited_ts>("edited_ts", kAlways),
        origin(),
        audience(),
        text<&Turn::user>("user_id", kAlways),
        text<&Turn::channel_type>("channel_type", kAlways),
        text<&Turn::question>("question", kAlways),
        state(),
        text<&Turn::space_id>("space_id", kAlways),
        text<&Turn::space_name>("space_name", kAlways),
        text<&Turn::conversation_id>("conversation_id", kAlways),
        text<&Turn::message_id>("message_id", kAlways),
        text<&Turn::progress_ts>("progress_ts", kAlways),
        text<&Turn::answer_channel>("answer_channel", kAlways),
        text<&Turn::answer_thread>("answer_thread", kAlways),
        text<&Turn::replaces>("replaces", kAlways),
        text<&Turn::stopped_by>("stopped_by", Written::by_the_database),
        actions(),
        text<&Turn::failure>("failure", kAlways),
        count<&Turn::attempts>("attempts"),
        count<&Turn::tries>("tries"),
        time<&Turn::received_at>("received_at", kAlways, "clock_timestamp()"),
        time<&Turn::asked_at>("asked_at", kAlways),
        time<&Turn::finished_at>("finished_at", kAlways),
    };
    return all;
}

void append(std::string& list, const std::string& item) {
    list += (list.empty() ? "" : ", ") + item;
}

}  // namespace

json::object encode(const Turn& turn) {
    json::object row;
    for (const Column& column : columns()) {
        json::value value = column.encode(turn);
        // NULL would be refused where something stands for what is missing; left out, what is stored stays.
        if (column.written != Written::by_the_database && !(value.is_null() && !column.missing.empty()))
            row[column.name] = std::move(value);
    }
    row["chat_thread_id"] = thread_id(turn.thread);
    return row;
}

Turn decode_turn(const json::value& row) {
    Turn turn;
    for (const Column& column : columns())
        column.decode(turn, row, column.name);
    return turn;
}

const TurnColumnLists& turn_column_lists() {
    static const TurnColumnLists lists = [] {
        TurnColumnLists made;
        for (const Column& column : columns()) {
            if (column.written == Written::by_the_database)
                continue;
            const std::string name(column.name);
            const std::string value = "new." + name;
            append(made.accepted_columns, name);
            append(made.accepted_values,
                   column.missing.empty() ? value : "coalesce(" + value + ", " + std::string(column.missing) + ")");
            if (column.written == Written::with_each_step) {
                append(made.stored_columns, name);
                append(made.stored_values, "stored." + name);
            }
        }
        return made;
    }();
    return lists;
}

}  // namespace genie_slack::storage::lakebase

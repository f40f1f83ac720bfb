// Words for what the buttons below an answer do.
#include "app/relay/manners/button_request.hpp"

#include "app/answer/message/answer.hpp"
#include "tests/unit/app/relay/relay_world.hpp"

namespace button_request_test {

using namespace genie_slack;
using answer::FileFormat;
using relay::ButtonRequest;
using test::World;
using What = ButtonRequest::What;

struct Row {
    const char* words;
    What what;
    const char* chart;
    FileFormat format = FileFormat::automatic;
};

constexpr Row kRequests[] = {
    {"as a pie chart", What::chart, "pie"},
    {"as a pie chart please?", What::chart, "pie"},
    {"now as a bar chart", What::chart, "bar"},
    {"Can you show that as a line chart?", What::chart, "line"},
    {"pie chart", What::chart, "pie"},
    {"just the table please", What::chart, "none"},
    {"as a table", What::chart, "none"},
    {"als Tortendiagramm", What::chart, "pie"},
    {"bitte als Balkendiagramm", What::chart, "bar"},
    {"Kannst du mir das als Liniendiagramm zeigen?", What::chart, "line"},
    {"zeig es als Tabelle", What::chart, "none"},
    {"can I get that as CSV?", What::file, "", FileFormat::csv},
    {"as excel", What::file, "", FileFormat::xlsx},
    {"export the result to Excel, please", What::file, "", FileFormat::xlsx},
    {"download as a file", What::file, ""},
    {"give me a file", What::file, ""},
    {"can I get it as a file?", What::file, ""},
    {"as excel please", What::file, "", FileFormat::xlsx},
    {"als CSV", What::file, "", FileFormat::csv},
    {"Kann ich das als CSV-Datei haben?", What::file, "", FileFormat::csv},
    {"show me the SQL", What::sql, ""},
    {"can I see the query behind this?", What::sql, ""},
    {"SQL please", What::sql, ""},
    {"zeig mir das SQL", What::sql, ""},
    {"zeig mir bitte die Abfrage dazu", What::sql, ""},
    {"how was that calculated?", What::sql, ""},
    {"How did you calculate this?", What::sql, ""},
    {"Wie wurde das berechnet?", What::sql, ""},
    {"What SQL did you use?", What::sql, ""},
    {"what's the query behind this?", What::sql, ""},
    {"export please", What::file, ""},
    {"download", What::file, ""},
    {"show table", What::chart, "none"},
    {"same as excel", What::file, "", FileFormat::xlsx},
    // What it is wanted for changes nothing.
    {"show it as a table for the meeting", What::chart, "none"},
    {"show it as a table for my boss", What::chart, "none"},
    {"as a pie chart for the next board meeting", What::chart, "pie"},
    {"as a bar chart for our weekly", What::chart, "bar"},
    {"can I get that as CSV for the deck?", What::file, "", FileFormat::csv},
    {"show me the SQL for the report", What::sql, ""},
    {"als Tabelle fürs Meeting", What::chart, "none"},
    {"zeig es als Tabelle für meine Chefin", What::chart, "none"},
    {"bitte als CSV für die Präsentation", What::file, "", FileFormat::csv},
    // Doubts
    {"is that right?", What::check, ""},
    {"Is this correct?", What::check, ""},
    {"are you sure?", What::check, ""},
    {"are these numbers right?", What::check, ""},
    {"can that be right?", What::check, ""},
    {"stimmt das?", What::check, ""},
    {"ist das richtig?", What::check, ""},
    {"bist du sicher?", What::check, ""},
    {"\xC2\xBF"
     "es correcto?",
     What::check, ""},
    {"\xC2\xBF"
     "estás seguro?",
     What::check, ""},
    {"c'est juste ?", What::check, ""},
    {"tu es sûr ?", What::check, ""},
    // Spanish
    {"muéstrame el SQL", What::sql, ""},
    {"ver el SQL", What::sql, ""},
    {"muestra el SQL", What::sql, ""},
    {"muestra la consulta", What::sql, ""},
    {"\xC2\xBFpuedes mostrarme la consulta, por favor?", What::sql, ""},
    {"otra vez", What::again, ""},
    {"otra vez, por favor", What::again, ""},
    {"de nuevo", What::again, ""},
    {"repetir", What::again, ""},
    {"repite", What::again, ""},
    {"repítelo", What::again, ""},
    {"actualizar", What::again, ""},
    {"actualízalo", What::again, ""},
    {"tabla", What::chart, "none"},
    {"como tabla", What::chart, "none"},
    {"en una tabla", What::chart, "none"},
    {"enséñame la tabla", What::chart, "none"},
    {"en barras", What::chart, "bar"},
    {"como gráfico de barras", What::chart, "bar"},
    {"hazlo en barras", What::chart, "bar"},
    {"descargar", What::file, ""},
    {"exportar a Excel", What::file, "", FileFormat::xlsx},
    {"dame el archivo", What::file, ""},
    {"en CSV", What::file, "", FileFormat::csv},
    {"expórtalo a Excel, por favor", What::file, "", FileFormat::xlsx},
    {"\xC2\xBF"
     "es correcto?",
     What::check, ""},
    // German
    {"noch mal", What::again, ""},
    {"bitte noch mal", What::again, ""},
    {"noch einmal", What::again, ""},
    {"nochmal bitte", What::again, ""},
    {"wiederhole", What::again, ""},
    {"wiederhole das bitte", What::again, ""},
    {"wiederholen", What::again, ""},
    {"neu berechnen", What::again, ""},
    {"kannst du das neu berechnen?", What::again, ""},
    {"mach ein Kreisdiagramm draus", What::chart, "pie"},
    {"mach daraus bitte ein Balkendiagramm", What::chart, "bar"},
    {"zeig die Abfrage", What::sql, ""},
    // French
    {"montre le SQL", What::sql, ""},
    {"voir le SQL", What::sql, ""},
    {"montre-moi le SQL", What::sql, ""},
    {"montre la requête", What::sql, ""},
    {"peux-tu afficher la requête ?", What::sql, ""},
    {"encore une fois", What::again, ""},
    {"de nouveau", What::again, ""},
    {"à nouveau", What::again, ""},
    {"répète", What::again, ""},
    {"répéter", What::again, ""},
    {"actualiser", What::again, ""},
    {"tableau", What::chart, "none"},
    {"en tableau", What::chart, "none"},
    {"sous forme de tableau", What::chart, "none"},
    {"montre le tableau", What::chart, "none"},
    {"en barres", What::chart, "bar"},
    {"en graphique à barres", What::chart, "bar"},
    {"télécharger", What::file, ""},
    {"exporter vers Excel", What::file, "", FileFormat::xlsx},
    {"donne-moi le fichier", What::file, ""},
    {"en CSV, s'il te plaît", What::file, "", FileFormat::csv},
    {"c'est juste ?", What::check, ""},
    // Sharing
    {"share this", What::share, ""},
    {"please share this with #general", What::share, ""},
    {"can you share it in #sales?", What::share, ""},
    {"share that with the team", What::share, ""},
    {"teile das mit #general", What::share, ""},
    {"kannst du das im Channel teilen?", What::share, ""},
    {"compártelo con #general", What::share, ""},
    {"partage ça avec #general", What::share, ""},
};

TEST_CASE("a line that wants no more than a button does is known", "[manners]") {
    for (const Row& row : kRequests) {
        INFO(row.words);
        const auto request = relay::button_request(row.words);
        REQUIRE(request);
        CHECK(request->what == row.what);
        CHECK(request->chart == row.chart);
        CHECK(request->format == row.format);
    }
}

TEST_CASE("a line that wants anything more is for Genie", "[manners]") {
    for (const char* words :
         {"revenue by region as a pie chart", "as a pie chart by month", "only EMEA as CSV", "show me the data",
          "and by month?", "which file formats are there?", "the SQL of last month", "no pie chart",
          "show me the SQL. And revenue by month?", "show the SQL as CSV", "why is the query slow?", "", "thanks",
          "als Balkendiagramm für 2024", "how was revenue calculated?", "is the file complete?",
          "the table looks wrong", "zeig mir das", "give me all",
          // Spanish
          "otra vez por mes", "de nuevo para 2024", "repite con EMEA", "la tabla de clientes", "en una tabla por mes",
          "muestra los datos", "ventas en barras", "exportar los pedidos", "consulta los pedidos",
          "la consulta es lenta", "barras y mesas", "descargar la app", "actualizar los precios", "una vez al mes",
          "tabla de precios",
          // German
          "noch einmal nach Monat", "noch mal für 2024", "wiederhole das für EMEA", "noch", "noch mehr",
          "neu berechnen ohne AMER", "wie viele Kunden wiederholen eine Bestellung?", "zeig die Abfrage von gestern",
          "mach das draus",
          // French
          "encore une fois par mois", "de nouveau pour 2024", "répète avec EMEA", "le tableau des clients",
          "tableau par mois", "montre les données", "les ventes en barres", "télécharger les factures",
          "la requête est lente", "une fois par mois", "encore", "exporter les commandes vers Excel"}) {
        INFO(words);
        CHECK_FALSE(relay::button_request(words));
    }
}

struct AnsweredWorld : World {
    AnsweredWorld() {
        genie.query_title = "Revenue by region";
        deliver(question("revenue by region?", "100.1"));
        settle();
        REQUIRE(genie.asked.size() == 1);
    }
    void say(const std::string& text, const std::string& ts) {
        deliver(reply(text, ts, "100.1"));
        settle();
    }
};

TEST_CASE("who asks in words for what a button does gets that, and Genie is asked nothing", "[manners][actions]") {
    AnsweredWorld world;
    world.say("can I get that as CSV?", "100.2");
    CHECK(world.slack.uploads.size() == 1);
    world.say("show me the SQL", "100.3");
    REQUIRE_FALSE(world.slack.ephemerals.empty());
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("SELECT region"));
    world.deliver(world.question("as a pie chart please", "100.4", "100.1"));
    world.settle();
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("pie"));
    CHECK(world.slack.ephemerals.size() == 2);
    CHECK(world.genie.asked.size() == 1);
    CHECK(world.slack.in_thread("C1", "100.1").size() == 1);
}

TEST_CASE("such words are understood in a thread in every language", "[manners][actions]") {
    const char* const words = GENERATE("muestra la consulta", "otra vez", "en una tabla", "dame el archivo", "en CSV",
                                       "\xC2\xBF"
                                       "es correcto?",
                                       "noch mal", "wiederhole", "neu berechnen", "mach ein Kreisdiagramm draus",
                                       "zeig die Abfrage", "montre la requête", "encore une fois", "répète",
                                       "sous forme de tableau", "exporter vers Excel", "c'est juste ?");
    INFO(words);
    AnsweredWorld world;
    world.say(words, "100.2");
    // "Again" runs the query again, and asks nothing.
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a mention in words that comes as two events presses once", "[manners][actions]") {
    AnsweredWorld world;
    auto twin = world.question("show me the SQL", "100.2", "100.1", "Ev1");
    world.deliver(twin);
    std::get<slack::MessageEvent>(twin.body).mention = false;
    std::get<slack::MessageEvent>(twin.body).channel_type = "channel";
    twin.event_id = "Ev2";
    world.deliver(twin);
    world.settle();
    CHECK(world.slack.ephemerals.size() == 1);
    CHECK(world.genie.asked.size() == 1);
}

// What was said of the only answer, in notes that only who wrote reads.
void check_pressed_on_first(AnsweredWorld& world, const std::string& stamp) {
    const std::size_t asked = world.genie.asked.size();
    world.say("how was that calculated?", stamp + "1");
    REQUIRE_FALSE(world.slack.ephemerals.empty());
    CHECK_THAT(world.slack.ephemerals.back().second, test::contains("SELECT region"));
    world.say("give me a file", stamp + "2");
    CHECK(world.slack.uploads.size() == 1);
    world.say("as a pie chart", stamp + "3");
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("pie"));
    CHECK(world.genie.asked.size() == asked);
}

TEST_CASE("such words are about the last answer with a result, whatever failed since", "[manners][actions]") {
    AnsweredWorld world;
    SECTION("asked back") {
        world.genie.clarification = "I do not know that question.";
        world.say("what about zorblax?", "100.2");
        world.say("and what about zorblax in May?", "100.3");
    }
    SECTION("failed") {
        world.genie.endings.push_back(genie::MessageStatus::failed);
        world.say("what about zorblax?", "100.2");
    }
    SECTION("empty") {
        world.genie.result.rows.clear();
        world.genie.result.total_rows = 0;
        world.say("what about zorblax?", "100.2");
        // The first one has its rows.
        world.genie.result = test::FakeGenie().result;
        world.say("can I get it as a file?", "100.3");
        CHECK(world.slack.uploads.size() == 1);
        world.slack.uploads.clear();
        return;
    }
    check_pressed_on_first(world, "100.4");
}

TEST_CASE("such words are about the last answer with a result while another question runs", "[manners][actions]") {
    AnsweredWorld world;
    world.genie.hang = true;
    world.deliver(world.question("and by month?", "100.2", "100.1"));
    world.settle(std::chrono::seconds(3));
    const std::size_t before = world.genie.asked.size();
    world.deliver(world.reply("as csv please", "100.3", "100.1"));
    world.deliver(world.reply("show me the SQL", "100.4", "100.1"));
    world.settle(std::chrono::seconds(10));
    CHECK(world.slack.uploads.size() == 1);
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("SELECT region"));
    CHECK(world.genie.asked.size() == before);
    world.settle(std::chrono::minutes(5));
    CHECK(world.genie.asked.size() == before);
}

TEST_CASE("who asks for the file that is being made reads that it is on its way", "[manners][actions]") {
    World world;
    world.genie.query_title = "Revenue by region";
    world.genie.result.truncated = true;
    world.slack.upload_time = std::chrono::seconds(20);
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle(std::chrono::seconds(15));
    REQUIRE(world.slack.uploads.empty());
    world.deliver(world.reply("can I get it as a file?", "100.2", "100.1"));
    world.settle(std::chrono::seconds(1));
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("on its way"));
    world.settle();
    CHECK(world.slack.uploads.size() == 1);
    // It is there now.
    world.deliver(world.reply("give me a file", "100.3", "100.1"));
    world.settle();
    CHECK(world.slack.uploads.size() == 1);
    REQUIRE(world.slack.ephemerals.size() == 2);
    CHECK_THAT(world.slack.ephemerals[1].second, test::contains("Here is the file"));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("a chart that the last result does not have costs one private line", "[manners][actions]") {
    World world;
    world.genie.result.columns.resize(1);
    for (auto& row : world.genie.result.rows)
        row.resize(1);
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle();
    world.genie.clarification = "I do not know that question.";
    world.deliver(world.question("what about zorblax?", "100.2", "100.1"));
    world.settle();
    const std::size_t messages = world.slack.messages.size();
    world.deliver(world.reply("make it a line chart", "100.3", "100.1"));
    world.settle();
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("can't be shown that way"));
    CHECK(world.slack.messages.size() == messages);
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("such words before the first answer are no question: the person reads when they will help",
          "[manners][actions]") {
    relay::AccessRules rules;
    rules.users = {"U1"};
    World world({}, {}, World::runner_options(), rules);
    world.genie.hang = true;
    world.deliver(world.question("revenue by region?", "100.1"));
    world.settle(std::chrono::seconds(3));
    // Who may not ask is told nothing.
    auto line = world.reply("give me a file", "100.15", "100.1");
    std::get<slack::MessageEvent>(line.body).user = "U2";
    world.deliver(line);
    world.settle(std::chrono::seconds(3));
    CHECK(world.slack.ephemerals.empty());
    // Nor is anybody told twice what comes twice.
    world.deliver(world.reply("give me a file", "100.2", "100.1"));
    world.deliver(world.reply("give me a file", "100.2", "100.1"));
    world.settle(std::chrono::seconds(3));
    REQUIRE(world.slack.ephemerals.size() == 1);
    CHECK_THAT(world.slack.ephemerals[0].second, test::contains("Once the answer is there"));
    world.settle(std::chrono::minutes(10));
    CHECK(world.genie.asked.size() == 1);
}

TEST_CASE("whoever says such words below an answer is understood, unless people talk there", "[manners][actions]") {
    AnsweredWorld world;
    const auto says = [&world](const std::string& text, const std::string& stamp) {
        auto line = world.reply(text, stamp, "100.1");
        std::get<slack::MessageEvent>(line.body).user = "U2";
        world.deliver(line);
        world.settle();
    };
    says("as a pie chart", "100.2");
    CHECK_THAT(world.shown(world.slack.messages[0]), test::contains("pie"));
    // The thread is not closed to who said it.
    says("how many orders were there in May?", "100.3");
    CHECK(world.genie.asked.size() == 2);
    says("looks right to me", "100.4");
    says("we had the campaign in March", "100.5");
    const std::size_t uploads = world.slack.uploads.size();
    says("give me a file", "100.6");
    CHECK(world.slack.uploads.size() == uploads);
    CHECK(world.genie.asked.size() == 2);
}

TEST_CASE("below answers without a result such words are Genie's", "[manners][actions]") {
    World world;
    world.genie.clarification = "Which year?";
    world.deliver(world.question("revenue", "100.1"));
    world.settle();
    world.deliver(world.reply("as a pie chart", "100.2", "100.1"));
    world.settle();
    CHECK(world.genie.asked.size() == 2);
}

}  // namespace button_request_test

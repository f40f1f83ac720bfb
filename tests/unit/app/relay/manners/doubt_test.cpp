// Words that ask whether an answer is right.
#include "app/relay/manners/doubt.hpp"

#include "tests/catch.hpp"

namespace doubt_test {

using genie_slack::relay::asks_whether_right;

TEST_CASE("whether an answer is right is asked in four languages", "[words]") {
    for (const char* words : {"is that right?",
                              "Is this correct?",
                              "is that correct",
                              "are you sure?",
                              "are you sure",
                              "Are you really sure?",
                              "are you sure about that?",
                              "are these numbers right?",
                              "is the answer accurate?",
                              "can that be right?",
                              "correct?",
                              "hm, is that true?",
                              "ok is this right",
                              "double check please",
                              "please double-check these numbers",
                              "can you double check that?",
                              "can you verify this?",
                              "stimmt das?",
                              "stimmt die Zahl wirklich?",
                              "kann das stimmen?",
                              "ist das richtig",
                              "ist das korrekt?",
                              "bist du sicher?",
                              "bist du sicher, dass das stimmt?",
                              "kannst du das nochmal prüfen?",
                              "bitte überprüfen",
                              "\xC2\xBF"
                              "es correcto?",
                              "\xC2\xBF"
                              "estás seguro?",
                              "\xC2\xBF"
                              "está bien?",
                              "\xC2\xBFson correctos los números?",
                              "\xC2\xBFpuedes comprobarlo?",
                              "verifica esto",
                              "c'est juste ?",
                              "tu es sûr ?",
                              "est-ce que c'est vrai ?",
                              "ces chiffres sont justes ?",
                              "vous êtes sûr ?",
                              "tu peux vérifier s'il te plaît ?",
                              "vérifie"}) {
        INFO(words);
        CHECK(asks_whether_right(words));
    }
}

TEST_CASE("agreement is no doubt, and what says more is a question of its own", "[words]") {
    for (const char* words : {"",
                              "correct",
                              "right",
                              "sure",
                              "that is right",
                              "ok this is right",
                              "this is correct.",
                              "stimmt",
                              "das stimmt",
                              "es ist richtig",
                              "richtig",
                              "seguro",
                              "está bien",
                              "c'est juste",
                              "exact",
                              "show me the SQL",
                              "explain",
                              "is that right for October?",
                              "is 212k for october right?",
                              "are you sure it is EMEA?",
                              "is that net?",
                              "check",
                              "double check the deck",
                              "are you there?",
                              "is @ben right?",
                              "stimmt das für 2025?",
                              "are you sure? :joy:",
                              "Is that right? And by region?",
                              "numbers?"}) {
        INFO(words);
        CHECK_FALSE(asks_whether_right(words));
    }
}

}  // namespace doubt_test

// The words by which a line's kind is known (line_kind.hpp), of English and German; of Spanish and French the most
// common ones.
#pragma once

#include <string_view>

namespace genie_slack::relay::phrases {

// Word lists: words and phrases between "|", so that one look-up serves both. Umlauts are UTF-8.

// Thanks, praise, laughter and what else is said before a question or instead of one.
constexpr std::string_view kCourtesy =
    "|thanks|thank|thank you|thx|ty|tysm|cheers|great|nice|perfect|awesome|cool|excellent|wonderful|amazing|brilliant|"
    "lovely|super|wow|yay|lol|haha|hahaha|rofl|lmao|hehe|hm|hmm|hmmm|ah|aha|oh|ooh|ups|oops|phew|yikes|so|much|very|a|"
    "lot|lots|good|job|work|one|bot|genie|hi|hello|hey|hallo|moin|servus|morning|please|many|well|again|for|that|this|"
    "now|all|danke|dank|vielen|herzlichen|prima|toll|klasse|perfekt|dir|euch|schön|sehr|gut|wunderbar|spitze|hammer|"
    "krass|"
    "you|merci|top|bitte|lieben|echt|stark|besten|tausend|dankeschön|spannend|interessant|interesting|done|noted|"
    "gotcha|"
    "impressive|neat|sweet|wow|uff|puh|oha|aja|achso|ach|jo|ouch|autsch|oh "
    "weh|oje|ohje|argh|damn|mist|omg|wtf|oof|bingo|"
    "geil|schade|helpful|hilfreich|nice find|good find|nice catch|good catch|great question|great idea|great point|"
    "guter fund|bye|tschüss|ciao|love it|no way|told you|thought so|"
    // Spanish
    "gracias|muchas|muchísimas|mil|por todo|por la ayuda|por tu ayuda|perfecto|genial|excelente|estupendo|fantástico|"
    "por favor|increíble|maravilloso|guay|chévere|bravo|muy|muy amable|buen trabajo|hola|buenas|buenos días|buenas "
    "tardes|"
    "buenas noches|interesante|jaja|jajaja|jajajaja|jeje|jejeje|jiji|xd|vaya|"
    // French
    "s'il te plaît|s'il vous plaît|beaucoup|infiniment|mille fois|un grand|à toi|à vous|pour tout|pour ton aide|pour "
    "votre aide|c'est gentil|"
    "c'est parfait|c'est super|parfait|génial|formidable|magnifique|chouette|nickel|impeccable|très|trop|trop bien|"
    "bien joué|bon travail|beau travail|bonjour|bonsoir|salut|coucou|intéressant|mdr|ptdr|hihi|oups|ouf|";
// Of those, words that make a courtesy of a line; the others only fill it up.
constexpr std::string_view kCourtesyFiller =
    "|you|so|much|very|a|lot|lots|one|for|that|this|now|all|dir|euch|again|job|work|many|please|bitte|genie|bot|"
    "muchas|muchísimas|mil|muy|por favor|s'il te plaît|s'il vous plaît|por todo|por la ayuda|por tu "
    "ayuda|beaucoup|infiniment|mille fois|un grand|très|trop|"
    "à toi|à vous|pour tout|pour ton aide|pour votre aide|";
constexpr std::string_view kAgreement =
    "|yes|yep|yeah|yup|y|no|nope|nah|ok|okay|k|sure|right|correct|exactly|agreed|true|absolutely|definitely|indeed|"
    "fine|"
    "both|either|neither|ja|jep|jo|jawohl|nein|nee|nö|genau|richtig|stimmt|klar|passt|okay|oki|beides|beide|"
    "gerne|einverstanden|korrekt|logisch|eben|alles klar|got it|of course|not really|makes sense|sounds good|will do|"
    "fair enough|good point|good to know|i see|i agree|same here|no worries|no problem|you're welcome|my bad|on it|"
    "never mind|nevermind|forget it|fair point|good idea|good question|no idea|kein problem|kein ding|kein plan|"
    "keine ahnung|gute frage|guter punkt|gute idee|macht sinn|ergibt sinn|klingt gut|sieht gut aus|weiß nicht|"
    "auf jeden fall|na klar|ach so|vergiss es|egal|schon gut|looks good|looks great|looks right|+1|lgtm|"
    "jup|jepp|jap|joa|kk|ack|np|nvm|okidoki|roger|copy that|ditto|dito|genauso|verstehe|verstanden|gut zu wissen|"
    "stimmt auch wieder|gern geschehen|hab ich mir gedacht|hatte ich mir gedacht|"
    "one sec|one second|one moment|one minute|moment|a moment|just a moment|just a sec|just a minute|two minutes|sec|"
    "in a minute|in a sec|in a bit|give me a sec|give me a minute|hold on|hang on|brb|wait|warte|kurz warten|"
    // Spanish
    "sí|si|bien|vale|de acuerdo|claro|claro que sí|claro que si|por supuesto|exacto|exactamente|correcto|entendido|"
    "ya veo|de nada|sin problema|no hay problema|buena pregunta|buena idea|está bien|muy bien|bueno|tiene sentido|"
    "listo|ambos|ambas|"
    // French
    "oui|ouais|non|d'accord|daccord|dac|bien sûr|tout à fait|exact|exactement|entendu|compris|ça marche|ça va|"
    "pas de souci|pas de problème|je vois|bonne question|bonne idée|c'est bon|c'est noté|noté|très bien|de rien|"
    "les deux|";
// Who is thanked, or praised, may stand behind these.
constexpr std::string_view kThanks =
    "|thanks|thank you|thx|ty|cheers|danke|danke dir|dank|merci|gracias|good job|great job|nice job|good work|great "
    "work|"
    "nice work|nice one|good one|";
// Agreement where they are all that is said; else the beginning of something.
constexpr std::string_view kAgreementAlone = "|please|bitte|same|this|";
// Who corrects himself begins so.
constexpr std::string_view kLeadIns = "|sorry|sry|oh sorry|ah sorry|oops|actually|entschuldigung|eigentlich|ach ja|ne|";
// What may stand before what a sentence really says.
constexpr std::string_view kOpeners = "|and|but|so|then|also|or|now|und|aber|oder|dann|jetzt|nun|y|pero|et|mais|";

constexpr std::string_view kInterrogatives =
    "|what|what's|whats|how|how's|hows|which|who|who's|whose|when|where|where's|why|why's|was|wie|wer|wem|wen|wessen|"
    "wann|wo|"
    "woher|wohin|woran|wodurch|warum|wieso|weshalb|welche|welcher|welches|welchen|welchem|wieviel|wieviele|"
    "qué|por qué|cuál|cuáles|cuánto|cuánta|cuántos|cuántas|cómo|cuándo|dónde|quién|quiénes|"
    "pourquoi|combien|quand|quel|quelle|quels|quelles|";
constexpr std::string_view kAuxiliaries =
    "|is|are|was|were|do|does|did|has|have|had|can|could|will|would|isn't|aren't|wasn't|don't|doesn't|didn't|hasn't|"
    "haven't|can't|couldn't|ist|sind|war|waren|hat|haben|hatte|hatten|gab|gibt|gibt's|kann|kannst|können|könntest|"
    "könnten|wird|werden|wurde|wurden|liegt|lag|kommt|kam|stieg|steigt|sank|sinkt|fiel|fällt|lief|läuft|"
    "enthält|enthalten|zählt|zählen|fehlt|fehlen|gehört|gehören|beinhaltet|beinhalten|umfasst|umfassen|steigen|"
    "sinken|fallen|wächst|wachsen|";
// Also behind an interrogative: "wie sieht der Trend aus".
constexpr std::string_view kAskingVerbs =
    "|sieht|siehts|sehen|entwickelt|entwickeln|kostet|dauert|steht|macht|happened|";
// After these an auxiliary at the beginning asks.
constexpr std::string_view kSubjects =
    "|the|that|this|these|those|it|there|you|we|they|he|she|i|all|any|our|my|its|u|der|die|das|dies|diese|dieser|"
    "dieses|den|dem|es|du|wir|sie|er|man|unser|unsere|mein|meine|alle|da|ich|in|im|emea|";
// What goes on with a question: fragments that begin so, also behind "and".
constexpr std::string_view kContinuations =
    "|and|or|but|only|just|by|per|for|in|with|without|excluding|except|including|incl|excl|since|from|until|before|"
    "after|"
    "during|between|over|vs|versus|compared|top|bottom|first|last|next|previous|same|instead|also|now|then|as|sorted|"
    "grouped|split|broken|what about|how about|on|at|under|above|below|within|not|more|less|this|older|newer|"
    "und|oder|aber|nur|bloß|nach|pro|je|für|im|mit|ohne|außer|seit|von|vom|ab|bis|vor|zwischen|während|über|unter|"
    "verglichen|gegenüber|erste|ersten|letzte|letzter|letztes|letzten|nächste|nächsten|vorige|gleiche|gleichen|"
    "dasselbe|dieselbe|das gleiche|statt|stattdessen|auch|jetzt|nun|dann|als|sortiert|gruppiert|aufgeteilt|"
    "aufgeschlüsselt|aus|bei|inklusive|exklusive|ohne|dieses|diesen|mehr|weniger|am|an|auf|"
    "y|pero|por|para|solo|sólo|solamente|sin|con|desde|hasta|et|mais|par|seulement|sans|avec|depuis|jusque|";
constexpr std::string_view kImperatives =
    "|show|give|list|compare|plot|draw|chart|filter|exclude|include|add|remove|limit|break|drill|display|calculate|"
    "compute|sum|count|sort|order|group|split|rank|convert|use|explain|describe|summarize|summarise|tell me|get|find|"
    "make it|make that|make "
    "this|turn|export|visualize|visualise|forecast|repeat|rerun|zeig|zeige|gib|liste|vergleiche|vergleich|zeichne|"
    "filtere|sortiere|sortier|gruppiere|berechne|addiere|summiere|zähle|erkläre|erklär|mach|mache|stell|nimm|lass|"
    "teile|schlüssle|schlüssel|füge|entferne|rechne|ergänze|wiederhole|such|suche|finde|nenne|nenn|"
    "put it in|put it as|put that in|change it to|change that to|switch it to|run it again|run that again|run this "
    "again|"
    "narrow it|extend it|restrict it|round it|translate it|";
constexpr std::string_view kWishes =
    "|i need|i want|i'd like|i would like|i mean|i meant|i was asking|we need|we want|ich brauche|ich bräuchte|"
    "ich möchte|ich will|ich meine|ich meinte|ich hätte gern|ich hätte gerne|wir brauchen|";
// With "I" or "we" before them, and perhaps a small word between.
constexpr std::string_view kWishVerbs =
    "|need|want|meant|was looking for|was asking for|brauch|brauche|brauchen|bräuchte|bräuchten|möchte|möchten|wollte|"
    "meinte|";
// They say something; no fragment has them.
constexpr std::string_view kFiniteVerbs =
    "|is|are|was|were|am|be|been|it's|that's|there's|he's|she's|what's|i'm|i'll|i'd|i've|we're|we'll|we've|we'd|"
    "they're|they'll|they've|you're|you'll|isn't|aren't|wasn't|weren't|has|have|had|hasn't|haven't|do|does|did|don't|"
    "doesn't|didn't|can|can't|could|couldn't|will|won't|would|wouldn't|should|shouldn't|must|may|might|let's|lets|"
    "look|looks|looked|seem|seems|seemed|sound|sounds|make|makes|mean|means|explain|explains|think|believe|guess|"
    "suppose|assume|doubt|wonder|know|knew|see|saw|get|got|gets|forgot|need|needs|want|wants|go|goes|went|ran|came|"
    "come|comes|said|say|says|told|tell|heard|agree|disagree|love|loves|hate|hope|happened|happens|talked|checked|"
    "asked|fixed|sent|forwarded|forwarding|checking|looking|sharing|adding|thinking|forward|announced|decided|"
    "ist|sind|war|waren|bin|hat|haben|hatte|hatten|habe|hab|wird|werden|wurde|wurden|werde|kann|kannst|können|könnte|"
    "könnten|muss|müssen|müsste|soll|sollte|sollten|sollen|will|wollen|möchte|darf|passt|stimmt|sieht|klingt|macht|"
    "glaube|glaub|denke|denk|finde|find|vermute|schätze|weiß|weiss|liegt|lag|kommt|kam|kamen|lief|liefen|gab|gibt|"
    "gibt's|gab's|schaue|schau|gucke|guck|leite|schicke|schick|sehe|seh|sehen|steht|stehen|hoffe|meine|meinte|heißt|"
    "bedeutet|erklärt|ging|geht|"
    "läuft|brauche|brauchen|frage|frag|kläre|prüfe|würde|wäre|wären|hätte|hätten|ists|hats|"
    "está|están|fue|fueron|parece|creo|tiene|tienen|est|sont|c'est|c'était|était|semble|crois|pense|";
constexpr std::string_view kFirstPersonSingular = "|i|i'm|i'll|i'd|i've|me|my|mine|myself|";
constexpr std::string_view kFirstPersonSingularGerman = "|ich|mir|mich|mein|meine|meinen|meiner|";
constexpr std::string_view kFirstPersonPlural = "|we|we're|we'll|we've|us|wir|uns|";
constexpr std::string_view kSecondPerson =
    "|you|your|yours|yourself|u|ya|you're|you've|you'll|du|dir|dich|dein|deine|deinen|deiner|euch|euer|eure|eurem|"
    "kannst|könntest|hast|weißt|weisst|bist|magst|willst|meinst|denkst|findest|";
// Behind these a clause follows that belongs to a fragment: "only those who have ordered twice".
constexpr std::string_view kRelatives = "|who|whose|which|where|whom|welche|welcher|welches|deren|dessen|wo|die|der|";
constexpr std::string_view kEverybody =
    "|guys|folks|everyone|everybody|anyone|anybody|someone|somebody|y'all|colleagues|leute|kollegen|kolleginnen|"
    "jemand|jemanden|irgendwer|irgendjemand|zusammen|hi all|hi team|hey team|hey all|hallo team|dear all|fyi|btw|";
// What one asks or offers people, never data.
constexpr std::string_view kBetweenPeople =
    "|what do you think|do you think|you think|do you know|did you|have you|are you free|are you ok|are you there|"
    "are you coming|will you|let's|lets|shall we|should we|shall i|should i|let me|can we talk|can we meet|can we "
    "discuss|"
    "could we talk|could we meet|can we sync|what are your thoughts|any thoughts|thoughts|any idea|any ideas|any "
    "objections|"
    "shall i|who can|who could|who wants|who knows|who will|who's going|who's in|are we sure|are we still|are we ok|"
    "are we good|do we agree|do we want|do we need|do we have to|do we think|do we know|was meinst|was denkst|"
    "meinst du|weißt du|weisst du|hast du|habt ihr|könnt ihr|seid ihr|wisst ihr|seht ihr|bist du|was sagst|"
    "was sagt ihr|was meint ihr|was denkt ihr|sollen wir|wollen wir|sollten wir|lass uns|lasst uns|lasst mich|"
    "lass mich|wer kann|wer könnte|wer will|wer weiß|wer kümmert|können wir reden|können wir sprechen|kann ich mal|"
    "treffen wir|reden wir|sind wir sicher|wissen wir|brauchen wir|haben wir das|soll ich|sollte ich|i'll|ich frage|"
    "ich frag|ich schau|ich schaue|ich kläre|ich prüfe|ich leite|ich schicke|"
    "müssen wir|dürfen wir|any update|any updates|any news|was neues|an alle|in die runde|where are you|wo bist du|wo "
    "seid|"
    "your vacation|your holiday|your weekend|";
// With "can we" before them.
constexpr std::string_view kPlans =
    "|tomorrow|later|the weekly|the daily|monday|tuesday|wednesday|thursday|friday|discuss|talk|meet|morgen|übermorgen|"
    "später|im weekly|im daily|ins weekly|montag|dienstag|mittwoch|donnerstag|freitag|besprechen|diskutieren|reden|"
    "sprechen|treffen|";
// With "who" before them: what colleagues do, rather than customers.
constexpr std::string_view kWork =
    "|own|owns|owned|maintain|maintains|broke|built|wrote|responsible|in charge|on call|on duty|presents|presenting|"
    "pflegt|betreut|baut|gebaut|geschrieben|verantwortlich|zuständig|präsentiert|";
// With "is" and a name before them.
constexpr std::string_view kPresence =
    "|in|here|available|free|back|around|sick|online|today|da|hier|krank|unterwegs|zurück|erreichbar|verfügbar|heute|";
// What people are asked to do, with "you" in the same sentence.
constexpr std::string_view kPeopleVerbs =
    "|check|look|send|forward|ask|join|call|ping|review|confirm|fix|update|prepare|talk|discuss|meet|share|approve|"
    "help|present|";
constexpr std::string_view kPeopleVerbsGerman =
    "|prüfen|anschauen|ansehen|nachschauen|nachsehen|schicken|weiterleiten|fragen|bestätigen|klären|kümmern|anrufen|"
    "reden|sprechen|helfen|schauen|übernehmen|draufschauen|checken|";
// The same, but data has these as well: "show what the stores take" is for the bot.
constexpr std::string_view kPeopleVerbsOfData = "|take|own|handle|";
constexpr std::string_view kSocial =
    "|lunch|coffee|meeting|meetings|standup|zoom|teams|slides|deck|screenshot|beer|pizza|office|mittag|mittagessen|"
    "kaffee|büro|termin|folien|urlaub|feierabend|weekend|wochenende|huddle|dm|";
constexpr std::string_view kTags =
    "|right|oder|ok|okay|no|ne|gell|correct|eh|huh|yes|ja|nein|nicht wahr|isn't it|wasn't it|doesn't "
    "it|stimmt's|stimmts|"
    "really|seriously|wtf|sure|echt|wirklich|ernsthaft|hä|oder nicht|or not|or|aren't they|didn't it|didn't they|"
    "weren't they|n'est ce pas|hein|non|verdad|no es así|";
constexpr std::string_view kSuggestions =
    "|maybe|perhaps|probably|possibly|presumably|because|due|cause|cuz|apparently|vielleicht|wahrscheinlich|"
    "vermutlich|weil|wegen|anscheinend|evtl|eventuell|bestimmt|sicher|";
// A question about what somebody just said.
constexpr std::string_view kAboutThis =
    "|is that right|is this right|is that correct|is this correct|is that ok|is that normal|is this normal|is that "
    "true|"
    "is that expected|is this expected|is it just me|does that make sense|does this make sense|why is that|why's that|"
    "why is this|what's that|what is that|what is this|what's this|who did that|who did this|why not|how come|how so|"
    "says who|since when|stimmt das|passt das|klappt das|geht das|ist das richtig|ist das korrekt|ist das ok|"
    "ist das normal|ist das so|warum das|wieso das|warum nicht|wieso nicht|wie das|was ist das|wer war das|seit wann|"
    "was soll das|wie bitte|was jetzt|what now|now what|por qué|";
constexpr std::string_view kExclamations =
    "|what a|which is|which means|which makes|which explains|when we|when i|what i|what we|how nice|how funny|how cool|"
    "how odd|how weird|how strange|how sad|how interesting|how so|was für ein|was für eine|wer weiß|wie schön|"
    "wie gesagt|wie immer|wie erwartet|wie vermutet|wie besprochen|wo wir|was mich|was ich|was wir|was uns|who knows|"
    "why not|warum nicht|where we|where i|which we|as expected|as discussed|as usual|as i|as we|as far|by the way|"
    "in my|in meiner|meiner meinung|just saying|just a|just in|just checking|just wondering|for now|for sure|for real|"
    "as always|as ever|oh really|not sure|not bad|not good|not great|not surprising|not surprised|not yet|not my|on "
    "my|on the other|at least|"
    "at last|after all|in fact|in the end|über den|mit mir|von mir|von uns|nicht|same as|more or less|mehr oder|"
    "und zwar|and so|and yes|und ja|auf dem|am ende|im ernst|im grunde|auch gut|auch schön|dann eben|dann halt|"
    "dann ist|dann passt|sorry|nice work|good work|great work|great news|good news|bad news|closing|siehe|who "
    "would|well|ask|ping|moving|congrats|"
    "congratulations|ignore|pls ignore|please ignore|glückwunsch|glückwünsche|krass|mega|na dann|frag|"
    "zur info|zur erinnerung|zur kenntnis|zk|für später|aus versehen|bis gleich|bis morgen|bis später|bis dann|auf "
    "keinen|"
    "in arbeit|in progress|for later|for reference|for info|for the record|fwiw|afaik|iirc|fyi|as mentioned|back "
    "in|tbh|tbd|tba|in which "
    "case|"
    "by mistake|by accident|just great|just perfect|for what it's|which might|which could|which may|which would|which "
    "should|which also|which probably|"
    "what the hell|what the heck|what on earth|wer hätte|from what i|from what we|nach wie|"
    "nobody|niemand|no one|nothing new|nichts neues|";

}  // namespace genie_slack::relay::phrases

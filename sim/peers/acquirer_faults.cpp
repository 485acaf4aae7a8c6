// What can be wrong with whoever takes the cards' money.
#include "sim/peers/acquirer.hpp"

namespace tillrig::peers::acquirer_faults {
namespace {

words::Row<words::Fault> row(words::Word word, std::string_view heals,
                             Acquirer::Trouble (*make)(const words::Args&)) {
  words::Fault fault;
  static_cast<words::Word&>(fault) = std::move(word);
  fault.domain = "acquirer";
  fault.start = [make](words::Target& target, words::FaultId id, const words::Args& args) {
    static_cast<Acquirer&>(target).begin(id, make(args));
  };
  fault.heal = [](words::Target& target, words::FaultId id) {
    static_cast<Acquirer&>(target).end(id);
  };
  fault.heals = heals;
  return words::Row<words::Fault>(std::move(fault));
}

const auto kSlow = row({.name = "acquirer.slow",
                        .doc = "The acquirer of the cards answers later than usual.",
                        .params = {{"by", words::Kind::lasting, "so much later", true}},
                        .example = R"({ fault = "acquirer.slow", by = "9s" })"},
                       "It answers as usual; answers that are on their way come when they come.",
                       [](const words::Args& args) {
                         Acquirer::Trouble trouble;
                         trouble.slower = args.duration("by");
                         return trouble;
                       });
const auto kSilent =
    row({.name = "acquirer.silent",
         .doc = "The acquirer charges and reverses what it is asked to, and no terminal hears of "
                "it.",
         .params = {},
         .example = R"({ fault = "acquirer.silent", for = "2m" })"},
        "It answers again; what it did not say it never says.", [](const words::Args&) {
          Acquirer::Trouble trouble;
          trouble.silent = true;
          return trouble;
        });
const auto kRefuses = row({.name = "acquirer.refuses",
                           .doc = "The acquirer declines every card.",
                           .params = {},
                           .example = R"({ fault = "acquirer.refuses", for = "2m" })"},
                          "It approves again.", [](const words::Args&) {
                            Acquirer::Trouble trouble;
                            trouble.refuses = true;
                            return trouble;
                          });
const auto kQuiet = row({.name = "acquirer.quiet",
                         .doc = "The acquirer does not tell the cloud what became of payments.",
                         .params = {},
                         .example = R"({ fault = "acquirer.quiet", for = "4h" })"},
                        "It tells all that it owes, oldest first.", [](const words::Args&) {
                          Acquirer::Trouble trouble;
                          trouble.quiet = true;
                          return trouble;
                        });
const auto kDoubles = row({.name = "acquirer.doubles",
                           .doc = "The acquirer tells the cloud everything twice.",
                           .params = {},
                           .example = R"({ fault = "acquirer.doubles", for = "1h" })"},
                          "It tells everything once; nothing was held.", [](const words::Args&) {
                            Acquirer::Trouble trouble;
                            trouble.doubles = true;
                            return trouble;
                          });
const auto kByAmount =
    row({.name = "acquirer.by_amount",
         .doc = "What becomes of a payment follows from the last two digits of its amount: .05 "
                "refused, .51 no funds, .55 wrong PIN, .61 half of it, .63 a tenth more, .64 in "
                "dollars, .68 answered too late, .69 never answered.",
         .params = {},
         .example = R"({ fault = "acquirer.by_amount", for = "1h" })"},
        "Every amount is approved again.", [](const words::Args&) {
          Acquirer::Trouble trouble;
          trouble.by_amount = true;
          return trouble;
        });

}  // namespace
}  // namespace tillrig::peers::acquirer_faults

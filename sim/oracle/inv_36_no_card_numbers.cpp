#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <variant>

namespace tillrig::oracle::inv_36_no_card_numbers {
namespace {

constexpr std::size_t kShortest = 15;  // digits of the number on a card; a scanned code has 13
constexpr std::size_t kLongest = 19;

// Those that this world's customers have.
constexpr std::string_view kCards[] = {"6759649826404711", "5500005555560005", "4111111111169903"};

// What machines tell each other is full of digits that are something else.
std::string_view known_number_in(std::string_view text) {
  for (const std::string_view card : kCards) {
    if (text.find(card) != text.npos) return card;
  }
  return {};
}

bool passes_luhn(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    int value = *digit - '0';
    if (twice) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
    twice = !twice;
  }
  return sum % 10 == 0;
}

// The first run of digits that could be the number of a card; empty: there is none.
std::string_view card_number_in(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  for (std::size_t at = text.find_first_of(kDigits); at != text.npos;
       at = text.find_first_of(kDigits, at)) {
    const std::size_t end = std::min(text.find_first_not_of(kDigits, at), text.size());
    const std::string_view run = text.substr(at, end - at);
    // Within a word it is a part of something else, such as a hash.
    const bool apart =
        (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0) &&
        (end == text.size() || std::isalnum(static_cast<unsigned char>(text[end])) == 0);
    const bool brand = apart && run.front() >= '3' && run.front() <= '6';
    if (brand && run.size() >= kShortest && run.size() <= kLongest && passes_luhn(run)) return run;
    at = end;
  }
  return {};
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {}

  void look(std::string_view text, const std::string& till, Instant at, int line,
            std::string_view where) {
    found(card_number_in(text), till, at, line, where);
  }

  void look_for_known(std::string_view text, const std::string& till, Instant at,
                      std::string_view where) {
    found(known_number_in(text), till, at, 0, where);
  }

  void found(std::string_view number, const std::string& till, Instant at, int line,
             std::string_view where) {
    ++judgement_.judged;
    if (number.empty()) return;
    judgement_.blame(till, at, line, fmt::format("The number of a card stands {}.", where),
                     "its last four digits at most",
                     fmt::format("{}... ({} digits)", number.substr(0, 2), number.size()));
  }

  Judgement run() {
    const Tapes& tapes = evidence_.tapes;
    for (const WireEntry& wire : tapes.wire) {
      look_for_known(wire.body, wire.till, wire.sent, "in what a till sends");
      look_for_known(wire.answer, wire.till, wire.ended, "in what the cloud answers");
    }
    for (const CashierEntry& entry : tapes.cashier) {
      look(entry.text, entry.till, entry.at, entry.line, "on the screen");
      for (const Fact& fact : entry.facts.all()) {
        const auto* const text = std::get_if<std::string>(&fact.value);
        if (text != nullptr) look(*text, entry.till, entry.at, entry.line, "on the screen");
      }
    }
    for (const PaperEntry& paper : tapes.paper) {
      look(paper.text, paper.till, paper.at, paper.line, "on paper");
    }
    for (const HeldBody& held : tapes.held) {
      look_for_known(held.body, {}, evidence_.life.end(), "in the cloud's books");
    }
    return std::move(judgement_);
  }

 private:
  const Evidence& evidence_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  if (!evidence.tapes.settlement_known) return {};  // nobody has seen a card
  return Checker(evidence).run();
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-36",
     .doc = "The number of a card stands nowhere: not on the wire, not on the screen, not on "
            "paper, not in the cloud.",
     .params = {},
     .example = "waive = { INV-36 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_36_no_card_numbers

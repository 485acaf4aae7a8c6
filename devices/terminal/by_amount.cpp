#include "devices/terminal/by_amount.hpp"

#include <array>
#include <string>

namespace tillrig::terminal {
namespace {

using std::chrono::seconds;

constexpr unsigned kHalf = 50;
constexpr unsigned kTooMuch = 110;

constexpr std::array kAmountRules = {
    AmountRule{5, "refused", "The card's bank says no.", Verdict::declined, Reason::card_refused},
    AmountRule{51, "no_funds", "The account does not have the money.", Verdict::declined,
               Reason::no_funds},
    AmountRule{54, "expired_card", "The card has expired.", Verdict::declined,
               Reason::expired_card},
    AmountRule{55, "wrong_pin", "The PIN was wrong.", Verdict::declined, Reason::wrong_pin},
    AmountRule{61, "partial", "Half of the amount is approved.", Verdict::approved_in_part,
               Reason::none, kHalf},
    AmountRule{62, "blocked_card", "The card is blocked.", Verdict::declined, Reason::blocked_card},
    AmountRule{63, "wrong_amount", "A tenth more than asked is charged.", Verdict::approved,
               Reason::none, kTooMuch},
    AmountRule{64, "wrong_currency", "It is charged in dollars.", Verdict::approved, Reason::none,
               100, true, true, seconds(0), "USD"},
    AmountRule{67, "slow_approval", "Approved, nine seconds later than usual.", Verdict::approved,
               Reason::none, 100, true, true, seconds(9)},
    AmountRule{68, "late_approval",
               "Approved and charged, but the answer comes when the terminal has given up.",
               Verdict::approved, Reason::none, 100, true, true, seconds(20)},
    AmountRule{69, "time_out", "Charged, and never answered.", Verdict::approved, Reason::none, 100,
               true, false},
    AmountRule{90, "no_answer", "Neither charged nor answered.", Verdict::approved, Reason::none,
               100, false, false},
    AmountRule{91, "issuer_down", "The card's bank cannot be reached.", Verdict::declined,
               Reason::issuer_down}};

constexpr std::string_view kNoPreset = "none";
constexpr std::string_view kCentsPreset = "cents";

}  // namespace

std::span<const AmountRule> amount_rules() {
  return kAmountRules;
}

bool is_preset(std::string_view preset) {
  return preset == kNoPreset || preset == kCentsPreset;
}

const AmountRule* rule_for(std::string_view preset, base::Money amount) {
  if (preset != kCentsPreset) return nullptr;
  for (const AmountRule& rule : kAmountRules) {
    if (amount.minor % 100 == rule.cents) return &rule;
  }
  return nullptr;
}

HostAnswer answer_of(const AmountRule* rule, const HostRequest& request, std::string code) {
  HostAnswer answer;
  answer.id = request.id;
  answer.verdict = Verdict::approved;
  answer.amount = request.amount;
  if (rule != nullptr) {
    answer.verdict = rule->verdict;
    answer.reason = rule->reason;
    answer.amount = base::Money{request.amount.minor * rule->percent / 100};
    answer.currency = std::string(rule->currency);
  }
  if (charged(answer.verdict) == Charged::yes) answer.authorisation_code = std::move(code);
  return answer;
}

}  // namespace tillrig::terminal

#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"

#include <fmt/format.h>

#include <string_view>

namespace tillrig::oracle::inv_22_money_is_whole {
namespace {

// Asked for every key of every body of a run: by its length first.
bool is_amount(std::string_view key) {
  switch (key.size()) {
    case 3:
      return key == "tax";
    case 5:
      return key == "total" || key == "given";
    case 6:
      return key == "amount" || key == "change";
    case 8:
      return key == "discount";
    case 10:
      return key == "unit_price";
    default:
      return false;
  }
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Goes over the letters of one body, so that a number is seen as it stands there and not as a
// parser understood it.
class Letters {
 public:
  Letters(const Evidence& evidence, const WireEntry& wire, Judgement& judgement)
      : evidence_(evidence), wire_(wire), body_(wire.body), judgement_(judgement) {}

  void read() {
    while (at_ < body_.size()) {
      const char c = body_[at_];
      if (c == '"') {
        quoted();
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        number();
      } else {
        ++at_;
      }
    }
  }

 private:
  void quoted() {
    const std::size_t first = ++at_;
    while (at_ < body_.size() && body_[at_] != '"') at_ += body_[at_] == '\\' ? 2 : 1;
    if (at_ >= body_.size()) return;
    const std::string_view text = body_.substr(first, at_ - first);
    ++at_;
    std::size_t next = at_;
    while (next < body_.size() && is_space(body_[next])) ++next;
    if (next < body_.size() && body_[next] == ':') {
      key_ = text;
      at_ = next + 1;
      return;
    }
    if (key_ == "uuid") id_ = text;
    if (!is_amount(key_)) return;
    ++judgement_.judged;
    found(fmt::format("\"{}\"", text));
  }

  void number() {
    const std::size_t first = at_;
    bool whole = true;
    for (; at_ < body_.size(); ++at_) {
      const char c = body_[at_];
      if (c == '.' || c == 'e' || c == 'E') {
        whole = false;
      } else if (c != '+' && c != '-' && (c < '0' || c > '9')) {
        break;
      }
    }
    if (is_amount(key_)) ++judgement_.judged;
    if (!whole) found(body_.substr(first, at_ - first));
  }

  void found(std::string_view text) {
    Violation violation = evidence_.witness(id_);
    violation.at = wire_.sent;
    if (violation.till.empty()) violation.till = wire_.till;
    violation.what = fmt::format("In exchange {} {} sent the {} with a \"{}\" that is not whole.",
                                 wire_.exchange, wire_.till, evidence_.name(id_), key_);
    violation.expected = "a whole JSON number of minor units, without point or exponent";
    violation.seen = text;
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  const WireEntry& wire_;
  std::string_view body_;
  Judgement& judgement_;
  std::size_t at_ = 0;
  std::string_view key_;
  std::string_view id_;
};

Violation nobody_can_read(const WireEntry& wire) {
  Violation violation;
  violation.at = wire.sent;
  violation.till = wire.till;
  violation.what = fmt::format("In exchange {} {} sent {} bytes whose amounts nobody can read.",
                               wire.exchange, wire.till, wire.body.size());
  violation.expected = "a body that can be unpacked";
  violation.seen = wire.unreadable;
  return violation;
}

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  for (const WireEntry& wire : evidence.tapes.wire) {
    if (!wire.target.starts_with("/v1/sync/up")) continue;
    if (!wire.unreadable.empty()) {
      ++judgement.judged;
      judgement.violations.push_back(nobody_can_read(wire));
      continue;
    }
    Letters(evidence, wire, judgement).read();
  }
  return judgement;
}

const words::Row<Invariant> kRow{Invariant{
    {.name = "INV-22",
     .doc = "Every amount that a till sends is a whole number of minor units; money that passed "
            "through floating point inside the stack is found by a test over the sources.",
     .params = {},
     .example = "waive = { INV-22 = \"why it cannot hold here\" }"},
    "always",
    "safety",
    check}};

}  // namespace
}  // namespace tillrig::oracle::inv_22_money_is_whole

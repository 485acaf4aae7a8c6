#include "sim/world/card_house.hpp"

#include "devices/terminal/by_amount.hpp"
#include "devices/terminal/device.hpp"
#include "pos/base/spawn.hpp"
#include "pos/wire/attempt.hpp"
#include "sim/world/cloud_door.hpp"

#include <map>
#include <string>
#include <utility>

namespace tillrig::world {

using base::Instant;
using peers::CardQuestion;
using terminal::HostAnswer;
using terminal::HostRequest;
using terminal::Verdict;

namespace {

constexpr base::Duration kTriesAgain = std::chrono::seconds(5);

CardQuestion::Errand errand_of(terminal::Errand errand) {
  switch (errand) {
    case terminal::Errand::authorise:
      return CardQuestion::Errand::authorise;
    case terminal::Errand::advise:
      return CardQuestion::Errand::advise;
    case terminal::Errand::reverse:
      return CardQuestion::Errand::reverse;
    case terminal::Errand::settle:
      break;
  }
  return CardQuestion::Errand::settle;
}

}  // namespace

// One terminal's way to the acquirer.
class CardHouse::Line final : public terminal::Host {
 public:
  Line(CardHouse& house, DevicePost& post, std::string by_amount)
      : house_(house),
        post_(post),
        device_(static_cast<terminal::TerminalDevice&>(post.device())),
        by_amount_(std::move(by_amount)) {
    device_.use_host(*this);
  }

  void send(const HostRequest& request, Instant now) override {
    const terminal::AmountRule* rule = nullptr;
    if (request.errand == terminal::Errand::authorise) {
      rule = terminal::rule_for(by_amount_, request.amount);
      const auto* const other = terminal::rule_for("cents", request.amount);
      if (house_.acquirer_.by_amount(other != nullptr)) rule = other;
    }
    HostAnswer answer = terminal::answer_of(rule, request, {});
    peers::CardManner manner;
    manner.approves = terminal::charged(answer.verdict) == terminal::Charged::yes;
    if (rule != nullptr) {
      manner.books = rule->books;
      manner.answers = rule->answers;
      manner.late = rule->late;
      manner.takes = answer.amount;
      manner.currency = answer.currency;
    }
    const std::string till(post_.whose());
    const auto decision = house_.acquirer_.decide(
        {errand_of(request.errand), till, request.terminal_id, request.trace, attempt_of(request),
         request.amount, request.currency},
        manner, now);
    house_.put_on_tape();
    if (decision.answer_at == Instant::never()) return;
    const bool moves =
        request.errand == terminal::Errand::authorise || request.errand == terminal::Errand::advise;
    if (!moves) {
      answer.verdict = Verdict::done;
    } else if (!decision.approved && manner.approves) {
      answer.verdict = Verdict::declined;
      answer.reason = terminal::Reason::card_refused;
    }
    answer.authorisation_code = decision.code;
    auto answering = CardHouse::answer(&house_, this, std::move(answer), decision.answer_at);
    base::spawn(house_.ports_.executor, std::move(answering));
  }

  void hear(const HostAnswer& answer) {
    device_.host_line().answered(answer, house_.ports_.clock.now());
    post_.look();
  }

 private:
  // Where the terminal's protocol does not carry the till's word for it, it is what the till asked
  // for last; what is sent back is what was asked for under that trace.
  std::string attempt_of(const HostRequest& request) {
    if (!request.reference.empty()) return request.reference;
    const auto at = attempts_.find(request.trace);
    if (at != attempts_.end()) return at->second;
    if (request.errand == terminal::Errand::settle) return {};
    return attempts_[request.trace] = house_.recording_.card_asked(std::string(post_.whose()));
  }

  CardHouse& house_;
  DevicePost& post_;
  terminal::TerminalDevice& device_;
  std::string by_amount_;
  std::map<std::uint32_t, std::string> attempts_;  // by trace
};

CardHouse::CardHouse(const ports::Ports& ports, Recording& recording)
    : ports_(ports), recording_(recording) {}

CardHouse::~CardHouse() = default;

void CardHouse::at(ports::Endpoint door, std::string secret) {
  door_ = std::move(door);
  secret_ = std::move(secret);
}

void CardHouse::serve(DevicePost& terminal, std::string by_amount) {
  if (!work_) {
    work_ = ports_.make_alarm();
    acquirer_.on_change([this] { work_->ring(); });
    auto telling = tell_cloud(this);
    base::spawn(ports_.executor, std::move(telling));
  }
  recording_.tapes().settlement_known = true;
  lines_.push_back(std::make_unique<Line>(*this, terminal, std::move(by_amount)));
}

base::Awaitable<void> CardHouse::answer(CardHouse* self, Line* line, HostAnswer answer,
                                        Instant at) {
  co_await self->ports_.timer.sleep_until(at);
  line->hear(answer);
}

base::Awaitable<void> CardHouse::tell_cloud(CardHouse* self) {
  for (;;) {
    const peers::CardWord* const next = self->acquirer_.next_word(self->ports_.clock.now());
    if (next == nullptr) {
      const Instant due = self->acquirer_.tells_at();
      co_await self->work_->sleep_until(due);
      continue;
    }
    wire::AttemptKnown known;
    known.id = next->attempt;
    known.amount = next->amount;
    known.currency = next->currency;
    known.outcome = *base::by_name<wire::AttemptOutcome>(base::name(next->outcome));
    const ports::Endpoint door = self->door_;
    const std::string secret = self->secret_;
    std::string method = "POST";
    std::string target = "/v1/attempts/" + known.id;
    std::string body = wire::write_json(known);
    auto asking = ask_at_door(self->ports_, door, secret, std::move(method), std::move(target),
                              std::move(body));
    const auto told = co_await std::move(asking);
    // What the cloud answers at all it has heard.
    if (told || told.error().code == base::Code::protocol) {
      const std::string_view outcome = base::name(known.outcome);
      self->recording_.note("world", told ? "acquirer.told" : "acquirer.refused", known.id,
                            ports::Severity::info, {{"outcome", outcome}});
      self->acquirer_.told();
      continue;
    }
    const Instant again = self->ports_.clock.now() + kTriesAgain;
    co_await self->ports_.timer.sleep_until(again);
  }
}

void CardHouse::put_on_tape() {
  const auto& file = acquirer_.file();
  for (; taped_ < file.size(); ++taped_) {
    const peers::Settlement& row = file[taped_];
    recording_.settled({recording_.now(), std::string(base::name(row.kind)), row.attempt, row.till,
                        row.terminal, row.trace, row.amount.minor, row.currency, recording_.line(),
                        0});
  }
}

void CardHouse::day_ends() {
  std::map<std::string, std::int64_t> open;  // by attempt
  for (const oracle::CashierEntry& entry : recording_.tapes().cashier) {
    if (entry.code != "card") continue;
    const std::string attempt(entry.facts.text("attempt").value_or(""));
    open.erase(attempt);
    if (entry.facts.text("state") == "parked") open[attempt] = entry.amount;
  }
  for (const auto& [attempt, amount] : open) {
    acquirer_.asked_about(attempt, base::Money{amount}, recording_.tapes().currency,
                          ports_.clock.now());
  }
}

void CardHouse::close_books() {
  acquirer_.capture(ports_.clock.now());
  put_on_tape();
}

}  // namespace tillrig::world

#include "sim/scenario/play/stage.hpp"

#include <algorithm>
#include <charconv>

namespace tillrig::scenario {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

std::string_view name(Failure::Kind kind) {
  switch (kind) {
    case Failure::Kind::safety:
      return "safety";
    case Failure::Kind::liveness:
      return "liveness";
    case Failure::Kind::determinism:
      return "determinism";
    case Failure::Kind::not_fired:
      return "not fired";
    case Failure::Kind::inconclusive:
      return "inconclusive";
    case Failure::Kind::expectation:
      return "expectation";
    case Failure::Kind::rig:
      return "rig";
  }
  return "rig";
}

std::string_view name(Sale::State state) {
  switch (state) {
    case Sale::State::completed:
      return "completed";
    case Sale::State::refused:
      return "refused";
    case Sale::State::refunded:
      return "refunded";
    case Sale::State::unknown:
      return "unknown";
    case Sale::State::absent:
      return "absent";
  }
  return "unknown";
}

Awaitable<void> Stage::pause(Duration duration) {
  const Instant until = now() + duration;
  co_await bed_.player().timer.sleep_until(until);
}

void Stage::at_phase(const std::string& name) {
  phase_ = name;
  phase_began_ = now();
}

void Stage::at_line(int line) {
  line_ = line;
  bed_.recording().at_line(line);
}

void Stage::fail(Failure failure) {
  if (failure.phase.empty()) failure.phase = phase_;
  if (failure.line == 0) failure.line = line_;
  failure.at = bed_.recording().now();
  failure.faults = active_faults();
  outcome_.failures.push_back(std::move(failure));
}

void Stage::fail(Failure::Kind kind, std::string what) {
  Failure failure;
  failure.kind = kind;
  failure.what = std::move(what);
  fail(std::move(failure));
}

void Stage::settle_refusals() {
  for (const Refusal& refusal : refusals_) {
    if (refusal.expected) continue;
    Failure failure;
    failure.line = refusal.line;
    failure.till = refusal.till;
    failure.what = fmt::format("{} was refused", refusal.what);
    failure.expected = "done, or a line { refused = \"" + refusal.what + "\" } in this phase";
    failure.seen = refusal.text;
    fail(std::move(failure));
  }
  refusals_.clear();
}

Result<void> Stage::begin_fault(const Action& action) {
  auto id = bed_.start_fault(*action.fault, action.args, action.till);
  if (!id) return base::Failure(id.error());
  armed_.push_back({*id, action.fault, action.till, action.optional, false, action.where.line});
  return {};
}

Result<void> Stage::heal(const words::Fault& fault, const std::string& till) {
  bool found = false;
  for (Armed& each : armed_) {
    if (each.healed || each.row != &fault || (till != "*" && each.till != till)) continue;
    found = each.healed = true;
    if (auto healed = bed_.faults().heal(each.id); !healed) return healed;
  }
  if (!found) return base::fail(base::Code::not_found, "no {} is active, to be healed", fault.name);
  return {};
}

Result<void> Stage::heal_all() {
  for (Armed& each : armed_) {
    if (each.healed) continue;
    each.healed = true;
    if (auto healed = bed_.faults().heal(each.id); !healed) return healed;
  }
  return {};
}

std::vector<std::string> Stage::active_faults() const {
  std::vector<std::string> names;
  for (const Armed& each : armed_) {
    if (!each.healed) names.push_back(fmt::format("{} at {}", each.row->name, each.till));
  }
  return names;
}

Awaitable<void> Stage::take_hands(std::string till) {
  while (hands_.contains(till)) co_await pause(5ms);
  hands_.insert(till);
}

void Stage::open_cart(const std::string& till, const std::string& sku) {
  const auto& poison = plan_.setup.poison_skus;
  const bool bad = std::find(poison.begin(), poison.end(), sku) != poison.end();
  carts_[till] = carts_[till] || bad;
}

void Stage::close_cart(const std::string& till) {
  carts_.erase(till);
}

// The kill is set when the complete begins, so that calls of the sale before do not count.
Result<void> Stage::sweep_next(const std::string& till, std::uint64_t n) {
  if (auto can = bed_.kill_at_port_call(till, n); !can) return can;
  if (auto unset = bed_.kill_at_port_call(till, 0); !unset) return unset;
  if (const auto at = sweeps_.find(till); at != sweeps_.end()) end_sweep(till, at->second);
  sweeps_[till] = {n, line_, false};
  return {};
}

void Stage::before_complete(const std::string& till) {
  const auto at = sweeps_.find(till);
  if (at == sweeps_.end()) return;
  if (!at->second.began) {
    at->second.began = true;
    static_cast<void>(bed_.kill_at_port_call(till, at->second.call));
    return;
  }
  end_sweep(till, at->second);
  sweeps_.erase(at);
}

void Stage::end_sweeps() {
  for (const auto& [till, sweep] : sweeps_) end_sweep(till, sweep);
  sweeps_.clear();
}

void Stage::end_sweep(const std::string& till, const Sweep& sweep) {
  static_cast<void>(bed_.kill_at_port_call(till, 0));
  const std::uint64_t calls = sweep.began ? bed_.port_calls(till) : 0;
  outcome_.port_calls = calls;
  const bool probe = !plan_.sweep.empty();
  if (sweep.began ? calls >= sweep.call : sweep.call == 0 && !probe) return;
  Failure failure;
  failure.kind = Failure::Kind::not_fired;
  failure.line = sweep.line;
  failure.till = till;
  failure.what = fmt::format("the kill before port call {} of {} never came", sweep.call, till);
  if (probe) failure.what = fmt::format("no call of {} was met that it could die before", till);
  failure.expected = "a complete after it that makes so many calls";
  failure.seen = sweep.began ? fmt::format("{} calls", calls) : "no complete";
  fail(std::move(failure));
}

Sale& Stage::add_sale(const std::string& till, const Result<till::Answer>& answer) {
  Sale sale;
  sale.till = till;
  sale.line = line_;
  if (const auto cart = carts_.find(till); cart != carts_.end()) sale.poisoned = cart->second;
  if (answer) {
    sale.state = Sale::State::completed;
    sale.id = answer->sale;
    ++outcome_.sales;
    if (sale.poisoned) bed_.recording().tapes().poisoned.push_back(sale.id);
  } else {
    const base::Code why = answer.error().code;
    const bool lost = why == base::Code::closed || why == base::Code::in_doubt;
    sale.state = lost ? Sale::State::unknown : Sale::State::refused;
  }
  sales_.push_back(std::move(sale));
  return sales_.back();
}

void Stage::add_refund(const Result<till::Answer>& answer, const Sale& of) {
  if (answer && of.poisoned) bed_.recording().tapes().poisoned.push_back(answer->sale);
}

Sale* Stage::find_sale(std::string_view which, std::string_view till, bool completed) {
  std::vector<Sale*> those;
  for (Sale& sale : sales_) {
    if (!till.empty() && sale.till != till) continue;
    const bool sold = sale.state == Sale::State::completed || sale.state == Sale::State::refunded;
    if (completed && !sold) continue;
    those.push_back(&sale);
  }
  std::size_t number = 0;
  const auto digits = which.substr(std::min(which.find_first_of("0123456789"), which.size()));
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const std::size_t count = those.size();
  if (which == "first") number = 1;
  if (which == "last") number = count;
  if (which.starts_with("last-")) number = count > number ? count - number : 0;
  return number >= 1 && number <= count ? those[number - 1] : nullptr;
}

}  // namespace tillrig::scenario

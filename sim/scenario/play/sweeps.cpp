#include "sim/scenario/play/sweeps.hpp"

namespace tillrig::scenario {

// The kill is set when the complete begins, so that calls of the sale before do not count.
base::Result<void> Sweeps::next(const std::string& till, std::uint64_t n) {
  if (auto can = bed_.kill_at_port_call(till, n); !can) return can;
  if (auto unset = bed_.kill_at_port_call(till, 0); !unset) return unset;
  if (const auto at = sweeps_.find(till); at != sweeps_.end()) end(till, at->second);
  sweeps_[till] = {n, story_.line(), false};
  return {};
}

void Sweeps::before_complete(const std::string& till) {
  const auto at = sweeps_.find(till);
  if (at == sweeps_.end()) return;
  if (!at->second.began) {
    at->second.began = true;
    static_cast<void>(bed_.kill_at_port_call(till, at->second.call));
    return;
  }
  end(till, at->second);
  sweeps_.erase(at);
}

void Sweeps::end_all() {
  for (const auto& [till, sweep] : sweeps_) end(till, sweep);
  sweeps_.clear();
}

void Sweeps::end(const std::string& till, const Sweep& sweep) {
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
  story_.fail(std::move(failure));
}

}  // namespace tillrig::scenario

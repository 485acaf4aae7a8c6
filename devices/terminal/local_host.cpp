#include "devices/terminal/local_host.hpp"

#include "devices/terminal/host_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::terminal {

void LocalHost::send(const HostRequest& request, base::Instant now) {
  const AmountRule* const rule =
      request.errand == Errand::authorise ? rule_for(preset_, request.amount) : nullptr;
  HostAnswer answer = decide(request, rule);
  if (rule != nullptr && !rule->answers) return;
  answer_at(now + delay_ + (rule == nullptr ? base::Duration{} : rule->late), std::move(answer));
}

HostAnswer LocalHost::decide(const HostRequest& request, const AmountRule* rule) {
  const std::pair key{request.terminal_id, request.trace};
  const HostAnswer done{request.id, Verdict::done, Reason::none, {}, {}, {}};
  if (request.errand == Errand::settle) return done;
  const auto known = book_.find(key);
  if (request.errand == Errand::reverse) {
    // Also of what never came: should it still come, it is not charged.
    Booking& booking = known == book_.end() ? book_[key] : known->second;
    if (known == book_.end()) booking.request = request;
    booking.reversed = true;
    return done;
  }
  HostAnswer answer = answer_of(rule, request, fmt::format("{:06}", ++codes_));
  const bool takes = charged(answer.verdict) == Charged::yes && (rule == nullptr || rule->books);
  if (takes && known == book_.end()) {
    book_[key] = {request, answer.amount,
                  answer.currency.empty() ? request.currency : answer.currency, false};
  }
  return answer;
}

void LocalHost::answer_at(base::Instant at, HostAnswer answer) {
  const auto later =
      std::find_if(late_.begin(), late_.end(), [at](const Late& late) { return late.at > at; });
  late_.insert(later, Late{at, std::move(answer)});
}

void LocalHost::poll(base::Instant now) {
  while (!late_.empty() && late_.front().at <= now) {
    const HostAnswer answer = std::move(late_.front().answer);
    late_.pop_front();
    if (line_ != nullptr) line_->answered(answer, now);
  }
}

base::Instant LocalHost::poll_at() const {
  return late_.empty() ? base::Instant::never() : late_.front().at;
}

std::vector<LocalHost::Booking> LocalHost::standing() const {
  std::vector<Booking> out;
  for (const auto& [key, booking] : book_) {
    if (!booking.reversed) out.push_back(booking);
  }
  return out;
}

}  // namespace tillrig::terminal

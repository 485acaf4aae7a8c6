#include "devices/terminal/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace tillrig::terminal {

using base::Instant;

void HostQueue::owe(HostRequest request, Instant now) {
  due_.push_back({std::move(request), now});
  if (at_ == Instant::never()) at_ = now;
}

bool HostQueue::take_back(std::uint32_t trace) {
  const auto stored = std::find_if(due_.begin(), due_.end(), [&](const Due& due) {
    return due.request.errand == Errand::advise && due.request.trace == trace;
  });
  if (stored == due_.end() || stored->sent) return false;
  due_.erase(stored);
  return true;
}

std::size_t HostQueue::stored() const {
  return static_cast<std::size_t>(std::count_if(due_.begin(), due_.end(), [](const Due& due) {
    return due.request.errand == Errand::advise;
  }));
}

bool HostQueue::allows(const OfflineLimits& limits, base::Money amount, Instant now) const {
  base::Money sum = amount;
  std::uint32_t count = 1;
  for (const Due& due : due_) {
    if (due.request.errand != Errand::advise) continue;
    sum += due.request.amount;
    ++count;
    if (limits.age.count() > 0 && now - due.since > limits.age) return false;
  }
  return amount <= limits.floor && (limits.total.minor == 0 || sum <= limits.total) &&
         (limits.count == 0 || count <= limits.count);
}

void HostQueue::duplicate_stored(std::uint32_t& trace, std::uint32_t most_trace, Instant now) {
  for (std::size_t i = 0, count = due_.size(); i < count; ++i) {
    if (due_[i].request.errand != Errand::advise) continue;
    HostRequest again = due_[i].request;
    again.trace = trace = trace >= most_trace ? 1 : trace + 1;
    owe(std::move(again), now);
  }
}

void HostQueue::send(Instant now) {
  if (due_.empty()) {
    at_ = Instant::never();
    return;
  }
  due_.front().request.id = in_flight_ = ids_++;
  due_.front().sent = true;
  at_ = now + patience_.answer;
  host_.send(HostRequest(due_.front().request), now);
}

HostQueue::News HostQueue::answered(const HostAnswer& answer, Instant now) {
  if (in_flight_ == 0 || answer.id != in_flight_) return News::none;
  in_flight_ = 0;
  if (answer.verdict == Verdict::unknown) {
    due_.front().sent = due_.front().unanswered;
    at_ = now + patience_.again;
    return News::failed;
  }
  if (due_.front().request.errand == Errand::advise && answer.verdict == Verdict::declined) {
    lost_.push_back(due_.front().request);
  }
  due_.pop_front();
  if (!due_.empty()) {
    send(now);
    return News::none;
  }
  at_ = Instant::never();
  return News::emptied;
}

HostQueue::News HostQueue::poll(Instant now) {
  if (now < at_) return News::none;
  if (in_flight_ == 0) {
    send(now);
    return News::none;
  }
  in_flight_ = 0;
  due_.front().unanswered = true;
  at_ = now + patience_.again;
  return News::failed;
}

void HostQueue::pause() {
  if (in_flight_ != 0) due_.front().unanswered = true;
  in_flight_ = 0;
  at_ = Instant::never();
}

void HostQueue::resume(Instant now) {
  if (!due_.empty()) at_ = now;
}

}  // namespace tillrig::terminal

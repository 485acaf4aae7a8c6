#include "devices/terminal/nexo/line.hpp"

#include <algorithm>

namespace tillrig::terminal::nexo {
namespace {

using base::Instant;

constexpr std::size_t kMostNoise = 64;
constexpr std::size_t kMostDue = 32;  // requests that wait for their answers

}  // namespace

void Line::feed(base::ByteView bytes, Instant now) {
  if (deaf_) return;
  if (held(now)) {
    late_in_ += bytes;
  } else {
    take_in(bytes);
  }
}

void Line::take_in(base::ByteView bytes) {
  if (broken_ || bytes.empty()) return;
  const auto fed = reader_.feed(bytes);
  while (auto request = reader_.next()) {
    due_.push_back({next_, !request->keep_alive, std::nullopt});
    requests_.push_back({next_++, std::move(*request)});
  }
  if (fed && due_.size() <= kMostDue) return;
  broken_ = true;
  noise_ = Noise{base::Bytes(bytes.substr(0, kMostNoise)),
                 fed ? "too many requests wait for their answers" : fed.error().what};
  // The connection cannot be made sense of any more: it is told so, and ended.
  base::HttpResponse bad;
  bad.status = 400;
  bad.keep_alive = false;
  bad.fields.add("Content-Type", "text/plain");
  bad.body = noise_->why + "\n";
  due_.push_back({next_, true, std::nullopt});
  answer(next_++, bad);
}

void Line::poll(Instant now) {
  if (now < late_until_) return;
  late_until_ = Instant::never();
  take_in(std::exchange(late_in_, {}));
}

std::optional<Line::Request> Line::next() {
  if (requests_.empty()) return std::nullopt;
  std::optional<Request> request(std::move(requests_.front()));
  requests_.pop_front();
  return request;
}

void Line::answer(std::uint64_t request, const base::HttpResponse& response) {
  const auto at = std::find_if(due_.begin(), due_.end(),
                               [&](const Due& due) { return due.request == request; });
  if (deaf_ || at == due_.end() || at->answer) return;
  base::HttpResponse whole = response;
  whole.keep_alive = whole.keep_alive && !at->ends;
  at->answer = base::write_http(whole);
  if (std::exchange(loses_next_, false)) at->answer->clear();
  if (std::exchange(sends_twice_, false)) *at->answer += base::Bytes(*at->answer);
  while (!due_.empty() && due_.front().answer) {
    out_ += *due_.front().answer;
    if (due_.front().ends && hang_up_ == devices::HangUp::no) hang_up_ = devices::HangUp::in_order;
    due_.pop_front();
  }
}

bool Line::held(Instant now) const {
  return late_until_ != Instant::never() && now < late_until_;
}

base::Bytes Line::give(Instant now) {
  if (held(now)) return {};
  return std::exchange(out_, {});
}

devices::HangUp Line::hang_up(Instant now) {
  if (held(now)) return devices::HangUp::no;
  return std::exchange(hang_up_, devices::HangUp::no);
}

void Line::break_off(devices::HangUp how) {
  deaf_ = true;
  hang_up_ = how;
  late_until_ = Instant::never();
}

bool Line::cut(const Cut& cut, Instant now) {
  switch (cut.how) {
    case CutHow::reset:
    case CutHow::close:
      break_off(cut.how == CutHow::reset ? devices::HangUp::reset : devices::HangUp::in_order);
      return true;
    case CutHow::silent:
      deaf_ = true;
      out_.clear();
      return false;
    case CutHow::lose:
      loses_next_ = true;
      return false;
    case CutHow::twice:
      sends_twice_ = true;
      return false;
    case CutHow::late:
      late_until_ = now + cut.late_by;
      return false;
  }
  return false;
}

}  // namespace tillrig::terminal::nexo

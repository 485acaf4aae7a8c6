#include "sim/explore/worker_pool.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace tillrig::explore {
namespace {

constexpr int kTickMs = 100;

}  // namespace

base::Instant wall_now() {
  return base::Instant{std::chrono::duration_cast<std::chrono::nanoseconds>(
                           std::chrono::steady_clock::now().time_since_epoch())
                           .count()};
}

base::Result<bool> WorkerPool::hand_out(Seat& seat) {
  const Crew& crew = crews_[seat.crew];
  const auto request = crew.next();
  if (!request) return false;
  if (!seat.process) {
    auto started = WorkerProcess::start(crew.environment);
    if (!started) return base::Failure(started.error());
    seat.process = *std::move(started);
  }
  seat.busy = request->first;
  seat.since = wall_now();
  seat.process->send(request->second);
  return true;
}

void WorkerPool::hear(Seat& seat, const std::function<void(const Answer&)>& on_answer) {
  seat.process->receive_errors();
  const bool open = seat.process->receive();
  Answer answer;
  answer.crew = seat.crew;
  if (auto line = seat.process->next_line(); line && seat.busy) {
    answer.number = *seat.busy;
    answer.line = *std::move(line);
  } else if (!open) {
    answer.number = seat.busy.value_or(0);
    answer.died = seat.process->reap();
    if (answer.died.empty()) answer.died = "the process that played it ended before its answer";
    seat.process.reset();
  } else {
    return;
  }
  if (!seat.busy) {
    wrong_ = std::move(answer.died);
    return;
  }
  seat.busy.reset();
  answer.wall = wall_now() - seat.since;
  on_answer(answer);
}

void WorkerPool::wait() {
  std::vector<pollfd> watched = {{interrupt_.fd(), POLLIN, 0}};
  for (const Seat& seat : seats_) {
    if (!seat.process) continue;
    watched.push_back({seat.process->line_fd(), POLLIN, 0});
    watched.push_back({seat.process->error_fd(), POLLIN, 0});
  }
  static_cast<void>(::poll(watched.data(), watched.size(), kTickMs));
}

base::Result<void> WorkerPool::dismiss() {
  for (Seat& seat : seats_) {
    if (seat.process) seat.process->finish();
  }
  for (Seat& seat : seats_) {
    if (!seat.process) continue;
    if (std::string how = seat.process->reap(); !how.empty()) wrong_ = std::move(how);
  }
  seats_.clear();
  if (wrong_.empty()) return {};
  return base::fail(base::Code::internal, "a worker ended badly after its work: {}", wrong_);
}

base::Result<void> WorkerPool::run(const std::function<void(const Answer&)>& on_answer,
                                   const std::function<void()>& tick) {
  for (std::size_t crew = 0; crew < crews_.size(); ++crew) {
    for (unsigned i = 0; i < crews_[crew].workers; ++i) {
      seats_.emplace_back();
      seats_.back().crew = crew;
    }
  }
  for (;;) {
    bool working = false;
    for (Seat& seat : seats_) {
      if (!seat.busy) {
        const auto given = hand_out(seat);
        if (!given) {
          seats_.clear();
          return base::Failure(given.error());
        }
      }
      working = working || seat.busy.has_value();
    }
    if (!working) break;
    wait();
    if (interrupt_.requested()) {
      seats_.clear();
      return base::fail(base::Code::cancelled, "interrupted");
    }
    for (Seat& seat : seats_) {
      if (seat.process) hear(seat, on_answer);
    }
    tick();
  }
  return dismiss();
}

}  // namespace tillrig::explore

#include "pos/lan/lan.hpp"

#include "pos/base/spawn.hpp"

#include <utility>

namespace tillrig::lan {
namespace {

constexpr base::Duration kConnectWithin = std::chrono::seconds(2);
constexpr base::Duration kPause = std::chrono::seconds(1);  // before it connects again
constexpr base::Duration kWriteWithin = std::chrono::seconds(5);
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::size_t kWaiting = 256;  // messages to one till

std::vector<std::string> names_of(const LanConfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, at] : config.peers) names.push_back(name);
  return names;
}

}  // namespace

// Our connection to one other till.
struct Lan::Line {
  std::string peer;
  ports::Endpoint at;
  std::shared_ptr<base::ByteChannel> channel;  // null: there is none now
  Instant since;
  bool broken = false;
  std::deque<std::string> waiting;
  std::unique_ptr<ports::Alarm> work;
};

Lan::Lan(const ports::Ports& ports, LanConfig config, std::string self, base::Mutants mutants,
         Board board, Member::Keep keep, Listener listener)
    : ports_(ports),
      config_(std::move(config)),
      self_(std::move(self)),
      member_({self_, config_.wired, names_of(config_), config_.rules, std::move(mutants)},
              std::move(board), std::move(keep)),
      listener_(std::move(listener)),
      work_(ports.make_alarm()) {}

Lan::~Lan() = default;

void Lan::start() {
  if (!on()) return;
  member_.begin(ports_.clock.now());
  for (const auto& [peer, at] : config_.peers) {
    auto line = std::make_shared<Line>();
    line->peer = peer;
    line->at = at;
    line->work = ports_.make_alarm();
    lines_.emplace(peer, line);
    base::spawn(ports_.executor, keep_line(line));
  }
  base::spawn(ports_.executor, open_door());
  base::spawn(ports_.executor, watch());
}

void Lan::stop() {
  stopped_ = true;
  work_->ring();
  if (door_) door_->close();
  for (const auto& [peer, line] : lines_) {
    if (line->channel) line->channel->close();
    line->work->ring();
  }
}

void Lan::kick() {
  if (on()) work_->ring();
}

// The one before us may not have let go of it yet.
base::Awaitable<void> Lan::open_door() {
  while (!stopped_) {
    auto door = ports_.network.listen(config_.listen);
    if (door) {
      door_ = std::move(*door);
      auto accepting = accept();
      co_return co_await std::move(accepting);
    }
    ports_.recorder.note({.mark = "lan.no_door"}, {{"why", std::string_view(door.error().what)}});
    const Instant again = ports_.clock.now() + kPause;
    co_await ports_.timer.sleep_until(again);
  }
}

base::Awaitable<void> Lan::accept() {
  while (!stopped_) {
    auto channel = co_await door_->accept();
    if (!channel) co_return;
    std::shared_ptr<base::ByteChannel> shared = std::move(*channel);
    auto reading = read(std::move(shared));
    base::spawn(ports_.executor, std::move(reading));
  }
}

base::Awaitable<void> Lan::read(std::shared_ptr<base::ByteChannel> channel) {
  std::string unread;
  while (!stopped_) {
    const Instant for_ever = Instant::never();
    auto bytes = co_await channel->read(kReadBytes, for_ever);
    if (stopped_ || !bytes || bytes->empty()) break;
    unread.append(*bytes);
    std::size_t end = 0;
    bool good = true;
    while (good && (end = unread.find('\n')) != std::string::npos) {
      good = take(std::string_view(unread).substr(0, end));
      unread.erase(0, end + 1);
    }
    if (!good || unread.size() > kLongestLine) break;
  }
  channel->close();
}

// False: whoever sent it is no till of this shop.
bool Lan::take(std::string_view line) {
  const auto said = read_line(line);
  if (!said) {
    ports_.recorder.note({.mark = "lan.garbled"}, {{"why", std::string_view(said.error().what)}});
    return false;
  }
  if (said->shop != config_.shop) {
    ports_.recorder.note({.mark = "lan.garbled"}, {{"why", "another shop's till"}});
    return false;
  }
  member_.heard(*said, ports_.clock.now());
  work_->ring();
  return true;
}

base::Awaitable<void> Lan::watch() {
  while (!stopped_) {
    member_.made(listener_.newest());
    member_.tick(ports_.clock.now());
    hand_on();
    co_await ports::settle(ports_);  // what was kept, before anybody is told of it
    if (stopped_) co_return;
    put_in_lines();
    drop_dead_lines();
    const Instant next = member_.next(ports_.clock.now());
    co_await work_->sleep_until(next);
  }
}

void Lan::hand_on() {
  for (const News& news : member_.take_news()) {
    if (std::holds_alternative<HubChanged>(news)) {
      const Election& now = member_.election();
      ports_.recorder.note({.mark = "lan.hub"},
                           {{"hub", std::string_view(now.hub())},
                            {"epoch", static_cast<std::int64_t>(now.epoch())},
                            {"peers", static_cast<std::int64_t>(now.peers().size())}});
    }
    listener_.news(news);
  }
}

void Lan::put_in_lines() {
  for (Member::Out& out : member_.take_out()) {
    const auto at = lines_.find(out.to);
    if (at == lines_.end() || at->second->channel == nullptr) continue;
    Line& line = *at->second;
    if (line.waiting.size() >= kWaiting) line.waiting.pop_front();  // told again by a later beat
    line.waiting.push_back(write_line({config_.shop, self_, std::move(out.message)}));
    line.work->ring();
  }
}

// What stands in a connection to somebody who is not heard any more would come late, if at all.
void Lan::drop_dead_lines() {
  const Instant now = ports_.clock.now();
  for (const auto& [peer, line] : lines_) {
    const bool old = line->channel != nullptr && now - line->since > config_.rules.lease;
    if (!old || member_.election().there(peer)) continue;
    line->broken = true;
    line->channel->close();
    line->work->ring();
  }
}

base::Awaitable<void> Lan::keep_line(std::shared_ptr<Line> line) {
  while (!stopped_) {
    const ports::Endpoint to = line->at;
    const Instant give_up = ports_.clock.now() + kConnectWithin;
    auto connected = co_await ports_.network.connect(to, give_up);
    if (stopped_) co_return;
    if (connected) {
      line->channel = std::move(*connected);
      line->since = ports_.clock.now();
      line->waiting.clear();
      const std::shared_ptr<base::ByteChannel> channel = line->channel;
      line->broken = false;
      while (!line->broken && !stopped_) {
        if (line->waiting.empty()) {
          const Instant for_ever = Instant::never();
          co_await line->work->sleep_until(for_ever);
          continue;
        }
        base::Bytes bytes = std::move(line->waiting.front());
        line->waiting.pop_front();
        const Instant deadline = ports_.clock.now() + kWriteWithin;
        auto written = co_await channel->write(std::move(bytes), deadline);
        line->broken = line->broken || !written;
      }
      channel->close();
      line->channel.reset();
      if (stopped_) co_return;
    }
    const Instant again = ports_.clock.now() + kPause;
    co_await ports_.timer.sleep_until(again);
  }
}

}  // namespace tillrig::lan

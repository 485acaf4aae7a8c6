#include "pos/till/peripherals.hpp"

#include "pos/base/spawn.hpp"

namespace tillrig::till {
namespace {

using base::Instant;
using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kConnectTimeout = 2s;
constexpr base::Duration kReconnectPause = 1s;
constexpr base::Duration kWriteTimeout = 5s;
constexpr base::Duration kStatusEvery = 2s;  // while a job is under way and no proof has come
constexpr std::size_t kReadBytes = 4096;

// A job of the app's last run may still be proved; the new jobs' ids begin somewhere else.
printer::DriverOptions options(ports::Entropy& entropy) {
  printer::DriverOptions drawn;
  drawn.first_job = static_cast<std::uint32_t>(entropy.below("printer.job", printer::kJobIds));
  return drawn;
}

}  // namespace

ScannerLine::ScannerLine(const ports::Ports& ports, ports::Endpoint at, Listener listener)
    : ports_(ports),
      at_(std::move(at)),
      listener_(std::move(listener)),
      driver_(scanner::DriverOptions{}) {}

void ScannerLine::hand_on(const scanner::Reading& reading) {
  for (const scanner::Scan& scan : reading.scans) listener_.scan(scan);
  for (const scanner::Reject& reject : reading.rejects) listener_.reject(reject);
}

base::Awaitable<void> ScannerLine::run() {
  for (;;) {
    const Instant give_up = ports_.clock.now() + kConnectTimeout;
    auto connected = co_await ports_.network.connect(at_, give_up);
    if (!connected) {
      const Instant again = ports_.clock.now() + kReconnectPause;
      co_await ports_.timer.sleep_until(again);
      continue;
    }
    base::Channel channel = std::move(*connected);
    for (;;) {
      const Instant gap_over = driver_.poll_at();
      auto bytes = co_await channel->read(kReadBytes, gap_over);
      const Instant now = ports_.clock.now();
      if (bytes && !bytes->empty()) {
        hand_on(driver_.feed(*bytes, now));
      } else if (!bytes && bytes.error().code == base::Code::timeout) {
        hand_on(driver_.poll(now));
      } else {
        break;
      }
    }
    driver_.reset();
    const Instant again = ports_.clock.now() + kReconnectPause;
    co_await ports_.timer.sleep_until(again);
  }
}

// One connection to the printer, shared by its writer and its reader.
struct PrinterLine::Connection {
  base::Channel channel;
  bool open = true;
};

PrinterLine::PrinterLine(const ports::Ports& ports, ports::Endpoint at, Listener listener)
    : ports_(ports),
      at_(std::move(at)),
      listener_(std::move(listener)),
      driver_(options(ports.entropy)),
      work_(ports.make_alarm()) {}

printer::JobId PrinterLine::print(base::Bytes job) {
  const printer::JobId id = driver_.print(std::move(job));
  work_->ring();
  return id;
}

base::Awaitable<void> PrinterLine::run() {
  for (;;) {
    const Instant give_up = ports_.clock.now() + kConnectTimeout;
    auto connected = co_await ports_.network.connect(at_, give_up);
    if (connected) {
      auto connection = std::make_shared<Connection>();
      connection->channel = std::move(*connected);
      auto reading = read_answers(connection);
      base::spawn(ports_.executor, std::move(reading));
      co_await write_jobs(connection);
      connection->open = false;
      connection->channel->close();
      if (const auto doubtful = driver_.reset()) listener_.in_doubt(*doubtful);
    }
    const Instant again = ports_.clock.now() + kReconnectPause;
    co_await ports_.timer.sleep_until(again);
  }
}

// With a job under way, or when it is not ready, its state is asked for now and then.
bool PrinterLine::left_alone() const {
  return driver_.idle() && printer::is_ready(driver_.status());
}

base::Awaitable<void> PrinterLine::write_jobs(std::shared_ptr<Connection> connection) {
  Instant ask_at = ports_.clock.now();
  while (connection->open) {
    base::Bytes out;
    if (ports_.clock.now() >= ask_at) {
      out = driver_.ask();
      ask_at = left_alone() ? Instant::never() : ports_.clock.now() + kStatusEvery;
    } else {
      out = driver_.next();
    }
    if (out.empty()) {
      if (left_alone()) {
        ask_at = Instant::never();
      } else if (ask_at == Instant::never()) {
        ask_at = ports_.clock.now() + kStatusEvery;
      }
      co_await work_->sleep_until(ask_at);
      continue;
    }
    const Instant deadline = ports_.clock.now() + kWriteTimeout;
    auto written = co_await connection->channel->write(std::move(out), deadline);
    if (!written) co_return;
  }
}

base::Awaitable<void> PrinterLine::read_answers(std::shared_ptr<Connection> connection) {
  while (connection->open) {
    const Instant for_ever = Instant::never();
    auto bytes = co_await connection->channel->read(kReadBytes, for_ever);
    if (!bytes || bytes->empty()) break;
    if (!connection->open) break;
    for (const printer::PrinterEvent& event : driver_.feed(*bytes)) {
      if (const auto* done = std::get_if<printer::JobDone>(&event)) listener_.done(done->id);
      if (const auto* answer = std::get_if<printer::StatusAnswered>(&event)) {
        if (answer->changed) listener_.status(answer->status);
      }
    }
    work_->ring();
  }
  connection->open = false;
  work_->ring();
}

}  // namespace tillrig::till

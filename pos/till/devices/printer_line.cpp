#include "pos/till/devices/printer_line.hpp"

#include "pos/base/spawn.hpp"

namespace tillrig::till {
namespace {

using base::Instant;

constexpr base::Duration kWriteTimeout = std::chrono::seconds(5);
// While a job is under way and no proof has come.
constexpr base::Duration kStatusEvery = std::chrono::seconds(2);

// A job of the app's last run may still be proved; the new jobs' ids begin somewhere else.
printer::DriverOptions numbered(ports::Entropy& entropy) {
  printer::DriverOptions drawn;
  drawn.first_job = static_cast<std::uint32_t>(entropy.below("printer.job", printer::kJobIds));
  return drawn;
}

}  // namespace

// One connection to the printer, shared by its writer and its reader.
struct PrinterLine::Connection {
  base::Channel channel;
  bool open = true;
};

PrinterLine::PrinterLine(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host)
    : ports_(ports),
      at_(std::move(at)),
      host_(host),
      driver_(numbered(ports.entropy)),
      work_(ports.make_alarm()) {}

printer::JobId PrinterLine::queue(const Receipt& receipt) {
  const printer::JobId job = driver_.print(to_escpos(receipt));
  documents_[job] = receipt.of;
  work_->ring();
  return job;
}

// A job that we do not know was the app's last run's.
void PrinterLine::printed(const printer::JobId& job) {
  ports_.recorder.note({.mark = "receipt.printed"});
  const auto at = documents_.find(job);
  if (at == documents_.end()) return;
  host_.printed(at->second);
  documents_.erase(at);
}

void PrinterLine::say(const printer::PrinterStatus& status) {
  if (printer::is_ready(status)) {
    host_.prompts().withdraw(kPrinter, "the printer is ready");
  } else {
    host_.prompts().open(kPrinter, printer::describe(status));
  }
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
      if (const auto job = driver_.reset()) {
        const std::string document = documents_[*job];
        documents_.erase(*job);
        ports_.recorder.note(
            {.mark = "receipt.in_doubt", .sale = document, .severity = ports::Severity::warn});
        host_.print_in_doubt(document);
      }
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
    auto bytes = co_await connection->channel->read(kDeviceReadBytes, for_ever);
    if (!bytes || bytes->empty()) break;
    if (!connection->open) break;
    for (const printer::PrinterEvent& event : driver_.feed(*bytes)) {
      if (const auto* done = std::get_if<printer::JobDone>(&event)) printed(done->id);
      if (const auto* answer = std::get_if<printer::StatusAnswered>(&event)) {
        if (answer->changed) say(answer->status);
      }
    }
    work_->ring();
  }
  connection->open = false;
  work_->ring();
}

namespace printer_line {

const DeviceRole kRow{"printer",
                      [](const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
                         const DeviceSettings&) -> std::unique_ptr<DeviceLine> {
                        return std::make_unique<PrinterLine>(ports, std::move(at), host);
                      }};

}  // namespace printer_line

}  // namespace tillrig::till

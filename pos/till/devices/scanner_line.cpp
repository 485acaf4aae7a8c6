#include "devices/scanner/driver.hpp"
#include "pos/till/devices/device_line.hpp"

#include <charconv>

namespace tillrig::till::scanner_line {

using base::Instant;

// "prefix", "suffix" and "gap_ms".
scanner::DriverOptions options_of(const DeviceSettings& settings) {
  scanner::DriverOptions options;
  const auto text = [&](std::string_view name, std::string_view otherwise) {
    const auto at = settings.find(name);
    return at == settings.end() ? std::string(otherwise) : at->second;
  };
  options.frame.prefix = text("prefix", "");
  options.frame.suffix = scanner::suffix_named(text("suffix", "cr")).value_or(scanner::Suffix::cr);
  const std::string gap = text("gap_ms", "50");
  std::int64_t ms = 50;
  std::from_chars(gap.data(), gap.data() + gap.size(), ms);
  options.gap = std::chrono::milliseconds(ms);
  return options;
}

// The scanner at the till: hands on what it reads.
class ScannerLine final : public DeviceLine {
 public:
  ScannerLine(const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
              scanner::DriverOptions options)
      : ports_(ports), at_(std::move(at)), host_(host), driver_(std::move(options)) {}

  base::Awaitable<void> run() override;

 private:
  void hand_on(const scanner::Reading& reading) {
    for (const scanner::Scan& scan : reading.scans) host_.scanned(scan.code);
    for (const scanner::Reject& reject : reading.rejects) {
      host_.unreadable(scanner::describe(reject));
    }
  }

  const ports::Ports& ports_;
  ports::Endpoint at_;
  DeviceHost& host_;
  scanner::ScannerDriver driver_;
};

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
      auto bytes = co_await channel->read(kDeviceReadBytes, gap_over);
      const Instant now = ports_.clock.now();
      if (bytes && !bytes->empty()) {
        hand_on(driver_.feed(*bytes, now));
      } else if (!bytes && bytes.error().code == base::Code::timeout) {
        hand_on(driver_.poll(now));
      } else {
        break;
      }
      co_await ports::settle(ports_);  // a first line may have the till's storage mended
    }
    driver_.reset();
    const Instant again = ports_.clock.now() + kReconnectPause;
    co_await ports_.timer.sleep_until(again);
  }
}

const DeviceRole kRow{"scanner",
                      [](const ports::Ports& ports, ports::Endpoint at, DeviceHost& host,
                         const DeviceSettings& settings) -> std::unique_ptr<DeviceLine> {
                        return std::make_unique<ScannerLine>(ports, std::move(at), host,
                                                             options_of(settings));
                      }};

}  // namespace tillrig::till::scanner_line

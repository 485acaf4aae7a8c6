#include "devices/terminal/nexo/driver.hpp"
#include "devices/terminal/zvt/driver.hpp"
#include "pos/base/spawn.hpp"
#include "pos/host/network.hpp"
#include "tests/sim/app/program.hpp"

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tillrig::app {
namespace {

using terminal::Answered;
using terminal::Ready;
using terminal::TerminalEvent;
using terminal::Verdict;

// Any till that speaks ZVT: our driver on a plain blocking socket.
class ForeignTill {
 public:
  explicit ForeignTill(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const address = reinterpret_cast<const sockaddr*>(&at);
    EXPECT_EQ(::connect(socket_, address, sizeof(at)), 0);
    const timeval soon{0, 50'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
    driver.line_up(now());
  }
  ~ForeignTill() { ::close(socket_); }
  ForeignTill(const ForeignTill&) = delete;
  ForeignTill& operator=(const ForeignTill&) = delete;

  static base::Instant now() {
    return {std::chrono::steady_clock::now().time_since_epoch().count()};
  }

  template <class Event>
  std::optional<Event> wait_for(base::Duration patience = std::chrono::seconds(20)) {
    const base::Instant give_up = now() + patience;
    while (now() < give_up) {
      const base::Bytes out = driver.take_bytes();
      if (::send(socket_, out.data(), out.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
      char piece[512];
      const ssize_t got = ::recv(socket_, piece, sizeof(piece), 0);
      if (got > 0) driver.feed({piece, static_cast<std::size_t>(got)}, now());
      for (const TerminalEvent& event : driver.take_events()) {
        if (const auto* found = std::get_if<Event>(&event)) return *found;
      }
    }
    return std::nullopt;
  }

  terminal::zvt::Driver driver{{}};

 private:
  int socket_;
};

// Any till that speaks nexo: our driver behind TLS.
class TlsTill {
 public:
  TlsTill(int port, const std::string& authority) {
    network_.trust(*host::TlsTrust::of(authority));
    driver.line_up(ForeignTill::now());
    base::spawn(io_.get_executor(), read_all(this, static_cast<std::uint16_t>(port)));
  }

  template <class Event>
  std::optional<Event> wait_for() {
    const base::Instant give_up = ForeignTill::now() + std::chrono::seconds(20);
    while (ForeignTill::now() < give_up) {
      flush();
      io_.restart();
      io_.run_for(std::chrono::milliseconds(20));
      for (const TerminalEvent& event : driver.take_events()) {
        if (const auto* found = std::get_if<Event>(&event)) return *found;
      }
    }
    return std::nullopt;
  }

  terminal::nexo::NexoDriver driver{{}};

 private:
  static base::Awaitable<void> read_all(TlsTill* self, std::uint16_t port) {
    const base::Instant never = base::Instant::never();
    ports::Endpoint to{"localhost", port, true};
    auto connected = co_await self->network_.connect(to, never);
    EXPECT_TRUE(connected) << connected.error().what;
    if (!connected) co_return;
    self->channel_ = std::move(*connected);
    for (;;) {
      auto bytes = co_await self->channel_->read(4096, never);
      if (!bytes || bytes->empty()) co_return;
      self->driver.feed(*bytes, ForeignTill::now());
    }
  }
  static base::Awaitable<void> write_out(TlsTill* self, base::Bytes bytes) {
    const base::Instant never = base::Instant::never();
    auto written = co_await self->channel_->write(std::move(bytes), never);
    EXPECT_TRUE(written);
  }
  void flush() {
    if (channel_ == nullptr) return;
    base::Bytes out = driver.take_bytes();
    if (!out.empty()) base::spawn(io_.get_executor(), write_out(this, std::move(out)));
  }

  boost::asio::io_context io_;
  host::TcpNetwork network_{io_.get_executor()};
  base::Channel channel_;
};

int port_in(const std::string& line) {
  const std::size_t at = line.find("127.0.0.1:");
  return at == line.npos ? 0 : std::stoi(line.substr(at + 10));
}

TEST(DeviceProgram, ServesATillOfAnyKindAndShowsWhatArrives) {
  Program program({"device", "terminal", "--zvt-tcp", "0", "--set", "card_ms=0", "--set",
                   "pin_ms=0", "--set", "remove_ms=0"});
  const int port = port_in(program.read_until("listens at"));
  ASSERT_NE(port, 0);
  ForeignTill till(port);
  ASSERT_TRUE(till.wait_for<Ready>());
  EXPECT_NE(program.read_until("< registration (06 00)"), "");
  ASSERT_TRUE(
      till.driver.pay({"a", base::Money{1010}, "EUR", till.driver.bookmark()}, ForeignTill::now()));
  const auto answered = till.wait_for<Answered>();
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->outcome.verdict, Verdict::approved);
  EXPECT_NE(program.read_until("< authorisation (06 01)"), "");
  EXPECT_NE(program.read_until("* card charged 10.10 EUR, receipt 0001"), "");

  program.write("begin terminal.busy\n");
  EXPECT_NE(program.read_until("! begin terminal.busy"), "");
  ASSERT_TRUE(
      till.driver.pay({"b", base::Money{1010}, "EUR", till.driver.bookmark()}, ForeignTill::now()));
  const auto busy = till.wait_for<Answered>();
  ASSERT_TRUE(busy);
  EXPECT_EQ(busy->outcome.verdict, Verdict::busy);

  program.write("end terminal.busy\nend terminal.busy\nbegin terminal.bussy\ncard\nhelp\nquit\n");
  EXPECT_NE(program.read_until("? terminal.busy has not begun"), "");
  EXPECT_NE(program.read_until("terminal.busy"), "") << "the nearest name is told";
  EXPECT_NE(program.read_until("? the terminal does not wait for a card"), "");
  EXPECT_EQ(program.wait().code, 0);
}

TEST(DeviceProgram, StandsAtTheEndOfASerialLine) {
  Program program({"device", "terminal", "--pty"});
  const std::string said = program.read_until("listens at");
  const std::size_t at = said.find("/dev/");
  ASSERT_NE(at, said.npos) << said;
  const int line = ::open(said.substr(at, said.find(';') - at).c_str(), O_RDWR | O_NOCTTY);
  ASSERT_GE(line, 0);
  // A frame of a status enquiry; the terminal's first byte is its acknowledgement.
  const std::string enquiry("\x10\x02\x05\x01\x03\0\0\0\x10\x03\xdf\xdb", 12);
  ASSERT_EQ(::write(line, enquiry.data(), enquiry.size()), 12);
  EXPECT_NE(program.read_until("< status enquiry (05 01)"), "");
  char first = 0;
  ASSERT_EQ(::read(line, &first, 1), 1);
  EXPECT_EQ(first, '\x06');
  ::close(line);
  program.write("quit\n");
  EXPECT_EQ(program.wait().code, 0);
}

// Tills of any make, on as many connections as they like.
TEST(DeviceProgram, SpeaksNexoBehindTls) {
  const TestFolder folder;
  const std::string authority = folder / "authority.pem";
  Program program({"device", "terminal", "--nexo", "0", "--authority", authority, "--set",
                   "card_ms=0", "--set", "pin_ms=0", "--set", "remove_ms=0"});
  const int port = port_in(program.read_until("listens at"));
  ASSERT_NE(port, 0);
  TlsTill till(port, read_file(authority));
  ASSERT_TRUE(till.wait_for<Ready>());
  EXPECT_NE(program.read_until("\"MessageCategory\":\"Diagnosis\""), "");
  ASSERT_TRUE(
      till.driver.pay({"a", base::Money{1010}, "EUR", till.driver.bookmark()}, ForeignTill::now()));
  const auto answered = till.wait_for<Answered>();
  ASSERT_TRUE(answered);
  EXPECT_EQ(answered->outcome.verdict, Verdict::approved);
  EXPECT_NE(program.read_until("> {\"SaleToPOIResponse\""), "");
  EXPECT_NE(program.read_until("* card charged 10.10 EUR, receipt 0001"), "");

  // While it stands connected another till asks, and one that speaks no TLS is named.
  TlsTill other(port, read_file(authority));
  EXPECT_TRUE(other.wait_for<Ready>());
  ForeignTill plain(port);
  static_cast<void>(plain.wait_for<Answered>(std::chrono::milliseconds(200)));
  EXPECT_NE(program.read_until("* no TLS:"), "");

  program.write("cut outcome reset\n");
  EXPECT_NE(program.read_until("! cut outcome reset"), "");
  program.write("cut end reset\nquit\n");
  EXPECT_NE(program.read_until("? a payment of this protocol has no point \"end\""), "");
  EXPECT_EQ(program.wait().code, 0);
}

TEST(DeviceProgram, TakesItsFaultsFromAFile) {
  const TestFolder folder;
  const std::string script = folder.write(
      "faults",
      "# the host is away\nbegin terminal.host_down\nwait 1ms\nend terminal.host_down\n"
      "quit\n");
  Program program({"device", "terminal", "--zvt-tcp", "0", "--script", script});
  EXPECT_NE(program.read_until("! begin terminal.host_down"), "");
  EXPECT_NE(program.read_until("! end terminal.host_down"), "");
  EXPECT_EQ(program.wait().code, 0);
  const std::string wrong = folder.write("wrong", "wait for it\n");
  const Ended ended = run_program({"device", "terminal", "--zvt-tcp", "0", "--script", wrong});
  EXPECT_EQ(ended.code, 2);
  EXPECT_NE(ended.err.find("waits for no time"), std::string::npos) << ended.err;
}

TEST(DeviceProgram, SaysWhatIsWrongWithHowItIsSetUp) {
  const auto refused = [](const std::vector<std::string>& words, const std::string& sentence) {
    const Ended ended = run_program(words);
    EXPECT_EQ(ended.code, 2) << ended.err;
    EXPECT_NE(ended.err.find(sentence), std::string::npos) << ended.err;
  };
  refused({"device", "termnal"}, "terminal");
  refused({"device", "printer", "--zvt-tcp", "0"}, "this is a printer");
  refused({"device", "terminal", "--set", "lost_ack=maybe"}, "expected one of auto_reverse");
  refused({"device", "printer", "--nexo", "0"}, "this is a printer");
  refused({"device", "terminal", "--set", "protocol=nex"}, "expected one of zvt, nexo");
  refused({"device", "terminal", "--set", "key_id=shop"}, "a key needs both");
  refused({"device", "terminal", "--set", "lost_ack"}, "expected NAME=VALUE");
}

}  // namespace
}  // namespace tillrig::app

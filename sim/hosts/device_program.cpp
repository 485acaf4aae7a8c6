#include "sim/hosts/device_program.hpp"

#include "pos/base/nearest.hpp"
#include "pos/base/spawn.hpp"
#include "pos/base/visible.hpp"
#include "sim/hosts/host_process.hpp"
#include "sim/hosts/pty_network.hpp"
#include "sim/hosts/shared_post.hpp"
#include "sim/hosts/tls_network.hpp"
#include "sim/world/device_post.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tillrig::hosts {
namespace {

constexpr std::size_t kMostTyped = 4096;

// A device with a clock of its own shows the day's time, unless it is set up to show another.
devices::Settings with_clock(const DeviceProgram& program, const ports::Clock& clock) {
  devices::Settings settings = program.settings;
  if (program.role->has_clock) {
    const std::int64_t at_start = clock.wall().ms - clock.now().ns / 1'000'000;
    settings.emplace("clock_ms", std::to_string(at_start));
  }
  return settings;
}

// The device at its post, and the person before it.
class Bench final : public world::DeviceWitness {
 private:
  // The post that the device stands at, whichever kind it is.
  template <class Act>
  auto on_post(Act act) {
    return shared_ ? act(*shared_) : act(*single_);
  }

 public:
  Bench(HostProcess& process, const ports::Ports& at, const DeviceProgram& program)
      : process_(process), role_(*program.role), started_(process.ports().clock.now()) {
    const devices::Settings settings = with_clock(program, process.ports().clock);
    if (role_.make(settings)->many_lines() != nullptr) {
      shared_.emplace(role_, at, program.listen, *this, settings);
    } else {
      single_.emplace(role_, at, program.listen, std::string(role_.name), *this, settings);
    }
    on_post([this](auto& post) {
      post.device().watch([this](const std::string& line) { say(line); });
    });
  }

  base::Result<void> open() {
    return on_post([](auto& post) { return post.open(); });
  }
  [[nodiscard]] ports::Endpoint at() {
    return on_post([](auto& post) { return post.at(); });
  }

  void device(const std::string& /*till*/, std::string_view /*role*/,
              devices::Record record) override {
    say(fmt::format("* {}{}{}", record.what,
                    record.text.find('\n') == record.text.npos ? " " : "\n", record.text));
  }
  void sent(const std::string& /*till*/, std::string_view /*role*/,
            base::ByteView /*bytes*/) override {}
  void connected(std::string_view /*role*/, bool is) override {
    say(is ? "* somebody has connected" : "* nobody is connected any more");
  }

  // One line that was typed. False: it was "quit".
  bool take(std::string_view line);
  void say(std::string_view what) const;

 private:
  void help() const;
  base::Result<void> trouble(std::string_view name, bool begins);

  HostProcess& process_;
  const devices::Role& role_;
  base::Instant started_;
  std::optional<world::DevicePost> single_;
  std::optional<SharedPost> shared_;
  std::map<std::string, words::FaultId, std::less<>> under_way_;
  words::FaultId last_ = 0;
};

void Bench::say(std::string_view what) const {
  const auto since = process_.ports().clock.now() - started_;
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  HostProcess::say(fmt::format("{:5}.{:03} {}", ms / 1000, ms % 1000, base::visible(what)));
}

void Bench::help() const {
  const auto row = [](std::string_view what, std::string_view detail, std::string_view doc) {
    const std::string typed = fmt::format("{}{}{}", what, detail.empty() ? "" : " ", detail);
    HostProcess::say(fmt::format("  {:<47} {}", typed, doc));
  };
  for (const devices::HandAct& act : role_.acts) row(act.name, act.detail, act.doc);
  for (const devices::Trouble& trouble : role_.troubles) row("begin", trouble.name, trouble.doc);
  row("end", "TROUBLE", "the trouble is over");
  row("power", "", "its power goes and comes back");
  row("quit", "", "it is switched off for good");
}

base::Result<void> Bench::trouble(std::string_view name, bool begins) {
  std::vector<std::string_view> known;
  for (const devices::Trouble& row : role_.troubles) {
    known.push_back(row.name);
    if (row.name != name) continue;
    const auto at = under_way_.find(name);
    if (begins == (at != under_way_.end())) {
      return base::fail(base::Code::not_allowed, "{} {}", name,
                        begins ? "has begun already" : "has not begun");
    }
    if (begins) {
      under_way_.emplace(name, ++last_);
      on_post([&](auto& post) { post.begin(row, last_); });
    } else {
      on_post([&](auto& post) { post.end(row, at->second); });
      under_way_.erase(at);
    }
    return {};
  }
  return base::unknown_word("trouble", name, known);
}

bool Bench::take(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  const std::size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  const std::string_view rest = line.substr(std::min(space + 1, line.size()));
  base::Result<void> done;
  if (word.empty()) return true;
  if (word == "quit") return false;
  if (word == "help") {
    help();
    return true;
  }
  if (word == "begin" || word == "end") {
    done = trouble(rest, word == "begin");
  } else if (word == "power") {
    on_post([](auto& post) { post.power_cut(); });
  } else {
    done = on_post([&](auto& post) { return post.handle(word, rest); });
  }
  say(done ? fmt::format("! {}", line)
           : fmt::format("? {} (type \"help\" for what there is)", done.error().what));
  return true;
}

// "5s", "200ms", "2m" behind "wait".
base::Result<base::Duration> read_wait(std::string_view line) {
  constexpr std::string_view kWait = "wait ";
  const std::string_view text = line.substr(kWait.size());
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr std::int64_t kMost = 1'000'000;
  if (error == std::errc() && count >= 0 && count <= kMost) {
    if (unit == "ms") return std::chrono::milliseconds(count);
    if (unit == "s") return std::chrono::seconds(count);
    if (unit == "m") return std::chrono::minutes(count);
  }
  return base::fail(base::Code::bad_input,
                    "\"{}\" waits for no time; expected as in wait 5s, "
                    "wait 200ms or wait 2m",
                    line);
}

// The script, as if it were typed.
base::Awaitable<void> play_script(HostProcess* process, Bench* bench,
                                  std::vector<std::string> script) {
  for (const std::string& line : script) {
    if (line.starts_with("wait ")) {
      const base::Duration pause = read_wait(line).value_or(base::Duration{});
      const base::Instant until = process->ports().clock.now() + pause;
      co_await process->ports().timer.sleep_until(until);
    } else if (!line.starts_with("#") && !bench->take(line)) {
      process->stop();
      co_return;
    }
  }
}

// What is typed, line by line. Its end is not the device's: it may run behind something.
base::Awaitable<void> read_typed(HostProcess* process, Bench* bench) {
  boost::asio::posix::stream_descriptor input(process->io());
  boost::system::error_code error;
  input.assign(::dup(STDIN_FILENO), error);
  if (error) co_return;  // a plain file, or nothing
  std::string unread;
  std::string piece(kMostTyped, '\0');
  for (;;) {
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    auto into = boost::asio::buffer(piece);
    const std::size_t got = co_await input.async_read_some(into, token);
    if (error) co_return;
    unread.append(piece, 0, got);
    for (std::size_t end = unread.find('\n'); end != unread.npos; end = unread.find('\n')) {
      const std::string line = unread.substr(0, end);
      unread.erase(0, end + 1);
      if (bench->take(line)) continue;
      process->stop();
      co_return;
    }
    if (unread.size() > kMostTyped) unread.clear();
  }
}

// The port that a capture names: where such a device usually listens, when it is any free one.
std::uint16_t port_of(const DeviceProgram& program) {
  constexpr std::uint16_t kNexo = 8443;
  if (program.listen.port != 0) return program.listen.port;
  return program.tls ? kNexo : program.role->port;
}

}  // namespace

base::Result<const devices::Role*> find_device(std::string_view role) {
  std::vector<std::string_view> known;
  for (const devices::Role* row : devices::roles()) {
    if (row->name == role) return row;
    known.push_back(row->name);
  }
  return base::unknown_word("device", role, known);
}

base::Result<void> run_device(const DeviceProgram& program) {
  if (program.role->check != nullptr) {
    if (auto good = program.role->check(program.settings); !good) return good;
  }
  for (const std::string& line : program.script) {
    if (!line.starts_with("wait ")) continue;
    if (const auto wait = read_wait(line); !wait) return base::Failure(wait.error());
  }
  HostProcess process(".");
  std::unique_ptr<PtyNetwork> line;
  std::string path;
  if (program.pty) {
    auto pty = port::Pty::open(process.ports().executor);
    if (!pty) return base::Failure(pty.error());
    path = (*pty)->path();
    line =
        std::make_unique<PtyNetwork>(std::move(*pty), process.ports().timer, process.ports().clock);
  }
  const ports::Ports& of_process = process.ports();
  std::unique_ptr<Capture> capture;
  if (!program.capture.empty()) {
    auto opened =
        Capture::open(program.capture, of_process.clock, program.role->name, port_of(program));
    if (!opened) return base::Failure(opened.error());
    capture = std::move(*opened);
  }
  std::unique_ptr<TlsNetwork> behind_tls;
  if (program.tls) {
    const auto identity = mint_terminal(of_process.clock.wall().ms / 1000, program.listen.host);
    if (!identity) return base::Failure(identity.error());
    if (program.authority) {
      if (auto told = program.authority(identity->authority); !told) return told;
    }
    behind_tls =
        std::make_unique<TlsNetwork>(of_process.executor, identity->terminal, capture.get());
  }
  ports::Network& network = line != nullptr         ? *line
                            : behind_tls != nullptr ? *behind_tls
                                                    : of_process.network;
  std::optional<CapturedNetwork> captured;
  if (capture != nullptr && !program.tls) captured.emplace(network, *capture);
  Bench bench(
      process,
      ports::Ports{of_process.executor, of_process.clock, of_process.timer, of_process.entropy,
                   captured ? static_cast<ports::Network&>(*captured) : network, of_process.disk,
                   of_process.recorder, of_process.make_alarm},
      program);
  if (auto opened = bench.open(); !opened) return opened;
  const std::string where =
      program.pty ? path : fmt::format("{}:{}", bench.at().host, bench.at().port);
  HostProcess::say(fmt::format("a {} listens at {}; type \"help\" for what can be done to it",
                               program.role->name, where));
  auto reading = read_typed(&process, &bench);
  base::spawn(process.ports().executor, std::move(reading));
  auto playing = play_script(&process, &bench, program.script);
  base::spawn(process.ports().executor, std::move(playing));
  process.run([&process] { process.stop(); });
  // What waits at its line for ever is not unwound: nothing is written that could be lost.
  std::_Exit(0);
}

}  // namespace tillrig::hosts

#include "sim/world/process_seat.hpp"

#include "pos/base/spawn.hpp"

namespace tillrig::world {
namespace {

constexpr const char* kHere = "127.0.0.1";

std::string address_text(const ports::Endpoint& at) {
  return fmt::format("{}:{}", at.host, at.port);
}

// Puts `value` wherever `name` stands in a word.
std::string filled(std::string word, std::string_view name, std::string_view value) {
  for (std::size_t at = 0; (at = word.find(name, at)) != std::string::npos; at += value.size()) {
    word.replace(at, name.size(), value);
  }
  return word;
}

bool for_each_device(std::string_view word) {
  return word.find("{role}") != std::string_view::npos ||
         word.find("{address}") != std::string_view::npos;
}

}  // namespace

ProcessSeat::ProcessSeat(const ports::Ports& rig, std::string name, std::vector<std::string> argv,
                         Recording& recording, Patience patience, std::uint64_t seed)
    : Seat(std::move(name), rig, recording),
      argv_(std::move(argv)),
      patience_(patience),
      link_(this->name(), rig.clock, {}, seed) {}

ProcessSeat::~ProcessSeat() {
  if (process_) process_->kill();
}

Result<void> ProcessSeat::open(std::uint16_t cloud_port, const DeviceSettings& settings) {
  net::Relay::Settings line;
  line.listen_at = {kHere, 0, false};
  line.upstream = {kHere, cloud_port, false};
  line.connect_faults = true;
  relay_ = std::make_unique<net::Relay>(rig(), line, link_, recording());
  if (auto started = relay_->start(); !started) return started;
  return place_devices(rig(), kHere, false, settings);
}

std::vector<std::string> ProcessSeat::fill() const {
  const std::string cloud = address_text({kHere, relay_->port(), false});
  std::vector<std::string> words;
  for (const std::string& pattern : argv_) {
    const std::string word = filled(filled(pattern, "{till}", name()), "{cloud}", cloud);
    if (!for_each_device(word)) {
      words.push_back(word);
      continue;
    }
    for (const auto& post : devices()) {
      words.push_back(
          filled(filled(word, "{role}", post->role()), "{address}", address_text(post->at())));
    }
  }
  return words;
}

Result<void> ProcessSeat::launch() {
  auto started = LineProcess::start(rig().executor, fill());
  if (!started) return base::Failure(started.error());
  process_ = std::move(*started);
  auto reading = read_output(this, process_);
  base::spawn(rig().executor, std::move(reading));
  return {};
}

Awaitable<void> ProcessSeat::read_output(ProcessSeat* self, std::shared_ptr<LineProcess> process) {
  for (;;) {
    auto line = co_await LineProcess::read_line(process);
    if (self->process_ != process) co_return;  // it was killed, and perhaps another one runs
    if (!line) break;
    self->heard(*line);
  }
  auto why = co_await LineProcess::why_ended(process, self->rig());
  if (self->process_ != process) co_return;
  self->process_.reset();
  self->gone(std::move(why));
}

void ProcessSeat::cut_off() {
  const auto process = std::exchange(process_, nullptr);
  if (process) process->kill();
}

Awaitable<Result<void>> ProcessSeat::retire() {
  const auto process = std::exchange(process_, nullptr);
  if (!process) co_return Result<void>{};
  gone({base::Code::closed, "the till has closed"});
  process->go_on();  // one that is frozen hears nothing
  auto ended = co_await LineProcess::end(process, rig(), patience_.end);
  if (!ended) co_return base::within(name(), ended.error());
  co_return Result<void>{};
}

}  // namespace tillrig::world

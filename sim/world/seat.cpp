#include "sim/world/seat.hpp"

#include "pos/base/assert.hpp"
#include "pos/base/hash.hpp"

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Instant;

namespace {

// A mark that a program told, noted as if it had been noted here.
void note_again(const Noted& noted, ports::Recorder& recorder) {
  std::vector<ports::Arg> args;  // their texts live in `noted`
  for (const oracle::Fact& fact : noted.args.all()) {
    if (const auto* number = std::get_if<std::int64_t>(&fact.value)) {
      args.push_back({fact.name, *number});
    } else {
      args.push_back({fact.name, std::string_view(std::get<std::string>(fact.value))});
    }
  }
  const ports::Note note{.mark = noted.mark, .sale = noted.sale};
  recorder.note(note, std::span<const ports::Arg>(args));
}

// No two terminals of a shop have one number: "till-12" has 52500012.
std::string terminal_id_of(const std::string& till) {
  const std::size_t digits = till.find_last_not_of("0123456789") + 1;
  const std::string number = till.substr(digits);
  const std::uint64_t n =
      number.empty() || number.size() > 5 ? base::fnv1a(till) % 100'000 : std::stoul(number);
  return fmt::format("525{:05}", n);
}

}  // namespace

Seat::Seat(std::string name, const ports::Ports& rig, Recording& recording)
    : name_(std::move(name)),
      rig_(rig),
      recording_(recording),
      recorder_(recording.recorder_for(name_)) {}

DevicePost* Seat::device(std::string_view role) {
  for (const auto& post : devices_) {
    if (post->role() == role) return post.get();
  }
  return nullptr;
}

words::Target* Seat::target(std::string_view domain) {
  if (domain == words::Domain::wan) return &link();
  if (domain == words::Domain::lan) return lan();
  if (domain == words::Domain::disk) return volume();
  if (domain == words::Domain::clock) return clock();
  return device(domain);
}

Result<void> Seat::place_devices(const ports::Ports& at, const std::string& host, bool usual_ports,
                                 const DeviceSettings& settings) {
  for (const devices::Role* role : devices::roles()) {
    const auto set = settings.find(role->name);
    if (role->on_request && set == settings.end()) continue;
    devices::Settings own = set == settings.end() ? devices::Settings() : set->second;
    if (role->has_clock) {
      const std::int64_t now_ms = at.clock.now().ns / 1'000'000;
      own.emplace("clock_ms", fmt::format("{}", at.clock.wall().ms - now_ms));
    }
    if (role->name == "terminal") own.emplace("terminal_id", terminal_id_of(name_));
    const ports::Endpoint address{host, usual_ports ? role->port : std::uint16_t{0}, false};
    auto post = std::make_unique<DevicePost>(*role, at, address, name_, recording_, own);
    if (auto opened = post->open(); !opened) return opened;
    if (post->role() == "printer") recording_.tapes().printers.push_back(name_);
    devices_.push_back(std::move(post));
  }
  return {};
}

void Seat::settle(Waiting& waiting, Result<Reply> reply) {
  if (waiting.reply) return;
  waiting.reply.emplace(std::move(reply));
  waiting.alarm->ring();
}

std::shared_ptr<Seat::Waiting> Seat::begin_waiting() {
  auto waiting = std::make_shared<Waiting>();
  waiting->alarm = rig_.make_alarm();
  return waiting;
}

Awaitable<Result<Reply>> Seat::wait_for(std::shared_ptr<Waiting> waiting) {
  const Instant give_up = rig_.clock.now() + patience();
  while (!waiting->reply && rig_.clock.now() < give_up) {
    co_await waiting->alarm->sleep_until(give_up);
  }
  if (waiting->reply) co_return *waiting->reply;
  co_return fail(Code::timeout, "{} said nothing in time", name_);
}

Awaitable<Result<void>> Seat::start() {
  if (running_) co_return fail(Code::exists, "{} runs already", name_);
  auto opening = begin_waiting();
  opening_ = opening;
  running_ = true;
  if (auto launched = launch(); !launched) {
    running_ = false;
    co_return launched;
  }
  auto opened = co_await wait_for(opening);
  if (!opened) co_return base::Failure(opened.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> Seat::start_again() {
  co_return fail(Code::not_allowed, "{} cannot be started twice on this bed", name_);
}

Result<void> Seat::kill() {
  if (!running_) return fail(Code::not_found, "{} does not run", name_);
  cut_off();
  gone({Code::closed, "the till died before it answered"});
  return {};
}

Result<void> Seat::freeze() {
  if (!running_) return fail(Code::not_found, "{} does not run", name_);
  if (frozen_) return fail(Code::exists, "{} is frozen already", name_);
  frozen_ = true;
  stop_program();
  return {};
}

Result<void> Seat::thaw() {
  if (!frozen_) return fail(Code::not_found, "{} is not frozen", name_);
  frozen_ = false;
  resume_program();
  return {};
}

Result<void> Seat::save_disk() {
  return fail(Code::not_allowed, "this bed has no hand in the disk of {}", name_);
}

Result<void> Seat::put_back_disk(bool /*as_files*/) {
  return save_disk();
}

Result<void> Seat::install(const std::string& /*version*/) {
  return save_disk();
}

Result<void> Seat::become(Seat& /*other*/) {
  return save_disk();
}

Result<void> Seat::power_cut(const PowerCut& /*cut*/) {
  return fail(Code::not_allowed, "this machine cannot cut the power of {} alone", name_);
}

Awaitable<Result<Reply>> Seat::ask(Order order) {
  if (!running_) co_return fail(Code::closed, "{} does not run", name_);
  const std::int64_t id = ++last_id_;
  auto waiting = begin_waiting();
  waiting->order = note_order(order, id);
  if (!running_) co_return fail(Code::closed, "{} died before it was asked", name_);
  waiting->tape = recording_.asked(name_, order);
  asked_.emplace(id, waiting);
  say(order.line(id));
  auto reply = co_await wait_for(waiting);
  asked_.erase(id);
  if (!waiting->reply) co_return fail(Code::in_doubt, "{}", reply.error().what);
  co_return reply;
}

std::uint64_t Seat::note_order(const Order& order, std::int64_t id) {
  if (recording_.has_kernel()) return 0;
  const Recording::DueTo step(recording_, recording_.step());
  return recording_.note(name_, "order.sent", {}, ports::Severity::debug,
                         {{"what", std::string_view(order.what())}, {"order", id}});
}

std::uint64_t Seat::only_order() const {
  return asked_.size() == 1 && !opening_ ? asked_.begin()->second->order : 0;
}

void Seat::note_answer(const Answered& answered, std::uint64_t order) {
  if (order == 0) return;
  const std::string_view answer =
      answered.reply ? std::string_view("ok") : base::name(answered.reply.error().code);
  const Recording::DueTo asked(recording_, order);
  recording_.note(name_, "order.answered", {}, ports::Severity::debug,
                  {{"order", answered.id}, {"answer", answer}});
}

void Seat::heard(std::string_view line) {
  const Recording::DueTo asked(recording_, only_order());
  auto said = read_till_line(line);
  if (!said) {
    recording_.note(name_, "line.garbled", {}, ports::Severity::warn,
                    {{"why", std::string_view(said.error().what)}});
    return;
  }
  if (auto* const answered = std::get_if<Answered>(&*said)) {
    const auto at = asked_.find(answered->id);
    if (at == asked_.end()) return;
    note_answer(*answered, at->second->order);
    recording_.answered(at->second->tape, answered->reply);
    settle(*at->second, std::move(answered->reply));
    at->second->order = 0;  // what comes now is due to something else
  } else if (const auto* const shown = std::get_if<Shown>(&*said)) {
    recording_.shown(name_, *shown);
    const bool first_page = shown->kind == "stage" || shown->prompt.modal;
    if (first_page && opening_) settle(*std::exchange(opening_, nullptr), Reply());
  } else if (const auto* const noted = std::get_if<Noted>(&*said)) {
    note_again(*noted, *recorder_);
  }
}

void Seat::gone(base::Error why) {
  TILLRIG_ASSERT(running_, "a till that does not run cannot end");
  running_ = false;
  if (frozen_) recording_.act(oracle::ActEntry::Kind::heal, kFrozen, name_);
  frozen_ = false;
  if (opening_) settle(*std::exchange(opening_, nullptr), base::Failure(why));
  // What was under way may have happened, whatever the program says of its end.
  why.code = Code::closed;
  for (const auto& [id, waiting] : asked_) {
    recording_.answered(waiting->tape, base::Failure(why));
    settle(*waiting, base::Failure(why));
  }
}

}  // namespace tillrig::world

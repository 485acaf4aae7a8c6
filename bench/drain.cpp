// How fast a till's backlog reaches the cloud once the line is back: in virtual time against the
// limit that batch, window and round trip set (N w / RTT), and over loopback against one sale at a
// time. The backlog is real: committed by the store, drained by sync::Service into a real cloud.
#include "pos/base/spawn.hpp"
#include "pos/host/clock.hpp"
#include "pos/host/disk.hpp"
#include "pos/host/entropy.hpp"
#include "pos/host/network.hpp"
#include "pos/oms/cloud.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/resync.hpp"
#include "pos/sync/service.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/kernel/executor.hpp"
#include "sim/kernel/ports.hpp"
#include "sim/net/virtual_network.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <future>
#include <thread>

namespace tillrig {
namespace {

using base::Duration;
using base::Instant;
using namespace std::chrono_literals;

[[noreturn]] void give_up(std::string_view what) {
  std::fprintf(stderr, "bench_drain: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

template <class T>
T must(base::Result<T> result) {
  if (!result) give_up(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

class NoNotes final : public ports::Recorder {
 public:
  using ports::Recorder::note;
  std::uint64_t note(const ports::Note&, std::span<const ports::Arg>) override { return 0; }
};

// A sale of three lines, paid in cash.
wire::Document sale(std::int64_t n) {
  wire::Document document;
  document.day = "2026-03-02";
  document.currency = "EUR";
  for (std::int64_t i = 0; i < 3; ++i) {
    wire::Line line;
    line.sku = "sku-" + std::to_string((n * 7 + i) % 300);
    line.name = "Some goods of the corner shop";
    line.unit_price = {129 + 100 * i};
    line.total = line.unit_price;
    line.tax_rate = {700};
    line.tax = base::tax_inside(line.total, line.tax_rate);
    document.total += line.total;
    document.tax += line.tax;
    document.lines.push_back(std::move(line));
  }
  wire::Payment cash;
  cash.kind = "cash";
  cash.given = document.total + base::Money{50};
  cash.change = {50};
  cash.amount = document.total;
  document.payments.push_back(std::move(cash));
  return document;
}

std::unique_ptr<store::Store> sell(ports::Disk& disk, ports::Clock& clock, ports::Recorder& notes,
                                   std::int64_t sales) {
  auto store = must(store::Store::open(disk, clock, notes, {}));
  must(store->open_epoch("created"));
  for (std::int64_t n = 0; n < sales; ++n) must(store->commit(wire::EventKind::sale, sale(n)));
  disk.take_debt();
  return store;
}

// The peer: one sale a request, the next one when its answer is in.
base::Awaitable<void> one_by_one(const ports::Ports& ports, store::Store& store,
                                 ports::Endpoint cloud, Instant& began,
                                 std::function<void()> done) {
  sync::CloudClient client(ports, cloud, "till-1");
  const Instant never = Instant::never();
  wire::Login who;
  auto login = co_await client.login(std::move(who), never);
  if (!login.answer) give_up(login.why);
  began = ports.clock.now();
  std::uint64_t number = 0;
  for (;;) {
    auto items = store.peek(1, SIZE_MAX, {});
    if (items.empty()) break;
    wire::UpBatch batch;
    batch.till = "till-1";
    batch.epoch = items[0].event.id.epoch;
    batch.generation = login.answer->generation;
    batch.batch = ++number;
    const std::string token = login.answer->token;
    std::string list;
    wire::append_items(list, items, wire::kBatchBytes - wire::kBatchHeadBytes);
    auto body = wire::write_json(batch, list);
    auto outcome = co_await client.send(std::move(body), token, never);
    if (!outcome.answer) give_up("the cloud did not answer");
    const store::Settled settled{items[0].event.id, store::SyncState::acked, ""};
    must(store.settle({&settled, 1}));
  }
  done();
}

// The stack's own way.
base::Awaitable<void> drain(sync::Service& service, const ports::Clock& clock, Instant& began) {
  const auto cause = co_await service.first_contact();
  if (cause != sync::Cause::none) give_up(sync::sentence(cause));
  began = clock.now();
  service.start();
}

struct Drained {
  std::uint64_t events = 0;
  Duration took{};
  double till_s = 0;  // of the processor, where each end has a thread of its own
  double cloud_s = 0;
};

// What a thread has had of the processor so far.
double seconds_of(pthread_t thread) {
  clockid_t clock{};
  timespec spent{};
  if (::pthread_getcpuclockid(thread, &clock) != 0 || ::clock_gettime(clock, &spent) != 0) {
    give_up("the time of a thread cannot be read");
  }
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

void report(benchmark::State& state, const Drained& drained, Duration rtt, double per_round_trip) {
  const double seconds = std::chrono::duration<double>(drained.took).count();
  const double achieved = static_cast<double>(drained.events) / seconds;
  state.counters["events"] = static_cast<double>(drained.events);
  state.counters["events/s"] = achieved;
  state.counters["drain_s"] = seconds;
  if (rtt > 0ns) {
    const double limit = per_round_trip / std::chrono::duration<double>(rtt).count();
    state.counters["of_nw_rtt"] = achieved / limit;
  }
  if (drained.cloud_s > 0) {
    const double each = 1e6 / static_cast<double>(drained.events);
    state.counters["till_us"] = drained.till_s * each;
    state.counters["cloud_us"] = drained.cloud_s * each;
  }
}

Drained drain_virtually(std::int64_t sales, Duration rtt, bool batched) {
  kernel::Kernel kernel;
  const kernel::Lane till_lane = kernel.open_lane("till-1");
  const kernel::Lane cloud_lane = kernel.open_lane("cloud");
  kernel::LaneClock clock(kernel, base::WallTime{1'772'438'400'000});
  kernel::LaneTimer till_timer(kernel, till_lane);
  kernel::LaneTimer cloud_timer(kernel, cloud_lane);
  kernel::NamedStreams till_draws(1, "till-1");
  kernel::NamedStreams cloud_draws(1, "cloud");
  net::Link link("till-1", clock, {rtt / 2, 0});
  net::VirtualNetwork network(kernel,
                              [&](const std::string&, const std::string&) { return &link; });
  net::HostNetwork till_network(network, "till-1", till_lane);
  net::HostNetwork cloud_network(network, "cloud", cloud_lane);
  disk::Volume till_volume("till-1");
  disk::Volume cloud_volume("cloud");
  disk::VolumeDisk till_disk(till_volume);
  disk::VolumeDisk cloud_disk(cloud_volume);
  NoNotes notes;
  const ports::Ports till{kernel::make_executor(kernel, till_lane),
                          clock,
                          till_timer,
                          till_draws,
                          till_network,
                          till_disk,
                          notes,
                          [&] { return kernel::make_alarm(kernel, till_lane); }};
  const ports::Ports cloud{kernel::make_executor(kernel, cloud_lane),
                           clock,
                           cloud_timer,
                           cloud_draws,
                           cloud_network,
                           cloud_disk,
                           notes,
                           [&] { return kernel::make_alarm(kernel, cloud_lane); }};
  const auto store = sell(till_disk, clock, notes, sales);
  const auto served = must(oms::Cloud::start(cloud, {}));
  sync::ServiceConfig config;
  config.cloud = {"cloud", 443, false};

  Drained drained;
  drained.events = store->counters().pending;
  Instant began;
  Instant ended;
  const auto done = [&] {
    if (store->counters().pending != 0) return;
    ended = kernel.now();
    kernel.stop();
  };
  sync::Service::Listener listener;
  listener.counters = done;
  sync::Service service(till, *store, *store, config, listener);
  base::spawn(till.executor, batched ? drain(service, clock, began)
                                     : one_by_one(till, *store, config.cloud, began, done));
  must(kernel.run(Instant{} + 24h));
  if (ended == Instant{}) give_up("the backlog did not drain within a day of virtual time");
  if (store->counters().uploaded != drained.events) give_up("something was not uploaded");
  drained.took = ended - began;
  kernel.close_lane(till_lane);
  kernel.close_lane(cloud_lane);
  return drained;
}

void virtual_drain(benchmark::State& state) {
  const std::int64_t sales = state.range(0);
  const Duration rtt = std::chrono::milliseconds(state.range(1));
  for (auto _ : state) {
    const double most = static_cast<double>(wire::kBatchItems * wire::kWindow);
    report(state, drain_virtually(sales, rtt, true), rtt, most);
  }
}

base::Awaitable<void> resync(sync::Resync& all, base::Result<sync::Resync::Progress>& came) {
  auto running = all.run();
  came = co_await std::move(running);
}

// A forced resync of a till with so many sales, of which the cloud has lost the newest ten: all are
// compared, and those ten go up again. What it costs is the processor's time, of both.
void virtual_resync(benchmark::State& state) {
  constexpr std::int64_t kLost = 10;
  for (auto _ : state) {
    kernel::Kernel kernel;
    const kernel::Lane till_lane = kernel.open_lane("till-1");
    const kernel::Lane cloud_lane = kernel.open_lane("cloud");
    kernel::LaneClock clock(kernel, base::WallTime{1'772'438'400'000});
    kernel::LaneTimer till_timer(kernel, till_lane);
    kernel::LaneTimer cloud_timer(kernel, cloud_lane);
    kernel::NamedStreams till_draws(1, "till-1");
    kernel::NamedStreams cloud_draws(1, "cloud");
    net::Link link("till-1", clock, {10ms, 0});
    net::VirtualNetwork network(kernel,
                                [&](const std::string&, const std::string&) { return &link; });
    net::HostNetwork till_network(network, "till-1", till_lane);
    net::HostNetwork cloud_network(network, "cloud", cloud_lane);
    disk::Volume till_volume("till-1");
    disk::Volume cloud_volume("cloud");
    disk::VolumeDisk till_disk(till_volume);
    auto cloud_disk = std::make_unique<disk::VolumeDisk>(cloud_volume);
    NoNotes notes;
    const ports::Ports till{kernel::make_executor(kernel, till_lane),
                            clock,
                            till_timer,
                            till_draws,
                            till_network,
                            till_disk,
                            notes,
                            [&] { return kernel::make_alarm(kernel, till_lane); }};
    const auto cloud_ports = [&] {
      return ports::Ports{kernel::make_executor(kernel, cloud_lane),
                          clock,
                          cloud_timer,
                          cloud_draws,
                          cloud_network,
                          *cloud_disk,
                          notes,
                          [&] { return kernel::make_alarm(kernel, cloud_lane); }};
    };
    const auto store = sell(till_disk, clock, notes, state.range(0) - kLost);
    const ports::Ports first = cloud_ports();
    auto served = must(oms::Cloud::start(first, {}));
    sync::ServiceConfig config;
    config.cloud = {"cloud", 443, false};
    sync::Service::Listener listener;
    listener.counters = [&] {
      if (store->counters().pending == 0) kernel.stop();
    };
    sync::Service service(till, *store, *store, config, listener);
    Instant began;
    base::spawn(till.executor, drain(service, clock, began));
    must(kernel.run(Instant{} + 24h));
    const auto image = cloud_volume.image();
    for (std::int64_t n = 0; n < kLost; ++n) must(store->commit(wire::EventKind::sale, sale(n)));
    service.kick();
    must(kernel.run(kernel.now() + 1h));
    if (store->counters().pending != 0) give_up("the last sales were not uploaded");
    served->stop();
    served.reset();
    cloud_volume.put_back(image, true);
    cloud_disk = std::make_unique<disk::VolumeDisk>(cloud_volume);
    const ports::Ports second = cloud_ports();
    oms::Config back;
    back.put_back = true;
    served = must(oms::Cloud::start(second, back));
    must(kernel.run(kernel.now() + 1min));  // it logs in anew

    const std::uint64_t before = store->counters().uploaded;
    sync::Resync::Listener told;
    told.may_ask = [] { return base::Result<void>(); };
    told.found = [&] { service.kick(); };
    sync::Resync all(till, service.desk(), *store, {}, told);
    base::Result<sync::Resync::Progress> came = base::fail(base::Code::timeout, "it is not over");
    const std::clock_t from = std::clock();
    base::spawn(till.executor, resync(all, came));
    // It stops each time that nothing is pending, before the resync has seen that.
    for (int rest = 0; !came && rest < 10; ++rest) must(kernel.run(kernel.now() + 1h));
    const auto cpu = static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
    const auto progress = must(came);
    if (store->counters().pending != 0) give_up("what was missing was not uploaded");
    state.counters["compared"] = static_cast<double>(progress.done);
    state.counters["missing"] = static_cast<double>(progress.missing);
    state.counters["uploaded"] = static_cast<double>(store->counters().uploaded);
    state.counters["again"] =
        static_cast<double>(store->counters().uploaded) - static_cast<double>(before);
    state.counters["cpu_s"] = cpu;
    service.stop();
    kernel.close_lane(till_lane);
    kernel.close_lane(cloud_lane);
  }
}

void virtual_one_by_one(benchmark::State& state) {
  const Duration rtt = std::chrono::milliseconds(state.range(1));
  for (auto _ : state) {
    report(state, drain_virtually(state.range(0), rtt, false), rtt, 1.0);
  }
}

// A folder of its own, gone with it.
struct Folder {
  explicit Folder(const std::filesystem::path& below)
      : path((below / "tillrig-drain-XXXXXX").string()) {
    if (::mkdtemp(path.data()) == nullptr) give_up("no temporary folder could be made");
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

// One process's worth of the host's ports, on an io_context of its own.
struct HostPorts {
  explicit HostPorts(const std::string& folder) : disk(folder) {}
  boost::asio::io_context io;
  host::SystemClock clock;
  host::SystemTimer timer{io.get_executor()};
  host::SystemEntropy entropy;
  host::TcpNetwork network{io.get_executor()};
  host::FolderDisk disk;
  NoNotes notes;
  ports::Ports ports{
      io.get_executor(), clock, timer, entropy,
      network,           disk,  notes, [this] { return host::make_alarm(io.get_executor()); }};
};

Drained drain_over_loopback(std::int64_t sales, bool batched) {
  const auto disk = std::filesystem::temp_directory_path();
  const Folder till_folder(disk);
  const Folder cloud_folder(disk);
  {
    // Sold where a sync costs nothing, then moved to the disk that is measured.
    const Folder memory(std::filesystem::exists("/dev/shm") ? "/dev/shm" : disk);
    host::FolderDisk fast(memory.path);
    host::SystemClock clock;
    NoNotes notes;
    must(sell(fast, clock, notes, sales)->close());
    std::filesystem::copy(memory.path, till_folder.path, std::filesystem::copy_options::recursive);
  }
  HostPorts till(till_folder.path);
  HostPorts cloud(cloud_folder.path);
  oms::Config config;
  config.listen = {"127.0.0.1", 0, false};
  auto served = must(oms::Cloud::start(cloud.ports, config));
  sync::ServiceConfig syncing;
  syncing.cloud = {"127.0.0.1", served->port(), false};
  std::thread serving([&] { cloud.io.run(); });

  Drained drained;
  {
    const auto store = must(store::Store::open(till.disk, till.clock, till.notes, {}));
    drained.events = store->counters().pending;
    const double till_from = seconds_of(::pthread_self());
    const double cloud_from = seconds_of(serving.native_handle());
    Instant began;
    Instant ended;
    const auto done = [&] {
      if (store->counters().pending != 0) return;
      ended = till.clock.now();
      drained.till_s = seconds_of(::pthread_self()) - till_from;
      drained.cloud_s = seconds_of(serving.native_handle()) - cloud_from;
      till.io.stop();
    };
    sync::Service::Listener listener;
    listener.counters = done;
    sync::Service service(till.ports, *store, *store, syncing, listener);
    base::spawn(till.ports.executor,
                batched ? drain(service, till.clock, began)
                        : one_by_one(till.ports, *store, syncing.cloud, began, done));
    till.io.run();
    service.stop();
    till.io.restart();
    till.io.run();
    if (store->counters().uploaded != drained.events) give_up("something was not uploaded");
    drained.took = ended - began;
  }
  boost::asio::post(cloud.io, [&] { served.reset(); });
  serving.join();
  return drained;
}

void loopback_drain(benchmark::State& state) {
  for (auto _ : state) report(state, drain_over_loopback(state.range(0), true), 0ns, 1.0);
}

void loopback_one_by_one(benchmark::State& state) {
  for (auto _ : state) report(state, drain_over_loopback(state.range(0), false), 0ns, 1.0);
}

BENCHMARK(virtual_drain)
    ->ArgNames({"sales", "rtt_ms"})
    ->Args({100'000, 10})
    ->Args({100'000, 50})
    ->Args({100'000, 200})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK(virtual_one_by_one)
    ->ArgNames({"sales", "rtt_ms"})
    ->Args({500, 10})
    ->Args({500, 50})
    ->Args({500, 200})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK(virtual_resync)->ArgName("sales")->Arg(100'000)->Iterations(1)->Unit(benchmark::kSecond);
BENCHMARK(loopback_drain)
    ->ArgName("sales")
    ->Arg(500)
    ->Arg(100'000)
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK(loopback_one_by_one)->ArgName("sales")->Arg(500)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace tillrig

BENCHMARK_MAIN();

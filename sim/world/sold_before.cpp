#include "sim/world/sold_before.hpp"

#include "pos/oms/api.hpp"
#include "pos/oms/sqlite_database.hpp"
#include "pos/ports/entropy.hpp"
#include "pos/store/store.hpp"
#include "pos/till/business_day.hpp"
#include "pos/till/day_sums.hpp"
#include "sim/disk/volume_disk.hpp"
#include "sim/kernel/ports.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::world {

using base::Code;
using base::fail;
using base::Failure;
using base::Result;

namespace sold_before {
namespace {

constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr std::uint32_t kEpoch = 1;

// The day before the story: each reading is a little later, and the last one is before midnight.
class Yesterday final : public ports::Clock {
 public:
  explicit Yesterday(const Setup& setup)
      : wall_ms_((setup.wall_open_ms / kDayMs - 1) * kDayMs + kDayMs / 4),
        step_us_(kDayMs / 2 * 1000 / (setup.sold + 1)) {}

  [[nodiscard]] base::Instant now() const override { return {}; }
  [[nodiscard]] base::WallTime wall() const override {
    return {wall_ms_ + sold_ * step_us_ / 1000};
  }
  [[nodiscard]] ports::Uptime uptime() const override { return {}; }
  void sold_one() { ++sold_; }

 private:
  std::int64_t wall_ms_;
  std::int64_t step_us_;
  std::int64_t sold_ = 0;
};

class Unheard final : public ports::Recorder {
 public:
  using ports::Recorder::note;
  std::uint64_t note(const ports::Note&, std::span<const ports::Arg>) override { return 0; }
};

// One thing that the shop does not sell any more, paid in cash.
wire::Document sale(const Setup& setup, std::int64_t n, std::string day) {
  wire::Document document;
  document.day = std::move(day);
  document.currency = setup.shop.currency;
  document.on_top = !setup.shop.prices_include_tax;
  wire::Line line;
  line.sku = "last-year";
  line.name = "Goods of last year";
  line.quantity = {1000};
  line.unit_price = {100 + n % 900};
  line.total = line.unit_price;
  document.total = line.total;
  document.lines.push_back(std::move(line));
  wire::Payment cash;
  cash.kind = "cash";
  cash.given = document.total;
  cash.amount = document.total;
  document.payments.push_back(std::move(cash));
  return document;
}

// Hands a till's documents to the cloud as its up lane would.
class Uploads {
 public:
  Uploads(oms::Api& cloud, std::string till) : cloud_(cloud), till_(std::move(till)) {}

  Result<void> log_in(const std::string& secret) {
    const auto answered = ask("/v1/tills/" + till_ + "/login", secret, {});
    if (!answered) return Failure(answered.error());
    const auto login = wire::read_login(*answered);
    if (!login) return Failure(login.error());
    token_ = login->token;
    generation_ = login->generation;
    return {};
  }

  // Everything that waits in a store.
  Result<std::uint64_t> drain(store::Store& store) {
    std::uint64_t events = 0;
    for (;;) {
      const auto items = store.peek(wire::kBatchItems, SIZE_MAX, {});
      if (items.empty()) return events;
      auto sent = send(store, items);
      if (!sent) return Failure(sent.error());
      events += items.size();
    }
  }

 private:
  Result<void> send(store::Store& store, std::span<const wire::UpItem> items) {
    wire::UpBatch batch;
    batch.till = till_;
    batch.epoch = kEpoch;
    batch.generation = generation_;
    batch.batch = ++number_;
    std::string list;
    wire::append_items(list, items, SIZE_MAX);
    const auto answered = ask("/v1/sync/up", token_, wire::write_json(batch, list));
    if (!answered) return Failure(answered.error());
    const auto answer = wire::read_answer(*answered);
    if (!answer) return Failure(answer.error());
    if (answer->results.size() != items.size()) {
      return fail(Code::protocol, "the cloud did not answer for all {} documents", items.size());
    }
    std::vector<store::Settled> settled;
    for (std::size_t n = 0; n < items.size(); ++n) {
      if (answer->results[n].status != wire::ItemStatus::applied ||
          !answer->results[n].code.empty()) {
        return fail(Code::protocol, "the cloud did not take {}, of before the story: {}",
                    answer->results[n].id, answer->results[n].code);
      }
      settled.push_back({items[n].event.id, store::SyncState::acked, ""});
    }
    return store.settle(settled);
  }

  Result<base::Bytes> ask(std::string target, const std::string& secret, base::Bytes body) {
    base::HttpRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.fields.add("Content-Type", wire::kContentType);
    request.fields.add("Authorization", "Bearer " + secret);
    request.body = std::move(body);
    auto answer = cloud_.handle(request);
    if (answer.status == 200) return std::move(answer.body);
    return fail(Code::protocol, "{} was answered with {} before the story", request.target,
                answer.status);
  }

  oms::Api& cloud_;
  std::string till_;
  std::string token_;
  std::uint64_t generation_ = 0;
  std::uint64_t number_ = 0;
};

// A day that was left open would go on.
Result<void> close_day(store::Store& store, const std::string& till) {
  const base::EventId before{till, 0, 0};
  const auto events = store.made_after(before);
  if (!events) return Failure(events.error());
  wire::DayClosed sums = till::sum_day(*events, before, store.newest());
  sums.day = std::get<wire::Document>(events->back().body).day;
  sums.number = 1;
  sums.counted = sums.expected;
  const auto closed = store.record(wire::EventKind::day_closed, std::move(sums));
  if (!closed) return Failure(closed.error());
  return {};
}

// All of one till, sold and uploaded by its own store; how many events that are.
Result<std::uint64_t> write_till(const Setup& setup, const std::string& till, disk::Volume& volume,
                                 Uploads& uploads) {
  Yesterday clock(setup);
  Unheard unheard;
  disk::VolumeDisk disk(volume);
  store::Config config;
  config.till = till;
  config.currency = setup.shop.currency;
  auto store = store::Store::open(disk, clock, unheard, config);
  if (!store) return Failure(store.error());
  if (auto begun = (*store)->open_epoch("created"); !begun) return Failure(begun.error());
  const std::string day = till::business_day(clock.wall(), {});
  for (std::int64_t n = 0; n < setup.sold; ++n) {
    clock.sold_one();
    const auto sold = (*store)->commit(wire::EventKind::sale, sale(setup, n, day));
    if (!sold) return Failure(sold.error());
  }
  if (auto closed = close_day(**store, till); !closed) return Failure(closed.error());
  const auto events = uploads.drain(**store);
  if (!events) return events;
  if (auto begun = (*store)->open_epoch("restarted"); !begun) return Failure(begun.error());
  if (auto closed = (*store)->close(); !closed) return Failure(closed.error());
  return events;
}

}  // namespace
}  // namespace sold_before

Result<void> SoldBefore::write(disk::Volume& cloud, const Provision& provision) {
  if (setup_.sold == 0) return {};
  sold_before::Yesterday clock(setup_);
  sold_before::Unheard unheard;
  kernel::NamedStreams draws(setup_.seed, "past");
  disk::VolumeDisk disk(cloud);
  auto database = oms::open_sqlite(disk, draws, {});
  if (!database) return Failure(database.error());
  auto secrets = oms::Secrets::read(provision.file(setup_.tills), "secrets");
  if (!secrets) return Failure(secrets.error());
  oms::Api api(**database, clock, unheard, {}, {}, *std::move(secrets));
  for (const std::string& till : setup_.tills) {
    sold_before::Uploads uploads(api, till);
    if (auto in = uploads.log_in(provision.secret_of(till)); !in) return in;
    disk::Volume volume(till, disk::Profile{});
    const auto events = sold_before::write_till(setup_, till, volume, uploads);
    if (!events) return base::within("what " + till + " had sold before", events.error());
    in_cloud_.held += *events;
    disks_[till] = volume.image();
  }
  disk.take_debt();
  return {};
}

void SoldBefore::put_on(disk::Volume& disk, const std::string& till) const {
  if (const auto at = disks_.find(till); at != disks_.end()) disk.put_back(at->second, false);
}

Order SoldBefore::ask_sales(const Setup& setup) {
  Order ask("sales");
  if (setup.sold > 0) ask.with("epoch", std::int64_t{sold_before::kEpoch} + 1);
  return ask;
}

std::uint64_t SoldBefore::events_of_each(const Setup& setup) {
  return setup.sold == 0 ? 0 : static_cast<std::uint64_t>(setup.sold) + 2;  // begun and closed
}

bool SoldBefore::has_day(const Setup& setup, const std::string& day) {
  return setup.sold > 0 && day == till::business_day(sold_before::Yesterday(setup).wall(), {});
}

}  // namespace tillrig::world

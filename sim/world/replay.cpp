#include "sim/world/replay.hpp"

#include "pos/base/names.hpp"
#include "sim/world/cloud_door.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace tillrig::world {

using base::Failure;
using base::Result;

namespace {

// More than these would cost a long run more than they tell: then they are taken from all over it.
constexpr std::size_t kMostEvents = 200;
constexpr int kRounds = 2;
constexpr std::size_t kBatchBytes = 200 * 1024;

}  // namespace

std::vector<Replay::Lot> Replay::lots() const {
  std::map<std::string_view, std::string_view> held;  // id and hash
  for (const oracle::CloudEntry& row : recording_.tapes().replay.before.rows) {
    held.emplace(row.id, row.hash);
  }
  using Place = std::tuple<std::string, std::uint32_t, std::uint64_t>;
  std::map<Place, wire::UpItem> items;
  for (const oracle::WireEntry& entry : recording_.tapes().wire) {
    if (!entry.target.starts_with("/v1/sync/up") || !entry.unreadable.empty()) continue;
    const auto batch = wire::read_batch(entry.body);
    if (!batch) continue;
    for (const wire::ReadItem& read : batch->items) {
      if (!read.item) continue;
      const auto at = held.find(read.id);
      if (at == held.end() || at->second != read.item->hash.hex()) continue;
      items.emplace(Place{batch->till, batch->epoch, read.seq}, *read.item);
    }
  }
  std::vector<Lot> lots;
  std::size_t n = 0;
  std::size_t bytes = 0;
  const std::size_t all = items.size();
  for (auto& [place, item] : items) {
    const std::size_t share = n++ * kMostEvents / std::max<std::size_t>(all, 1);
    const bool taken = all <= kMostEvents || n * kMostEvents / all != share;
    if (!taken) continue;
    const auto& [till, epoch, seq] = place;
    std::string list;
    wire::append_items(list, {&item, 1}, SIZE_MAX);
    const bool fits = !lots.empty() && lots.back().till == till && lots.back().epoch == epoch &&
                      lots.back().items.size() < wire::kBatchItems &&
                      bytes + list.size() < kBatchBytes;
    if (!fits) {
      lots.push_back({till, epoch, {}});
      bytes = 0;
    }
    bytes += list.size();
    lots.back().items.push_back(std::move(item));
  }
  return lots;
}

base::Awaitable<Result<oracle::CloudState>> Replay::look() {
  oracle::CloudState state;
  CloudView view(ports_);
  view.from(door_, provision_.audit_secret(), recording_.tapes().past_begin);
  auto rows = co_await view.rows();
  if (!rows) co_return Failure(rows.error());
  state.rows = **rows;
  auto postings = co_await view.postings();
  if (!postings) co_return Failure(postings.error());
  state.postings = *std::move(postings);
  auto holds = co_await view.holds();
  if (!holds) co_return Failure(holds.error());
  state.holds = *std::move(holds);
  auto refused = co_await view.refused();
  if (!refused) co_return Failure(refused.error());
  state.refused = *std::move(refused);
  co_return state;
}

base::Awaitable<Result<void>> Replay::send(std::string till, std::span<const Lot> lots, int round) {
  std::string secret = provision_.secret_of(till);
  std::string target = "/v1/tills/" + till + "/login";
  auto logging_in = ask_at_door(ports_, door_, std::move(secret), "POST", std::move(target), "");
  auto let_in = co_await std::move(logging_in);
  if (!let_in) co_return Failure(let_in.error());
  const auto login = wire::read_login(*let_in);
  if (!login) co_return Failure(login.error());
  std::uint64_t number = 0;
  for (const Lot& lot : lots) {
    wire::UpBatch batch;
    batch.till = lot.till;
    batch.epoch = lot.epoch;
    batch.generation = login->generation;
    batch.batch = ++number;
    batch.items = lot.items;
    std::string token = login->token;
    std::string body = wire::write_json(batch);
    std::string up = "/v1/sync/up";
    auto sending =
        ask_at_door(ports_, door_, std::move(token), "POST", std::move(up), std::move(body));
    auto answered = co_await std::move(sending);
    if (!answered) co_return Failure(answered.error());
    const auto answer = wire::read_answer(*answered);
    if (!answer) co_return Failure(answer.error());
    for (const wire::UpResult& result : answer->results) {
      recording_.tapes().replay.sent.push_back(
          {lot.till, result.id, round, std::string(name(result.status)), result.code});
    }
  }
  co_return Result<void>{};
}

base::Awaitable<Result<void>> Replay::send_all() {
  auto looking = look();
  auto before = co_await std::move(looking);
  if (!before) co_return Failure(before.error());
  recording_.tapes().replay.before = *std::move(before);
  const std::vector<Lot> all = lots();
  for (int round = 1; round <= kRounds; ++round) {
    for (auto from = all.begin(); from != all.end();) {
      const auto to =
          std::find_if(from, all.end(), [&](const Lot& lot) { return lot.till != from->till; });
      std::string till = from->till;
      const std::span<const Lot> its(from, to);
      auto sending = send(std::move(till), its, round);
      auto sent = co_await std::move(sending);
      if (!sent) co_return sent;
      from = to;
    }
  }
  auto looking_again = look();
  auto after = co_await std::move(looking_again);
  if (!after) co_return Failure(after.error());
  recording_.tapes().replay.after = *std::move(after);
  co_return Result<void>{};
}

base::Awaitable<void> Replay::run() {
  recording_.tapes().replay.tried = true;
  recording_.tapes().replay.at = recording_.now();
  auto sending = send_all();
  auto sent = co_await std::move(sending);
  if (!sent) recording_.tapes().replay.failed = sent.error().what;
}

}  // namespace tillrig::world

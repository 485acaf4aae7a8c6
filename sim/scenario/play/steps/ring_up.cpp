#include "sim/scenario/play/steps/ring_up.hpp"

#include "sim/world/labels.hpp"

namespace tillrig::scenario {

using base::Code;

Awaitable<Result<void>> scan_code(Stage& stage, std::string till, std::string code) {
  world::Recording& recording = stage.bed().recording();
  const std::uint64_t answered = recording.scans_answered(till);
  const std::size_t seen = recording.tapes().cashier.size();
  auto scanned = co_await stage.bed().scan(till, code);
  if (!scanned) co_return scanned;
  if (recording.scans_answered(till) == answered) {
    const Code why = stage.bed().running(till) ? Code::timeout : Code::closed;
    co_return base::fail(why, "{} did nothing about the scan of {}", till, code);
  }
  const auto& cashier = recording.tapes().cashier;
  for (std::size_t i = seen; i < cashier.size(); ++i) {
    if (cashier[i].till == till && cashier[i].kind == oracle::CashierEntry::Kind::refused) {
      co_return base::fail(Code::not_allowed, "{}", cashier[i].text);
    }
  }
  co_return Result<void>{};
}

Awaitable<Result<void>> scan_item(Stage& stage, std::string till, std::string sku,
                                  std::optional<base::Money> price) {
  const world::Item* item = stage.plan().setup.shop.by_sku(sku);
  if (item == nullptr) co_return base::fail(Code::not_found, "there is no item {}", sku);
  const auto code = world::label_of(stage.plan().setup.shop, *item, price);
  if (!code) co_return base::Failure(code.error());
  const std::string label = *code;
  auto scanning = scan_code(stage, till, label);
  auto scanned = co_await std::move(scanning);
  if (!scanned) co_return scanned;
  stage.carts.put_in(till, sku);
  co_return Result<void>{};
}

namespace {

Awaitable<Result<void>> ring_up_whole(Stage& stage, std::string till, Basket basket) {
  for (const std::string& sku : basket.skus) {
    const std::optional<base::Money> as_listed;
    auto scanned = co_await scan_item(stage, till, sku, as_listed);
    if (!scanned) co_return scanned;
  }
  if (basket.discount.basis_points > 0) {
    const std::int64_t all = 0;
    const world::Order less =
        world::Order("discount").with("line", all).with("rate", basket.discount.basis_points);
    auto given = co_await stage.bed().command(till, less);
    if (!given) co_return base::Failure(given.error());
  }
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  constexpr std::int64_t kNote = 500;
  const bool round = basket.note && state->due.minor > 0;
  const std::int64_t given = round ? (state->due.minor / kNote + 1) * kNote : state->due.minor;
  if (given > 0) {  // what costs nothing is not paid for
    const world::Order tender = world::Order("tender").with("kind", "cash").with("amount", given);
    auto paid = co_await stage.bed().command(till, tender);
    if (!paid) co_return base::Failure(paid.error());
  }
  auto completed = co_await stage.complete(till, basket.as);
  stage.carts.close(till);
  co_return completed;
}

}  // namespace

Awaitable<Result<void>> ring_up(Stage& stage, std::string till, Basket basket) {
  auto ringing = ring_up_whole(stage, till, std::move(basket));
  auto done = co_await std::move(ringing);
  if (done || !stage.bed().running(till)) co_return done;
  stage.carts.close(till);
  const world::Order cancel("cancel");
  auto cancelled = co_await stage.bed().command(till, cancel);  // nobody else is to pay for it
  (void)cancelled;
  co_return done;
}

}  // namespace tillrig::scenario

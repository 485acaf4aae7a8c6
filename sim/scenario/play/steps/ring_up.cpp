#include "sim/scenario/play/steps/ring_up.hpp"

#include "sim/world/labels.hpp"

namespace tillrig::scenario {

using base::Code;
using till::Command;

Awaitable<Result<void>> scan_item(Stage& stage, std::string till, std::string sku,
                                  base::Money price) {
  const till::Item* item = stage.plan().setup.shop.catalogue.by_sku(sku);
  if (item == nullptr) co_return base::fail(Code::not_found, "there is no item {}", sku);
  const auto code = world::label_of(*item, price);
  if (!code) co_return base::Failure(code.error());
  world::Recording& recording = stage.bed().recording();
  const std::uint64_t answered = recording.scans_answered(till);
  const std::size_t seen = recording.tapes().cashier.size();
  auto scanned = co_await stage.bed().scan(till, *code);
  if (!scanned) co_return scanned;
  if (recording.scans_answered(till) == answered) {
    const Code why = stage.bed().running(till) ? Code::timeout : Code::closed;
    co_return base::fail(why, "{} did nothing about the scan of {}", till, sku);
  }
  const auto& cashier = recording.tapes().cashier;
  for (std::size_t i = seen; i < cashier.size(); ++i) {
    if (cashier[i].till == till && cashier[i].kind == oracle::CashierEntry::Kind::refused) {
      co_return base::fail(Code::not_allowed, "{}", cashier[i].text);
    }
  }
  stage.open_cart(till, sku);
  co_return Result<void>{};
}

Awaitable<Result<void>> ring_up(Stage& stage, std::string till, std::vector<std::string> skus,
                                bool note) {
  for (const std::string& sku : skus) {
    const base::Money as_listed;
    auto scanned = co_await scan_item(stage, till, sku, as_listed);
    if (!scanned) co_return scanned;
  }
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  Command tender;
  tender.verb = Command::Verb::tender;
  tender.text = "cash";
  tender.amount = state->due;
  constexpr std::int64_t kNote = 500;
  if (note) tender.amount.minor = (state->due.minor / kNote + 1) * kNote;
  auto paid = co_await stage.bed().command(till, tender);
  if (!paid) co_return base::Failure(paid.error());
  co_await stage.resolve(till);
  Command complete;
  complete.verb = Command::Verb::complete;
  stage.before_complete(till);
  auto answer = co_await stage.bed().command(till, complete);
  stage.add_sale(till, answer);
  stage.close_cart(till);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

}  // namespace tillrig::scenario

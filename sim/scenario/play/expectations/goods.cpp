// What the tills sell.
#include "sim/scenario/play/expectations/seen.hpp"

namespace tillrig::scenario::goods {
namespace {

using words::Args;
using words::Kind;

Awaitable<Result<Seen>> catalogue(Stage& stage, const Args& args) {
  const std::string till = args.text("catalogue");
  const std::string sku = args.text("item");
  auto price = co_await stage.bed().price_at(till, sku);
  if (!price) co_return base::Failure(price.error());
  const std::string now =
      *price ? fmt::format("{} minor units", (*price)->minor) : "it is not sold";
  if (!args.has("price")) {
    co_return saw(!price->has_value(), fmt::format("no {} at {}", sku, till), now);
  }
  const base::Money wanted{args.number("price")};
  co_return saw(*price && **price == wanted,
                fmt::format("{} at {} for {} minor units", sku, till, wanted.minor), now);
}

const auto kCatalogue = expectation(
    "catalogue", "What a till sells an item for, or that it does not sell it.",
    {{"catalogue", Kind::till, "at which till", true},
     {"item", Kind::item, "which item", true},
     {"price", Kind::money, "what it costs there"},
     {"is", Kind::text, "or that it is not sold there", false, "gone"}},
    R"({ catalogue = "till-1", item = "milk", price = "1.49", within = "10s" })", catalogue,
    "{catalogue} sells {item}", {{"catalogue", "", "price is", ""}, {"price", "", "", "is"}});

}  // namespace
}  // namespace tillrig::scenario::goods

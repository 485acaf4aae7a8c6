// Goods that go over the scanner faster than anybody looks.
#include "sim/scenario/play/spawn.hpp"
#include "sim/scenario/play/stage.hpp"
#include "sim/world/labels.hpp"

#include <memory>

namespace tillrig::scenario::storm {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using words::Args;
using words::Kind;

// What came of the customer who is selected meanwhile.
struct Selected {
  bool over = false;
  Result<void> how;
};

Awaitable<void> select_beside(std::shared_ptr<Stage> stage, std::string till, std::string customer,
                              std::shared_ptr<Selected> selected) {
  world::Order order("customer");
  order.with("customer", customer);
  auto asking = stage->bed().command(std::move(till), std::move(order));
  auto answer = co_await std::move(asking);
  if (!answer) selected->how = base::Failure(answer.error());
  selected->over = true;
}

Awaitable<Result<void>> storm(Stage& stage, const Args& args) {
  constexpr Duration kBetween = 20ms;
  constexpr Duration kPatience = 10s;
  const std::string till = args.text("till");
  const std::vector<std::string> skus = args.words("items");
  const auto times = static_cast<std::size_t>(args.number("times"));
  const std::uint64_t before = stage.bed().recording().scans_answered(till);
  const auto selected = std::make_shared<Selected>();
  selected->over = !args.has("customer");
  for (std::size_t i = 0; i < times; ++i) {
    const world::Shop& shop = stage.plan().setup.shop;
    const world::Item* const item = shop.by_sku(skus[i % skus.size()]);
    const auto code = world::label_of(shop, *item, std::nullopt);
    if (!code) co_return base::Failure(code.error());
    if (auto held = stage.bed().hold_before_scanner(till, *code); !held) co_return held;
    stage.carts.put_in(till, item->sku);
    co_await stage.pause(kBetween);
    if (i == 0 && !selected->over) {
      auto selecting =
          select_beside(stage.shared_from_this(), till, args.text("customer"), selected);
      spawn(stage, std::move(selecting));
    }
  }
  const Instant give_up = stage.now() + kPatience;
  const auto answered = [&] { return stage.bed().recording().scans_answered(till) - before; };
  while ((!selected->over || answered() < times) && stage.now() < give_up) {
    co_await stage.pause(kBetween);
  }
  if (!selected->how) co_return selected->how;
  if (answered() >= times) co_return Result<void>{};
  co_return base::fail(base::Code::timeout, "{} did something about {} of {} scans", till,
                       answered(), times);
}

words::Row<Step> storm_row() {
  Step step;
  step.name = "scan-storm";
  step.doc =
      "Holds many labels before the scanner, fifty a second, whatever the till says to them; "
      "with a customer, who is selected after the first.";
  step.params = {{"till", Kind::till, "which till; not needed when there is one"},
                 {"items", Kind::items, "one item or a list, again and again", true},
                 {"times", Kind::count, "so many labels in all", true},
                 {"customer", Kind::customer, "who is selected meanwhile"}};
  step.example = R"({ act = "scan-storm", items = ["milk", "bread"], times = 600 })";
  step.play = storm;
  step.plain = "{till} scans {times} labels of {items} {customer}";
  step.needs_app = true;
  return words::Row<Step>(std::move(step));
}

const auto kStorm = storm_row();

}  // namespace
}  // namespace tillrig::scenario::storm

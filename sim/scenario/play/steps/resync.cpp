// The heavy controls of the Sync Manager, and the backup of the cloud that they are for.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::resync {
namespace {

using words::Args;
using words::Kind;
using words::Param;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};

Awaitable<Result<void>> force_resync(Stage& stage, const Args& args) {
  world::Order order("force_resync");
  order.with("confirm", args.text("confirm", "Force full resync on all local transactions"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> clean_up(Stage& stage, const Args& args) {
  world::Order order("clean_up");
  order.with("confirm", args.text("confirm", "Clean up old transactions already on server"));
  if (args.has("days")) order.with("days", args.number("days"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> full_resync(Stage& stage, const Args& args) {
  world::Order order("full_resync");
  order.with("confirm", args.text("confirm", "Full data resync"));
  auto answer = co_await stage.bed().command(args.text("till"), order);
  if (!answer) co_return base::Failure(answer.error());
  co_return Result<void>{};
}

Awaitable<Result<void>> save_cloud(Stage& stage, const Args& /*args*/) {
  co_return stage.bed().save_cloud();
}

Awaitable<Result<void>> put_back_cloud(Stage& stage, const Args& args) {
  std::string other;
  if (args.has("other")) {
    const std::string which = args.text("other");
    const Sale* const sale = stage.sales.find(which, {}, true);
    if (sale == nullptr) {
      co_return base::fail(base::Code::not_found, "no sale \"{}\" was completed", which);
    }
    other = sale->id;
  }
  auto putting = stage.bed().put_back_cloud(std::move(other));
  co_return co_await std::move(putting);
}

words::Row<Step> row(std::string_view name, std::string_view doc, std::vector<Param> params,
                     std::string_view example, Awaitable<Result<void>> (*play)(Stage&, const Args&),
                     std::string_view plain) {
  Step step;
  step.name = name;
  step.doc = doc;
  step.params = std::move(params);
  step.example = example;
  step.play = play;
  step.plain = plain;
  return words::Row<Step>(std::move(step));
}

const words::Row<Step> kForceResync([] {
  Step step;
  step.name = "force-resync";
  step.doc =
      "The Sync Manager's Force full resync on all local transactions: the till compares all that "
      "counts as uploaded with what the cloud holds now, and sends what is missing there. Goes on "
      "when it is over.";
  step.params = {kTill,
                 {"confirm", Kind::text,
                  "what is typed to begin it; the control's name if left "
                  "out"}};
  step.example = R"({ till = "till-1", act = "force-resync" })";
  step.play = force_resync;
  step.plain = "a full resync is forced at {till}";
  step.needs_app = true;
  step.waits_for_hands = false;
  return step;
}());
const words::Row<Step> kCleanUp([] {
  Step step;
  step.name = "clean-up";
  step.doc =
      "The Sync Manager's Clean up old transactions already on server: the till deletes what is "
      "old "
      "and what the cloud confirms now. Goes on when it is over.";
  step.params = {kTill,
                 {"days", Kind::integer, "older than so many days; 30 if left out"},
                 {"confirm", Kind::text,
                  "what is typed to begin it; the control's name if left "
                  "out"}};
  step.example = R"({ till = "till-1", act = "clean-up", days = 30 })";
  step.play = clean_up;
  step.plain = "old transactions are cleaned up at {till}";
  step.needs_app = true;
  step.waits_for_hands = false;
  return step;
}());
const words::Row<Step> kFullResync([] {
  Step step;
  step.name = "full-resync";
  step.doc =
      "The Sync Manager's Full data resync: what the cloud confirms is deleted from the till, and "
      "the cloud's tables are read anew. Refused while anything waits to be sent.";
  step.params = {kTill,
                 {"confirm", Kind::text,
                  "what is typed to begin it; the control's name if left "
                  "out"}};
  step.example = R"({ till = "till-1", act = "full-resync" })";
  step.play = full_resync;
  step.plain = "all data of {till} are read anew";
  step.needs_app = true;
  step.waits_for_hands = false;
  return step;
}());
const auto kSaveCloud =
    row("save-cloud", "A backup of the cloud's database is taken, while it runs.", {},
        R"({ act = "save-cloud" })", save_cloud, "the cloud is backed up");
const auto kPutBackCloud =
    row("put-back-cloud",
        "The cloud stops, gets the database of its last backup, and starts again as another cloud: "
        "what it took since is lost there.",
        {{"other", Kind::sale, "a sale that the backup has with other content"}},
        R"({ act = "put-back-cloud" })", put_back_cloud, "the cloud is put back to its backup");

}  // namespace
}  // namespace tillrig::scenario::resync

// What is done to a till's disk: an image of it, put back later, or put into another machine.
#include "sim/scenario/play/stage.hpp"

namespace tillrig::scenario::disk_steps {
namespace {

using words::Args;
using words::Kind;
using words::Param;

const Param kTill{"till", Kind::till, "which till; not needed when there is one"};

Awaitable<Result<void>> save_disk(Stage& stage, const Args& args) {
  co_return stage.bed().save_disk(args.text("till"));
}

Awaitable<Result<void>> put_back_disk(Stage& stage, const Args& args) {
  const std::string till = args.text("till");
  stage.carts.close(till);
  co_return stage.bed().put_back_disk(till, args.text("how", "image") == "files");
}

Awaitable<Result<void>> install(Stage& stage, const Args& args) {
  co_return stage.bed().install(args.text("till"), args.text("version"));
}

Awaitable<Result<void>> clone_till(Stage& stage, const Args& args) {
  co_return stage.bed().clone(args.text("of"), args.text("till"));
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

const auto kSaveDisk = row("save-disk", "An image of the till's disk is taken as it stands.",
                           {kTill}, R"({ till = "till-1", act = "save-disk" })", save_disk,
                           "an image of the disk of {till} is saved");
const auto kPutBackDisk = row(
    "put-back-disk",
    "The till ends where it stands and gets its disk as it was saved last; what it sold since is "
    "not on it any more. Start it again when the story goes on.",
    {kTill,
     {"how", Kind::text,
      "an image, with which the machine is started anew, or the files, copied while it runs on; "
      "image if left out",
      false, "image files"}},
    R"({ till = "till-1", act = "put-back-disk" })", put_back_disk,
    "the disk of {till} is put back");
const auto kInstall = row(
    "install",
    "Another version of the till's program is put on its machine, newer or older; it is the one "
    "that runs from its next start on, on the store that the one before has left.",
    {kTill, {"version", Kind::text, "which", true}},
    R"({ till = "till-1", act = "install", version = "1.15.0" })", install,
    "version {version} is put on {till}, for its next start");
const auto kCloneTill = row(
    "clone-till",
    "The machine of a till that does not run gets a copy of another till's disk, and with it that "
    "one's name and secret: once it is started, two tills work under one name.",
    {kTill, {"of", Kind::till, "whose disk is copied, while it runs or not", true}},
    R"({ till = "till-2", act = "clone-till", of = "till-1" })", clone_till,
    "{till} becomes a clone of {of}");

}  // namespace
}  // namespace tillrig::scenario::disk_steps

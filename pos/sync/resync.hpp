#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/archive.hpp"
#include "pos/sync/desk.hpp"
#include "pos/sync/gate.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::sync {

// "Force full resync on all local transactions" of the Sync Manager: every event that counts as
// uploaded is compared with what the cloud holds now, by id and hash, a page at a time. What is
// missing there is owed again and goes up as any other; what is different there goes to quarantine;
// nothing else changes. What was found of a page is kept before the next one is asked for, so that
// after an outage or a kill it can be begun again and ends right.
class Resync {
 public:
  static constexpr std::string_view kControl = "Force full resync on all local transactions";

  enum class Stage { idle, running, paused, interrupted, done };
  friend constexpr auto names_of(Stage) {
    return base::named<Stage>({
        {Stage::idle, "idle"},
        {Stage::running, "running"},
        {Stage::paused, "paused"},
        {Stage::interrupted, "interrupted"},
        {Stage::done, "done"},
    });
  }

  // Of the one that runs, or of the last one of this process.
  struct Progress {
    Stage stage = Stage::idle;
    std::uint64_t done = 0;  // of all events
    std::uint64_t all = 0;
    std::uint64_t missing = 0;    // owed again
    std::uint64_t different = 0;  // in quarantine now

    static void describe(auto& self, auto& fields) {
      fields("stage", self.stage)("done", self.done)("all", self.all)("missing", self.missing)(
          "different", self.different);
    }
  };

  struct Listener {
    // Whether the cloud can be asked now. Errors say why not.
    std::function<base::Result<void>()> may_ask;
    // Something is owed again, or in quarantine.
    std::function<void()> found;
  };

  Resync(const ports::Ports& ports, Desk& desk, store::Archive& archive, base::Mutants mutants,
         Listener listener)
      : ports_(ports),
        desk_(desk),
        archive_(archive),
        mutants_(std::move(mutants)),
        listener_(std::move(listener)),
        gate_(ports) {}

  // From the first event to the last. Errors: not_allowed (it runs already, or the store cannot
  // tell), needs_connection (no answer: begin again); what was found until then stands.
  base::Awaitable<base::Result<Progress>> run();
  // The archive is not asked any more.
  void stop() {
    stopped_ = true;
    gate_.open();
  }
  // It waits before its next page, or goes on.
  void pause(bool on) { on ? gate_.shut() : gate_.open(); }
  [[nodiscard]] Progress progress() const;

 private:
  struct Page {
    base::EventId last;  // of it
    std::size_t read = 0;
    wire::Manifest asked;
  };
  base::Awaitable<base::Result<void>> walk();
  base::Awaitable<base::Result<wire::ManifestAnswer>> ask(const Page& page);
  base::Result<Page> read_page(const base::EventId& after) const;
  base::Result<void> keep(const Page& page, const wire::ManifestAnswer& answer);

  const ports::Ports& ports_;
  Desk& desk_;
  store::Archive& archive_;
  base::Mutants mutants_;
  Listener listener_;
  Progress progress_;
  Gate gate_;
  std::string server_epoch_;  // that answered the first page
  bool stopped_ = false;
};

}  // namespace tillrig::sync

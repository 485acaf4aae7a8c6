// The whole store beside a plain map, at random: sales, acknowledgements, runs of failing calls,
// rebuilding, closing, killing, power cuts, and segments so small that they are used again all the
// time.

#include "tests/pos/store/bench_till.hpp"
#include "tests/pos/store/faulty_disk.hpp"
#include "tests/pos/store/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace tillrig::store::test {
namespace {

constexpr std::uint64_t kLife = 500;  // steps of a till before another one begins

class StoreModel : public ::testing::Test {
 protected:
  struct Known {
    wire::Event event;
    SyncState state = SyncState::queued;
  };

  StoreModel() : random_(model_seed()) {}

  void begin() {
    till_.emplace();
    till_->config.segments = {8 * 1024, 3, 8};  // 16 records each
    known_.clear();
    in_doubt_.clear();
    trail_.clear();
    open();
  }

  // Fails the next 1 to 6 calls of a kind, after some that go well.
  void arm() {
    using disk::OpKind;
    const std::uint64_t run = random_.from_to(1, 6);
    const std::uint64_t skip = random_.below(12);
    const bool syncs = random_.percent(50);
    const std::uint64_t where = random_.below(3);
    till_->volume.interfere(
        kFault, std::make_unique<Failing>(base::Code::io, [=, this, left = run, wait = skip](
                                                              const disk::Op& op) mutable {
          const bool kind = syncs ? op.kind == OpKind::sync || op.kind == OpKind::sync_dir
                                  : op.kind == OpKind::write || op.kind == OpKind::rename ||
                                        op.kind == OpKind::create;
          const bool place = where == 2 || (op.role == disk::Role::ledger) == (where == 0);
          if (!kind || !place || left == 0) return false;
          if (wait > 0) {
            --wait;
            return false;
          }
          --left;
          return true;
        }));
  }
  void heal() { till_->volume.relent(kFault); }

  // Until it opens; what it finds must be what was promised.
  void open() {
    const std::uint64_t at_once = random_.percent(80) ? 1 : 0;
    if (at_once == 1) heal();
    if (!till_->open() || till_->store->health() == Health::critical) {
      heal();
      ASSERT_TRUE(till_->open()) << till_->why;
    }
    if (till_->store->health() != Health::sound) {
      heal();
      if (!till_->store->rebuild()) {
        ASSERT_TRUE(till_->open()) << till_->why;
      }
    }
    const Opened& opened = till_->store->opened();
    trail_ += fmt::format("\n{} {}", name(opened.verdict), opened.what);
    ASSERT_NE(opened.verdict, Verdict::critical) << opened.what << trail_;
    ASSERT_EQ(till_->store->health(), Health::sound) << opened.what;
    for (const wire::Event& event : in_doubt_) {
      const auto found = till_->store->find(event.id);
      if (!found) continue;
      known_[key_of(event.id)] = {*found, SyncState::queued};
    }
    in_doubt_.clear();
    take_over_states();
    if (!till_->store->opened().new_epoch_due) return;
    if (!opened.copy_lost && till_->store->epoch() > 0 && random_.percent(50)) {
      till_->store->keep_epoch();
    } else {
      open_epoch();
    }
  }

  // A database that was lost has forgotten what the cloud said of late: then it is asked once more.
  // Never the other way: what the cloud has not taken is not done with.
  void take_over_states() {
    for (auto& [key, known] : known_) {
      const SyncState now = till_->store->sync_state(known.event.id);
      if (now == known.state) continue;
      ASSERT_NE(now, SyncState::acked) << known.event.id.text();
      // Or it has forgotten all of it, for the ledger has let it go.
      if (known.state == SyncState::acked && !till_->store->find(known.event.id)) continue;
      known.state = now;
    }
  }

  void open_epoch() {
    const std::uint32_t next = till_->store->epoch() + 1;
    if (till_->store->open_epoch("unclean_stop")) {
      wire::Event event;
      event.id = {"till-1", next, 1};
      const auto found = till_->store->find(event.id);
      ASSERT_TRUE(found) << found.error().what;
      known_[key_of(event.id)] = {*found, SyncState::queued};
    } else {
      wire::Event event;
      event.id = {"till-1", next, 1};
      in_doubt_.push_back(event);
      restart();
    }
  }

  void sell() {
    if (till_->store->health() == Health::critical) return restart();
    const std::uint64_t seq_before = highest();
    const auto sold = till_->sell(static_cast<std::int64_t>(random_.from_to(1, 9'999)));
    if (sold) {
      const auto [at, is_new] = known_.try_emplace(key_of(sold->id), Known{*sold});
      ASSERT_TRUE(is_new) << sold->id.text() << " was given twice";
    } else if (sold.error().code == base::Code::in_doubt) {
      wire::Event event;
      event.id = {"till-1", till_->store->epoch(), seq_before + 1};
      in_doubt_.push_back(event);
    } else {
      ASSERT_EQ(sold.error().code, base::Code::not_allowed) << sold.error().what;
      rebuild();
    }
  }
  std::uint64_t highest() const {
    const auto last = known_.rbegin();
    return last == known_.rend() || last->first.epoch != till_->store->epoch() ? 0
                                                                               : last->first.seq;
  }

  void rebuild() {
    auto rebuilt = till_->store->rebuild();
    if (!rebuilt) rebuilt = till_->store->rebuild();
    if (!rebuilt || till_->store->health() == Health::critical) restart();
  }

  void restart() {
    const std::uint64_t how = random_.below(3);
    if (how == 0) {
      ASSERT_TRUE(till_->store->close());
      till_->kill();
    } else if (how == 1) {
      till_->kill();
    } else {
      till_->power_cut(random_.percent(50) ? disk::Cut::lose_pending()
                                           : disk::Cut::torn(random_.below(4), 1));
    }
    open();
  }

  void settle() {
    if (till_->store->health() == Health::critical) return restart();
    std::vector<Settled> settled;
    const auto items = till_->store->peek(random_.from_to(1, 60), SIZE_MAX, {});
    for (const wire::UpItem& item : items) {
      if (random_.percent(10)) continue;
      const SyncState state = random_.percent(95) ? SyncState::acked : SyncState::quarantined;
      settled.push_back({item.event.id, state, state == SyncState::acked ? "" : "bad_total"});
    }
    for (const auto& [key, known] : known_) {  // taken after all
      if (known.state != SyncState::quarantined || !random_.percent(10)) continue;
      settled.push_back({known.event.id, SyncState::acked, ""});
    }
    settled.resize(std::min(settled.size(), kSettledAtOnce));
    ASSERT_TRUE(till_->store->settle(settled));
    for (const Settled& each : settled) {
      const auto known = known_.find(key_of(each.id));
      ASSERT_NE(known, known_.end()) << each.id.text() << " was never committed" << trail_;
      known->second.state = each.state;
    }
  }

  void check() {
    if (till_->store->health() == Health::critical) return;
    Counters counters;
    std::vector<const Known*> pending;
    for (const auto& [key, known] : known_) {
      if (known.state == SyncState::quarantined) ++counters.quarantined;
      if (known.state != SyncState::queued) continue;
      ++counters.pending;
      if (const auto* sale = std::get_if<wire::Document>(&known.event.body)) {
        counters.pending_value += sale->total;
      }
      pending.push_back(&known);
    }
    ASSERT_EQ(till_->store->counters().pending, counters.pending) << trail_;
    ASSERT_EQ(till_->store->counters().pending_value, counters.pending_value);
    ASSERT_EQ(till_->store->counters().quarantined, counters.quarantined);
    const auto items = till_->store->peek(SIZE_MAX, SIZE_MAX, {});
    for (std::size_t i = 0; i < items.size(); ++i) {
      ASSERT_LT(i, pending.size());
      ASSERT_EQ(items[i].event, pending[i]->event);
    }
    ASSERT_EQ(items.empty(), pending.empty());
    for (const auto& [key, known] : known_) {
      if (known.state == SyncState::acked && random_.below(1000) != 0) continue;
      const auto found = till_->store->find(known.event.id);
      // A database that was lost may have been the only one with what the ledger has let go.
      if (known.state == SyncState::acked && !found) continue;
      ASSERT_TRUE(found) << found.error().what;
      ASSERT_EQ(*found, known.event);
    }
  }

  std::optional<BenchTill> till_;
  Random random_;
  std::map<Key, Known> known_;
  std::vector<wire::Event> in_doubt_;
  std::string trail_;
};

TEST_F(StoreModel, KeepsWhatAPlainMapKeeps) {
  SCOPED_TRACE(fmt::format("TILLRIG_MODEL_SEED={}", model_seed()));
  for (std::uint64_t step = 0; step < model_steps(30'000) && !HasFatalFailure(); ++step) {
    SCOPED_TRACE(fmt::format("step {}", step));
    if (step % kLife == 0) begin();
    const std::uint64_t what = random_.below(1000);
    if (what < 800) {
      sell();
    } else if (what < 960) {
      settle();
    } else if (what < 975) {
      arm();
    } else if (what < 990) {
      heal();
    } else if (what < 995) {
      if (till_->store->health() == Health::degraded) rebuild();
      check();
    } else {
      restart();
      if (!HasFatalFailure()) check();
    }
    till_->marks.marks.clear();
  }
}

}  // namespace
}  // namespace tillrig::store::test

#include "pos/sync/resync.hpp"

#include "pos/sync/clean_up.hpp"
#include "pos/sync/service.hpp"
#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tillrig::sync {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)
using store::Filed;
using store::SyncState;

// Events in memory, the first ones uploaded.
class FakeArchive final : public store::Archive {
 public:
  FakeArchive(std::size_t uploaded, std::size_t pending) {
    for (std::size_t i = 0; i < uploaded + pending; ++i) {
      const base::EventId id{"till-1", 1, i + 1};
      filed_.push_back({id, base::blake2b(id.text()),
                        i < uploaded ? SyncState::acked : SyncState::queued,
                        base::WallTime{static_cast<std::int64_t>(i)}, i < uploaded});
    }
  }
  base::Result<std::vector<Filed>> filed(const base::EventId& after, std::size_t most) override {
    const std::size_t from = after.till.empty() ? 0 : after.seq;
    const std::size_t to = std::min(filed_.size(), from + most);
    return std::vector<Filed>(filed_.begin() + static_cast<std::ptrdiff_t>(from),
                              filed_.begin() + static_cast<std::ptrdiff_t>(to));
  }
  [[nodiscard]] std::uint64_t made_up_to(const base::EventId& id) const override { return id.seq; }
  void made_at(std::int64_t wall) {
    for (Filed& each : filed_) each.wall = {wall};
  }
  [[nodiscard]] std::uint64_t made() const override { return filed_.size(); }
  base::Result<void> take_back(std::span<const store::Found> found) override {
    for (const store::Found& each : found) {
      (each.what == store::Finding::missing ? missing : different).insert(each.id.text());
    }
    return {};
  }
  base::Result<store::Cleaned> clean(std::span<const base::EventId> ids) override {
    for (const base::EventId& id : ids) removed.insert(id.text());
    return store::Cleaned{ids.size(), 10 * ids.size()};
  }
  std::set<std::string> missing, different, removed;

 private:
  std::vector<Filed> filed_;
};

class ResyncTest : public ::testing::Test {
 protected:
  ResyncTest() {
    cloud.rule = [this](const base::HttpRequest& request) { return answer(request); };
    service =
        std::make_unique<Service>(ports, queue, notebook, ServiceConfig(), Service::Listener());
  }
  ~ResyncTest() override {
    rig.kernel.close_lane(rig.till_lane);
    rig.kernel.close_lane(rig.cloud_lane);
  }

  std::optional<ScriptedCloud::Reply> answer(const base::HttpRequest& request) {
    if (request.target != "/v1/sync/manifest") return std::nullopt;
    ScriptedCloud::Reply reply;
    reply.never = ++pages > answers;
    const auto manifest = wire::read_manifest(request.body);
    wire::ManifestAnswer said;
    said.server_epoch = pages == other_from ? "other" : "one";
    for (const wire::ManifestItem& item : manifest->items) {
      asked.push_back(item.id);
      if (lost.contains(item.id)) {
        said.missing.push_back(item.id);
      } else if (altered.contains(item.id)) {
        said.different.push_back(item.id);
      } else {
        ++said.count;
      }
    }
    reply.response = ScriptedCloud::ours(wire::write_json(said));
    return reply;
  }
  void make(const char* mutant = nullptr) {
    base::Mutants mutants;
    if (mutant != nullptr) mutants.add(mutant);
    Resync::Listener listener;
    listener.may_ask = [this] { return may; };
    listener.found = [this] { ++told; };
    resync.emplace(ports, service->desk(), archive, mutants, std::move(listener));
  }
  base::Awaitable<void> work() {
    auto running = resync->run();
    came = co_await std::move(running);
  }
  void run(const char* mutant = nullptr) {
    if (!resync) make(mutant);
    came.reset();
    kernel::spawn(rig.kernel, rig.till_lane, work());
    rig.run_until(rig.kernel.now() - Instant{0} + 200s);
  }

  net::Rig rig;
  ScriptedCloud cloud{rig.kernel, rig.cloud, rig.cloud_lane};
  kernel::LaneTimer timer{rig.kernel, rig.till_lane};
  kernel::NamedStreams entropy{7, "till-1"};
  disk::Volume volume{"till-1"};
  disk::VolumeDisk disk{volume};
  NoNotes notes;
  ports::Ports ports{kernel::make_executor(rig.kernel, rig.till_lane),
                     rig.clock,
                     timer,
                     entropy,
                     rig.till,
                     disk,
                     notes,
                     [this] { return kernel::make_alarm(rig.kernel, rig.till_lane); }};
  FakeStore queue;
  FakeNotebook notebook;
  FakeArchive archive{2500, 3};
  std::unique_ptr<Service> service;
  std::optional<Resync> resync;
  std::optional<base::Result<Resync::Progress>> came;
  base::Result<void> may;
  std::set<std::string> lost{"till-1.1.7", "till-1.1.2400"};
  std::set<std::string> altered{"till-1.1.8"};
  std::vector<std::string> asked;
  int pages = 0;
  int answers = 1000;  // then the cloud keeps silent
  int other_from = 0;  // that page is answered by another cloud
  int told = 0;
};

TEST_F(ResyncTest, ComparesAllThatWasUploadedInPagesAndTakesBackExactlyWhatTheCloudLacks) {
  run();
  ASSERT_TRUE(came && *came) << (came ? came->error().what : "it did not end");
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(asked.size(), 2500U) << "what waits is not asked about";
  EXPECT_EQ(archive.missing, lost);
  EXPECT_EQ(archive.different, altered);
  EXPECT_EQ((*came)->done, 2503U);
  EXPECT_EQ((*came)->all, 2503U);
  EXPECT_EQ((*came)->missing, 2U);
  EXPECT_EQ((*came)->different, 1U);
  EXPECT_EQ(told, 2);
}

TEST_F(ResyncTest, StopsWithASentenceWhenNoAnswerComesAndCanBeBegunAgain) {
  answers = 1;
  run();
  ASSERT_TRUE(came && !*came);
  EXPECT_EQ(came->error().code, base::Code::needs_connection);
  EXPECT_EQ(resync->progress().stage, Resync::Stage::interrupted);
  EXPECT_EQ(archive.missing, std::set<std::string>{"till-1.1.7"}) << "what was found stands";
  answers = 1000;
  run();
  ASSERT_TRUE(came && *came);
  EXPECT_EQ(archive.missing, lost);
}

TEST_F(ResyncTest, WaitsWhileItIsPausedAndGoesOnWhereItWas) {
  make();
  resync->pause(true);
  run();
  EXPECT_FALSE(came) << "it waits";
  EXPECT_EQ(pages, 0);
  EXPECT_EQ(resync->progress().stage, Resync::Stage::paused);
  resync->pause(false);
  rig.run_until(rig.kernel.now() - Instant{0} + 200s);
  ASSERT_TRUE(came && *came);
  EXPECT_EQ(archive.missing, lost);
}

TEST_F(ResyncTest, IsOverWhenTheTillClosesWhileItIsPaused) {
  make();
  resync->pause(true);
  run();
  resync->stop();
  rig.run_until(rig.kernel.now() - Instant{0} + 1s);
  ASSERT_TRUE(came && !*came);
  EXPECT_EQ(pages, 0);
}

TEST_F(ResyncTest, StopsWhenAnotherCloudAnswersMeanwhile) {
  other_from = 2;
  run();
  ASSERT_TRUE(came && !*came);
  EXPECT_NE(came->error().what.find("another one"), std::string::npos);
}

TEST_F(ResyncTest, IsRefusedWithoutALine) {
  may = base::fail(base::Code::needs_connection, "there is no line");
  run();
  ASSERT_TRUE(came && !*came);
  EXPECT_EQ(came->error().what, "there is no line");
  EXPECT_EQ(pages, 0);
}

TEST_F(ResyncTest, RunsOnceAtATime) {
  make();
  kernel::spawn(rig.kernel, rig.till_lane, work());
  rig.run_until(1ms);
  EXPECT_EQ(resync->progress().stage, Resync::Stage::running);
  run();
  ASSERT_TRUE(came);
  EXPECT_EQ(pages, 3);
}

TEST_F(ResyncTest, AsksTheArchiveNoMoreAfterStop) {
  make();
  kernel::spawn(rig.kernel, rig.till_lane, work());
  rig.run_until(1ms);
  resync->stop();
  rig.run_until(200s);
  ASSERT_TRUE(came && !*came);
  EXPECT_TRUE(archive.missing.empty());
}

class CleanUpTest : public ResyncTest {
 protected:
  base::Awaitable<void> clean(std::int64_t days) {
    auto running = clean_up->run(days);
    cleaned = co_await std::move(running);
  }
  void clean_older_than(std::int64_t days, const char* mutant = nullptr) {
    base::Mutants mutants;
    if (mutant != nullptr) mutants.add(mutant);
    clean_up.emplace(ports, service->desk(), archive, mutants,
                     CleanUp::Listener{[this] { return may; }, [this] { ++told; }});
    kernel::spawn(rig.kernel, rig.till_lane, clean(days));
    rig.run_until(rig.kernel.now() - Instant{0} + 200s);
  }
  base::Awaitable<void> clean_all(store::Counters now) {
    auto running = clean_up->run_all(now);
    cleaned = co_await std::move(running);
  }
  std::optional<CleanUp> clean_up;
  std::optional<base::Result<CleanUp::Outcome>> cleaned;
};

TEST_F(CleanUpTest, DeletesWhatTheCloudConfirmsAndTakesTheRestBack) {
  archive.made_at(rig.clock.wall().ms - 25LL * 60 * 60 * 1000);
  clean_older_than(1);
  ASSERT_TRUE(cleaned && *cleaned) << (cleaned ? cleaned->error().what : "it did not end");
  EXPECT_EQ(pages, 5) << "500 at a time";
  EXPECT_EQ((*cleaned)->removed, 2497U);
  EXPECT_EQ((*cleaned)->unconfirmed, 3U);
  EXPECT_EQ((*cleaned)->bytes, 24970U);
  EXPECT_EQ(archive.missing, lost);
  EXPECT_EQ(archive.different, altered);
  EXPECT_FALSE(archive.removed.contains("till-1.1.7"));
  EXPECT_FALSE(archive.removed.contains("till-1.1.2501")) << "it waits to be sent";
}

TEST_F(CleanUpTest, DeletesNothingWithoutAnAnswer) {
  archive.made_at(rig.clock.wall().ms - 25LL * 60 * 60 * 1000);
  answers = 0;
  clean_older_than(1);
  ASSERT_TRUE(cleaned && !*cleaned);
  EXPECT_EQ(cleaned->error().code, base::Code::needs_connection);
  EXPECT_TRUE(archive.removed.empty());
}

TEST_F(CleanUpTest, NeverTouchesTheLastDay) {
  clean_older_than(0);
  ASSERT_TRUE(cleaned && !*cleaned);
  EXPECT_EQ(cleaned->error().code, base::Code::bad_input);
  archive.made_at(rig.clock.wall().ms - 23LL * 60 * 60 * 1000);
  clean_older_than(1);
  ASSERT_TRUE(cleaned && *cleaned);
  EXPECT_TRUE(archive.removed.empty());
}

TEST_F(CleanUpTest, AFullDataResyncIsRefusedWhileAnythingIsOnlyHere) {
  clean_up.emplace(ports, service->desk(), archive, base::Mutants(),
                   CleanUp::Listener{[this] { return may; }, [this] { ++told; }});
  for (const std::uint64_t owed : {1U, 0U}) {
    store::Counters now;
    now.pending = owed;
    kernel::spawn(rig.kernel, rig.till_lane, clean_all(now));
    rig.run_until(rig.kernel.now() - Instant{0} + 200s);
    ASSERT_TRUE(cleaned);
    EXPECT_EQ(cleaned->has_value(), owed == 0);
    EXPECT_EQ(archive.removed.size(), owed == 0 ? 2497U : 0U) << "of any age";
  }
}

}  // namespace
}  // namespace tillrig::sync

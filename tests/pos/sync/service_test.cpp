#include "pos/sync/service.hpp"

#include "sim/disk/volume_disk.hpp"
#include "tests/pos/sync/fake_notebook.hpp"
#include "tests/pos/sync/fake_shelf.hpp"
#include "tests/pos/sync/scripted_cloud.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tillrig::sync {
namespace {

using store::SyncState;
using Reply = ScriptedCloud::Reply;

// A till's sync service over a line of 20 ms each way to a scripted cloud.
class ServiceTest : public ::testing::Test {
 protected:
  ~ServiceTest() override {
    rig.kernel.close_lane(rig.till_lane);
    rig.kernel.close_lane(rig.cloud_lane);
  }

  void make(const char* mutant = nullptr) {
    ServiceConfig config;
    config.cloud = {"cloud", 8080, false};
    if (mutant != nullptr) config.mutants.add(mutant);
    Service::Listener listener;
    listener.connection = [this](Link link, Cause cause) {
      changes.push_back({rig.kernel.now(), link, cause});
    };
    listener.logged_in = [this] { ++logins; };
    listener.table = [this](std::string_view) { ++told_of_items; };
    service = std::make_unique<Service>(ports, store, notebook, config, listener, shelf);
  }
  // Opens as a till does: first contact, then on, whatever came of it.
  base::Awaitable<void> open() {
    first = co_await service->first_contact();
    service->start();
  }
  void start(const char* mutant = nullptr) {
    make(mutant);
    kernel::spawn(rig.kernel, rig.till_lane, open());
  }
  [[nodiscard]] Instant came_online_after(Instant when) const {
    for (const auto& change : changes) {
      if (change.at > when && change.link == Link::online) return change.at;
    }
    return Instant::never();
  }

  struct Change {
    Instant at;
    Link link;
    Cause cause;
  };

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
  FakeStore store;
  FakeNotebook notebook;
  std::vector<Change> changes;
  FakeShelf items;
  store::Shelf* shelf = nullptr;  // &items: the tables are read
  int told_of_items = 0;
  int logins = 0;
  std::optional<Cause> first;
  std::unique_ptr<Service> service;
};

TEST_F(ServiceTest, LogsInOnceAndSendsWhatWaits) {
  store.add_many(950);
  start();
  rig.run_until(4s);
  EXPECT_EQ(first, Cause::none);
  EXPECT_EQ(service->link(), Link::online);
  EXPECT_EQ(store.count(SyncState::acked), 950U);
  EXPECT_EQ(cloud.count("/login"), 1U);
  EXPECT_EQ(cloud.count("/sync/up"), 10U);
  for (const auto& [id, times] : cloud.applied) EXPECT_EQ(times, 1) << id;
}

// A cloud with tables: pings tell how new they are, and pages are answered by `page`.
ScriptedCloud::Rule with_tables(std::uint64_t head, std::function<Reply()> page) {
  return [head, page = std::move(page)](const base::HttpRequest& request) -> std::optional<Reply> {
    Reply reply;
    if (request.target.starts_with("/v1/ping")) {
      const wire::Pong pong{request.target.substr(request.target.find('=') + 1), 0, "c", head};
      reply.response = ScriptedCloud::ours(wire::write_json(pong));
      return reply;
    }
    if (!request.target.starts_with("/v1/sync/down")) return std::nullopt;
    return page();
  };
}

TEST_F(ServiceTest, ReadsNoTableWhileTheCloudHasNothingNew) {
  shelf = &items;
  start();
  rig.run_until(600s);
  EXPECT_EQ(cloud.count("/sync/down"), 0U);
}

TEST_F(ServiceTest, ReadsWhatChangedAndTellsOfItOnce) {
  shelf = &items;
  cloud.rule = with_tables(1, [] {
    const wire::FeedPage page{"c", {{1, "milk", 1, false, "{}"}}, 1, 1, 0};
    Reply reply;
    reply.response = ScriptedCloud::ours(wire::write_json(page));
    return reply;
  });
  start();
  rig.run_until(60s);
  EXPECT_EQ(cloud.count("/sync/down"), 1U);
  EXPECT_EQ(items.rows.size(), 1U);
  EXPECT_EQ(told_of_items, 1);
}

TEST_F(ServiceTest, APageThatNeverComesDelaysNoSale) {
  shelf = &items;
  cloud.rule = with_tables(1, [] {
    Reply reply;
    reply.never = true;
    return reply;
  });
  start();
  rig.run_until(3s);
  EXPECT_EQ(cloud.count("/sync/down"), 1U);
  store.add_many(200);
  rig.at(3s, [this] { service->kick(); });
  rig.run_until(4s);
  EXPECT_EQ(store.count(SyncState::acked), 200U);
  EXPECT_EQ(told_of_items, 0);
}

TEST_F(ServiceTest, ATokenThatIsNotTakenForAPageIsMadeAnew) {
  shelf = &items;
  bool refuse = true;
  cloud.rule = with_tables(1, [&refuse] {
    const wire::FeedPage page{"c", {{1, "milk", 1, false, "{}"}}, 1, 1, 0};
    Reply reply;
    reply.response = std::exchange(refuse, false) ? ScriptedCloud::refusal(401)
                                                  : ScriptedCloud::ours(wire::write_json(page));
    return reply;
  });
  start();
  rig.run_until(90s);
  EXPECT_EQ(cloud.count("/login"), 2U);
  EXPECT_EQ(items.rows.size(), 1U);
}

TEST_F(ServiceTest, AKickSendsANewSaleAtOnce) {
  start();
  rig.run_until(3s);
  store.add();
  rig.at(3s, [this] { service->kick(); });
  rig.run_until(3s + 200ms);
  EXPECT_EQ(store.count(SyncState::acked), 1U);
}

TEST_F(ServiceTest, KeepsItsConnectionsAlive) {
  start();
  for (int i = 1; i <= 100; ++i) {
    rig.at(i * 1s, [this] {
      store.add();
      service->kick();
    });
  }
  rig.run_until(110s);
  EXPECT_EQ(store.count(SyncState::acked), 100U);
  std::set<std::uint64_t> connections;
  for (const auto& each : cloud.asked) connections.insert(each.connection);
  EXPECT_LE(connections.size(), 1 + wire::kWindow);
}

TEST_F(ServiceTest, LogsInAgainOnceAfterA401AndLosesNothing) {
  store.add_many(400);
  bool revoked = false;
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    const auto token = request.fields.get("authorization");
    if (request.target != "/v1/sync/up") return std::nullopt;
    if (revoked && token == "Bearer token-1") return Reply{ScriptedCloud::refusal(401)};
    return std::nullopt;
  };
  start();
  rig.run_until(3s);
  ASSERT_EQ(store.count(SyncState::acked), 400U);
  revoked = true;
  rig.at(3s, [this] {
    store.add_many(400);
    service->kick();
  });
  rig.run_until(9s);
  EXPECT_EQ(store.count(SyncState::acked), 800U);
  EXPECT_EQ(cloud.count("/login"), 2U) << "four batches met the 401; one login mends it";
  EXPECT_EQ(service->link(), Link::online);
}

TEST_F(ServiceTest, AFencedGenerationLogsInAgainOnce) {
  store.add_many(400);
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (request.target != "/v1/sync/up") return std::nullopt;
    if (request.fields.get("authorization") == "Bearer token-1") {
      return Reply{ScriptedCloud::refusal(409)};
    }
    return std::nullopt;
  };
  start();
  rig.run_until(10s);
  EXPECT_EQ(store.count(SyncState::acked), 400U);
  EXPECT_EQ(cloud.count("/login"), 2U);
}

TEST_F(ServiceTest, ARefusedLoginIsNeitherHammeredNorALostLine) {
  store.add_many(400);
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (!request.target.ends_with("/login")) return std::nullopt;
    return Reply{ScriptedCloud::refusal(401)};
  };
  start();
  rig.run_until(600s);
  EXPECT_EQ(first, Cause::login);
  EXPECT_TRUE(service->online());
  EXPECT_GE(cloud.count("/login"), 8U);
  EXPECT_LE(cloud.count("/login"), 60U);
  EXPECT_EQ(cloud.count("/sync/up"), 0U);
  EXPECT_EQ(store.count(SyncState::queued), 400U);
}

TEST_F(ServiceTest, ALoginThatFailsOnTheWayIsToldByItsOwnCause) {
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (!request.target.ends_with("/login")) return std::nullopt;
    base::HttpResponse down;
    down.status = 500;
    return Reply{down};
  };
  start();
  rig.run_until(4s);
  EXPECT_EQ(first, Cause::server);
}

TEST_F(ServiceTest, ASlowLoginDoesNotDisturbTheProbes) {
  store.add_many(4);
  const auto down = rig.start("wan.down");
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (!request.target.ends_with("/login")) return std::nullopt;
    return Reply{cloud.usual(request), 8s};
  };
  start();
  rig.at(3s, [this, down] { rig.heal("wan.down", down); });
  rig.run_until(60s);
  EXPECT_EQ(store.count(SyncState::acked), 4U);
  EXPECT_EQ(cloud.count("/login"), 1U);
  ASSERT_NE(came_online_after(Instant{}), Instant::never());
  for (const auto& change : changes) {
    EXPECT_TRUE(change.link == Link::online || change.cause == Cause::link)
        << name(change.link) << ' ' << name(change.cause);
  }
}

TEST_F(ServiceTest, TheFirstLoginAfterAnOfflineStartDelaysNobody) {
  store.add_many(400);
  const auto down = rig.start("wan.down");
  start();
  rig.at(3s, [this, down] { rig.heal("wan.down", down); });
  rig.run_until(60s);
  const Instant online = came_online_after(Instant{});
  ASSERT_NE(online, Instant::never());
  EXPECT_EQ(store.count(SyncState::acked), 400U);
  EXPECT_EQ(cloud.count("/sync/up"), 4U);
  EXPECT_LE(cloud.last("/sync/up"), online + 5s);
}

TEST_F(ServiceTest, OfflineIsToldWithin17SecondsAndAnUploadStartsWithin5SecondsOfOnline) {
  start();
  words::FaultId id = 0;
  rig.at(20s, [&] { id = rig.start("wan.blackhole"); });
  rig.at(50s, [&] { store.add_many(250); });  // sold offline; nobody kicks after the heal
  rig.at(600s, [&] { rig.heal("wan.blackhole", id); });
  rig.run_until(37s);
  EXPECT_EQ(service->link(), Link::offline);
  EXPECT_EQ(service->cause(), Cause::blackhole);
  rig.run_until(700s);
  const Instant online = came_online_after(Instant{} + 600s);
  ASSERT_LE(online, Instant{} + 615s);
  EXPECT_EQ(store.count(SyncState::acked), 250U);
  Instant sent = Instant::never();
  for (const auto& each : cloud.asked) {
    if (each.at > online && each.request.target == "/v1/sync/up") sent = std::min(sent, each.at);
  }
  EXPECT_LE(sent, online + 5s);
}

TEST_F(ServiceTest, AServerFaultIsNotAnInternetOutage) {
  start();
  bool broken = false;
  cloud.rule = [&](const base::HttpRequest&) -> std::optional<Reply> {
    base::HttpResponse down;
    down.status = 500;
    return broken ? std::optional<Reply>(Reply{down}) : std::nullopt;
  };
  rig.at(10s, [&] { broken = true; });
  rig.run_until(30s);
  EXPECT_EQ(service->link(), Link::offline);
  EXPECT_EQ(service->cause(), Cause::server);
}

TEST_F(ServiceTest, APingWithAnotherNonceIsNotTheCloud) {
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (!request.target.starts_with("/v1/ping")) return std::nullopt;
    wire::Pong pong;
    pong.nonce = "0";
    return Reply{ScriptedCloud::ours(wire::write_json(pong))};
  };
  start();
  rig.run_until(3s);
  EXPECT_EQ(first, Cause::portal);
  EXPECT_EQ(cloud.count("/login"), 0U);
}

TEST_F(ServiceTest, PagesThatFailSayNothingOfTheLineNeitherGoodNorBad) {
  shelf = &items;
  Reply broken;
  broken.response.status = 500;
  broken.response.body = "a proxy's page";
  const auto tables = with_tables(3, [broken] { return broken; });
  bool all = false;
  cloud.rule = [&](const base::HttpRequest& request) {
    return all ? std::optional(broken) : tables(request);
  };
  start();
  rig.run_until(600s);
  EXPECT_GT(cloud.count("/sync/down"), 5U);
  ASSERT_EQ(changes.size(), 1U) << "online, and nothing else";
  rig.at(600s, [&] { all = true; });
  rig.run_until(618s);
  EXPECT_EQ(service->link(), Link::offline);
  EXPECT_EQ(service->cause(), Cause::server);
}

TEST_F(ServiceTest, TouchesTheStoreNoMoreAfterStop) {
  cloud.rule = [&](const base::HttpRequest& request) -> std::optional<Reply> {
    if (request.target != "/v1/sync/up") return std::nullopt;
    return Reply{cloud.usual(request), 2s};
  };
  store.add_many(4);
  start();
  rig.at(1s, [this] {
    ASSERT_EQ(cloud.count("/sync/up"), 1U);
    service->stop();
    store.closed = true;
  });
  rig.run_until(60s);
  EXPECT_EQ(store.after_close, 0);
}

TEST_F(ServiceTest, EverythingEndsAfterStop) {
  start();
  rig.run_until(10s);
  const auto asked = cloud.asked.size();
  rig.at(10s, [this] { service->stop(); });
  rig.run_until(100s);
  EXPECT_EQ(cloud.asked.size(), asked);
}

TEST_F(ServiceTest, OneUploaderSendsEachSaleOnceAfterAnOutage) {
  start();
  words::FaultId id = 0;
  rig.at(10s, [&] { id = rig.start("wan.down"); });
  rig.at(40s, [&] { store.add_many(100); });
  rig.at(60s, [&] { rig.heal("wan.down", id); });
  rig.run_until(120s);
  EXPECT_EQ(store.count(SyncState::acked), 100U);
  for (const auto& [sale, times] : cloud.applied) EXPECT_EQ(times, 1) << sale;
}

TEST_F(ServiceTest, MutantTwoUploadersSendsSalesTwiceAfterAnOutage) {
  start("two_uploaders");
  words::FaultId id = 0;
  rig.at(10s, [&] { id = rig.start("wan.down"); });
  rig.at(40s, [&] { store.add_many(100); });
  rig.at(60s, [&] { rig.heal("wan.down", id); });
  for (int i = 0; i < 50; ++i) {
    rig.at(70s + i * 1s, [&] {
      store.add();
      service->kick();
    });
  }
  rig.run_until(200s);
  int most = 0;
  for (const auto& [sale, times] : cloud.applied) most = std::max(most, times);
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace tillrig::sync

#include "pos/oms/server.hpp"

#include "pos/oms/cloud.hpp"
#include "sim/kernel/executor.hpp"
#include "tests/pos/oms/cloud_bench.hpp"
#include "tests/pos/oms/scripted_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tillrig::oms {
namespace {

using base::Instant;
using namespace std::chrono_literals;

class ServerTest : public ::testing::Test {
 protected:
  // The server's coroutines end while what they refer to still stands.
  void TearDown() override {
    kernel_.close_lane(lane_);
    cloud_.reset();
  }
  void start_cloud(const Config& config = {}) {
    auto cloud = Cloud::start(ports_, config);
    ASSERT_TRUE(cloud) << cloud.error().what;
    cloud_ = *std::move(cloud);
  }
  void run_until(base::Duration time) {
    const auto ran = kernel_.run(Instant{time.count()});
    ASSERT_TRUE(ran) << ran.error().what;
  }
  // The whole answers in what a peer got.
  static std::vector<base::HttpResponse> answers(const Script& script) {
    base::HttpReader<base::HttpResponse> reader(wire::kBodyLimit);
    EXPECT_TRUE(reader.feed(script.got)) << script.got;
    std::vector<base::HttpResponse> list;
    while (auto response = reader.next()) list.push_back(*std::move(response));
    EXPECT_FALSE(reader.mid_message());
    return list;
  }
  static base::Bytes request(std::string method, std::string target, std::string body = {}) {
    base::HttpRequest made;
    made.method = std::move(method);
    made.target = std::move(target);
    made.fields.add("Host", "cloud");
    made.fields.add("Content-Type", wire::kContentType);
    made.body = std::move(body);
    return base::write_http(made);
  }

  kernel::Kernel kernel_;
  kernel::Lane lane_ = kernel_.open_lane("cloud");
  kernel::LaneClock clock_{kernel_, base::WallTime{1'772'438'400'000}};
  kernel::LaneTimer timer_{kernel_, lane_};
  kernel::NamedStreams entropy_{7, "cloud"};
  ScriptedNetwork network_{clock_, [this] { return kernel::make_alarm(kernel_, lane_); }};
  disk::Volume volume_{"cloud", slow_sync()};
  disk::VolumeDisk disk_{volume_};
  MarkList recorder_;
  ports::Ports ports_{kernel::make_executor(kernel_, lane_),
                      clock_,
                      timer_,
                      entropy_,
                      network_,
                      disk_,
                      recorder_,
                      [this] { return kernel::make_alarm(kernel_, lane_); }};
  std::unique_ptr<Cloud> cloud_;

 private:
  static disk::Profile slow_sync() {
    disk::Profile profile;
    profile.latency.sync = 5ms;
    return profile;
  }
};

TEST_F(ServerTest, AnswersRequestsInOrderHoweverTheyAreCut) {
  const base::Bytes both = request("GET", "/v1/ping?nonce=a") + request("GET", "/v1/ping?nonce=b");
  const auto whole = network_.plan({both});
  std::deque<base::Bytes> bytes;
  for (const char c : both) bytes.emplace_back(1, c);
  const auto dribbled = network_.plan(bytes);
  start_cloud();
  run_until(1s);
  for (const auto& script : {whole, dribbled}) {
    const auto list = answers(*script);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(wire::read_pong(list[0].body)->nonce, "a");
    EXPECT_EQ(wire::read_pong(list[1].body)->nonce, "b");
    EXPECT_TRUE(script->ended) << "the peer had finished";
  }
}

TEST_F(ServerTest, AnswersWhatIsNotHttpAndServesTheNext) {
  const auto garbage = network_.plan({"\x16\x03\x01\x02garbage\r\n\r\n"}, true);
  const auto large = network_.plan({"POST /v1/sync/up HTTP/1.1\r\nHost: c\r\n"
                                    "Content-Length: 99999999\r\n\r\n"},
                                   true);
  const auto good = network_.plan({request("GET", "/v1/ping?nonce=c")});
  start_cloud();
  run_until(1s);
  ASSERT_EQ(answers(*garbage).size(), 1U);
  EXPECT_EQ(answers(*garbage)[0].status, 400);
  EXPECT_FALSE(answers(*garbage)[0].keep_alive);
  EXPECT_TRUE(garbage->ended);
  ASSERT_EQ(answers(*large).size(), 1U);
  EXPECT_EQ(answers(*large)[0].status, 413);
  EXPECT_TRUE(large->ended);
  EXPECT_EQ(answers(*good)[0].status, 200);
}

TEST_F(ServerTest, EndsAConnectionThatIsSilentForAMinute) {
  const auto silent = network_.plan({}, true);
  const auto stuck = network_.plan({"GET /v1/pi"}, true);
  const auto used = network_.plan({request("GET", "/v1/ping?nonce=a")}, true);
  start_cloud();
  run_until(59s);
  EXPECT_FALSE(silent->ended || stuck->ended || used->ended);
  run_until(61s);
  EXPECT_TRUE(silent->ended && stuck->ended && used->ended);
  EXPECT_EQ(answers(*used).size(), 1U);
}

TEST_F(ServerTest, GoesOnAcceptingSoonAfterAnAcceptThatFailed) {
  network_.plan_failure();
  network_.plan_failure();
  const auto next = network_.plan({request("GET", "/v1/ping?nonce=a")});
  start_cloud();
  disk_.take_debt();  // of making the database
  run_until(1s);
  ASSERT_EQ(answers(*next).size(), 1U);
  EXPECT_EQ(next->got_at, Instant{} + 2 * Server::kAfterFailedAccept);
}

TEST_F(ServerTest, ClosesTheLongestIdleConnectionForANewOneWhenItHasAllItTakes) {
  const auto busy = network_.plan({"GET /v1/pi"}, true);
  std::vector<std::shared_ptr<Script>> idle;
  for (std::size_t i = 1; i < Server::kConnections; ++i) idle.push_back(network_.plan({}, true));
  const auto next = network_.plan({request("GET", "/v1/ping?nonce=a")}, true);
  start_cloud();
  run_until(1s);
  EXPECT_EQ(answers(*next).size(), 1U);
  EXPECT_FALSE(busy->ended) << "a request is on its way";
  EXPECT_TRUE(idle.front()->ended);
  EXPECT_EQ(std::count_if(idle.begin(), idle.end(), [](const auto& one) { return one->ended; }), 1);
}

TEST_F(ServerTest, TakesNoMoreConnectionsThanItSaysWhenAllAreBusy) {
  std::vector<std::shared_ptr<Script>> busy;
  for (std::size_t i = 0; i < Server::kConnections; ++i) {
    busy.push_back(network_.plan({"GET /v1/pi"}, true));
  }
  const auto next = network_.plan({request("GET", "/v1/ping?nonce=a")}, true);
  start_cloud();
  run_until(1s);
  EXPECT_TRUE(next->ended && next->got.empty());
  EXPECT_TRUE(std::none_of(busy.begin(), busy.end(), [](const auto& one) { return one->ended; }));
}

TEST_F(ServerTest, AnswersOnlyWhenTheDiskHasSynced) {
  const auto ping = network_.plan({request("GET", "/v1/ping?nonce=a")});
  const auto first = network_.plan({request("POST", "/v1/tills/till-1/login", "{}")});
  const auto second = network_.plan({request("POST", "/v1/tills/till-2/login", "{}")});
  start_cloud();
  disk_.take_debt();  // of making the database
  run_until(1s);
  EXPECT_EQ(ping->got_at, Instant{}) << "asks nothing of the disk";
  EXPECT_EQ(first->got_at, Instant{} + 5ms) << "one transaction is one sync";
  EXPECT_EQ(second->got_at, Instant{} + 10ms) << "one disk does one thing after the other";
}

TEST_F(ServerTest, ClosesItsConnectionsWhenStoppedAndStartsAgainOnTheSameDisk) {
  const auto open = network_.plan({request("POST", "/v1/tills/till-1/login", "{}")}, true);
  start_cloud();
  run_until(1s);
  cloud_->stop();
  run_until(2s);
  EXPECT_TRUE(open->ended);
  EXPECT_EQ(open->ended_at, Instant{} + 1s);
  start_cloud();
  EXPECT_EQ(cloud_->database().generation("till-1").value(), 1U);
}

TEST_F(ServerTest, LetsGoOfEverythingWhenItsLaneIsClosed) {
  const auto open = network_.plan({request("GET", "/v1/ping?nonce=a")}, true);
  start_cloud();
  run_until(1s);
  kernel_.close_lane(lane_);
  EXPECT_TRUE(open->ended);
  cloud_.reset();
}

TEST_F(ServerTest, TakesSoManyUploadsASecondAndAnswersAllElseMeanwhile) {
  std::vector<std::shared_ptr<Script>> uploads;
  for (int i = 0; i < 3; ++i) {
    uploads.push_back(network_.plan({request("POST", "/v1/sync/up", "{}")}, true));
  }
  const auto ping = network_.plan({request("GET", "/v1/ping?nonce=a")}, true);
  Config config;
  config.uploads_per_second = 2;
  start_cloud(config);
  const auto answered = [&] {
    return std::count_if(uploads.begin(), uploads.end(),
                         [](const auto& script) { return !answers(*script).empty(); });
  };
  run_until(400ms);
  EXPECT_EQ(answered(), 1);
  EXPECT_EQ(answers(*ping).size(), 1U);
  run_until(900ms);
  EXPECT_EQ(answered(), 2);
  run_until(1400ms);
  EXPECT_EQ(answered(), 3);
}

}  // namespace
}  // namespace tillrig::oms

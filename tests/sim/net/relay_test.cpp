#include "tests/sim/net/relay_rig.hpp"

namespace tillrig::net {
namespace {

const std::string kUp = "/v1/sync/up";

words::Args with(std::string key, words::Args::Value value) {
  words::Args args;
  args.set(std::move(key), std::move(value));
  return args;
}

words::Args once() {
  return with("count", std::int64_t{1});
}

constexpr std::int64_t kSecond = 1'000'000'000;

TEST(Relay, HandsRequestsAndAnswersOnAndTellsTheTap) {
  RelayRig rig;
  rig.post_all_at(0s, kUp, {"a", "b"});
  rig.run();
  EXPECT_EQ(rig.log, (Log{{80ms, R"(200 {"did":"a"})"}, {120ms, R"(200 {"did":"b"})"}}));
  EXPECT_EQ(rig.commits, (Log{{60ms, "a"}, {100ms, "b"}}));
  ASSERT_EQ(rig.tape.ended.size(), 2U);
  const Exchange& e = rig.tape.ended[1];
  EXPECT_EQ(e.till, "till-1");
  EXPECT_EQ(e.number, 2U);
  EXPECT_EQ(e.connection, 1U);
  EXPECT_EQ(e.sent, Instant{} + 100ms);
  EXPECT_EQ(e.reached_cloud, Instant{} + 100ms);
  EXPECT_EQ(e.ended, Instant{} + 100ms);
  EXPECT_EQ(e.method, "POST");
  EXPECT_EQ(e.target, kUp);
  EXPECT_EQ(e.body, "b");
  EXPECT_EQ(e.status, 200);
  EXPECT_TRUE(e.from_cloud);
  EXPECT_EQ(e.answer, R"({"did":"b"})");
  EXPECT_EQ(e.cloud_status, 200);
  EXPECT_EQ(e.cloud_answer, e.answer);
  EXPECT_EQ(rig.tape.handed, (std::vector<std::uint64_t>{1, 2}));
}

// Faults in whose place somebody else answers: the cloud commits nothing.
struct Stranger {
  const char* fault;
  int status;
  const char* type;
  const char* retry_after;
};

constexpr const char* kPage = "text/html; charset=utf-8";

class Strangers : public testing::TestWithParam<Stranger> {};

TEST_P(Strangers, AnswerInTheCloudsPlaceUntilHealed) {
  RelayRig rig;
  words::Args args;
  if (*GetParam().retry_after != '\0') args = with("retry_after", 29 * kSecond + 1);
  const auto id = rig.start(GetParam().fault, args);
  rig.post_all_at(0s, "/v1/anything?x=1", {"a", "b"});
  rig.run();
  ASSERT_EQ(rig.log.size(), 2U);
  ASSERT_TRUE(rig.last_answer);
  EXPECT_EQ(rig.last_answer->status, GetParam().status);
  EXPECT_EQ(rig.last_answer->fields.get("content-type"), GetParam().type);
  EXPECT_EQ(rig.last_answer->fields.get("retry-after"), GetParam().retry_after);
  EXPECT_TRUE(rig.commits.empty());
  EXPECT_EQ(rig.link.hits(id), 2U);
  EXPECT_EQ(rig.tape.ended[0].status, GetParam().status);
  EXPECT_FALSE(rig.tape.ended[0].from_cloud);
  const bool asks = *GetParam().retry_after != '\0';
  EXPECT_EQ(rig.tape.ended[0].retry_after, asks ? base::Duration{30s} : base::Duration{});
  EXPECT_EQ(rig.tape.ended[0].reached_cloud, Instant::never());
  rig.heal(GetParam().fault, id);
  rig.post_at(10s, kUp, "c");
  rig.run();
  EXPECT_EQ(rig.log.back(), (Seen{10s + 80ms, R"(200 {"did":"c"})"}));
  EXPECT_EQ(rig.link.hits(id), 2U);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Strangers,
    testing::Values(Stranger{"cloud.500", 500, "text/plain", ""},
                    Stranger{"cloud.503", 503, "text/plain", "30"},
                    Stranger{"cloud.429", 429, "text/plain", "30"},
                    Stranger{"cloud.302", 302, kPage, ""}, Stranger{"cloud.401", 401, kPage, ""},
                    Stranger{"cloud.403", 403, kPage, ""}, Stranger{"cloud.404", 404, kPage, ""},
                    Stranger{"cloud.407", 407, kPage, ""}, Stranger{"cloud.511", 511, kPage, ""},
                    Stranger{"wan.portal", 200, kPage, ""}),
    [](const auto& one) {
      std::string name = one.param.fault;
      name[name.find('.')] = '_';
      return name;
    });

TEST(MessageFaults, WhoAsksForALoginOrSendsElsewhereSaysWhere) {
  const auto field = [](const char* fault, const char* name) {
    RelayRig rig;
    rig.start(fault);
    rig.post_at(0s, kUp, "a");
    rig.run();
    return rig.last_answer ? std::string(rig.last_answer->fields.get(name)) : std::string();
  };
  EXPECT_EQ(field("cloud.302", "location"), "http://portal.example/login");
  EXPECT_EQ(field("cloud.401", "www-authenticate"), "Basic realm=\"gateway\"");
  EXPECT_EQ(field("cloud.407", "proxy-authenticate"), "Basic realm=\"proxy\"");
}

TEST(MessageFaults, HitOnlyTheirPathAndOnlySoOften) {
  RelayRig rig;
  words::Args args = with("path", std::string("/v1/sync/*"));
  args.set("count", std::int64_t{2});
  const auto id = rig.start("cloud.500", args);
  rig.post_at(0s, "/v1/ping?nonce=1", "p");
  rig.post_all_at(1s, kUp, {"a", "b", "c"});
  rig.run();
  EXPECT_EQ(rig.commits, (Log{{60ms, "p"}, {1140ms, "c"}}));
  EXPECT_EQ(rig.link.hits(id), 2U);
}

TEST(MessageFaults, ResponseLostCommitsAndEndsTheConnection) {
  RelayRig rig;
  const auto id = rig.start("cloud.response_lost", once());
  rig.post_at(0s, kUp, "a");
  rig.post_at(1s, kUp, "a");
  rig.post_at(2s, "/v1/ping", "p");
  rig.run();
  EXPECT_EQ(rig.log,
            (Log{{80ms, "end"}, {1080ms, R"(200 {"did":"a"})"}, {2080ms, R"(200 {"did":"p"})"}}));
  EXPECT_EQ(rig.commits, (Log{{60ms, "a"}, {1060ms, "a"}, {2060ms, "p"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
  const Exchange& lost = rig.tape.ended[0];
  EXPECT_EQ(lost.status, 0);
  EXPECT_EQ(lost.cloud_status, 200);
  EXPECT_EQ(lost.cloud_answer, R"({"did":"a"})");
  EXPECT_EQ(lost.ended, Instant{} + 60ms);
}

TEST(MessageFaults, ResponseLostMayLeaveTheTillHanging) {
  RelayRig rig;
  words::Args args = once();
  args.set("hang", std::int64_t{1});
  rig.start("cloud.response_lost", args);
  rig.post_at(0s, kUp, "a", 3s);
  rig.run();
  EXPECT_EQ(rig.log, (Log{{3040ms, "timeout"}}));
  EXPECT_EQ(rig.commits.size(), 1U);
  EXPECT_EQ(rig.tape.ended[0].ended, Instant{} + 3060ms);  // when the hang-up came to the relay
}

TEST(MessageFaults, RequestLostCommitsNothingAndTheTillTimesOut) {
  RelayRig rig;
  const auto id = rig.start("cloud.request_lost", once());
  rig.post_at(0s, kUp, "a", 3s);
  rig.post_at(4s, kUp, "b", 3s);
  rig.run();
  EXPECT_EQ(rig.log, (Log{{3040ms, "timeout"}, {4080ms, R"(200 {"did":"b"})"}}));
  EXPECT_EQ(rig.commits, (Log{{4060ms, "b"}}));
  EXPECT_EQ(rig.link.hits(id), 1U);
  EXPECT_EQ(rig.tape.ended[0].reached_cloud, Instant::never());
  EXPECT_EQ(rig.tape.handed, (std::vector<std::uint64_t>{2}));
}

TEST(MessageFaults, RequestLateArrivesAfterTheTillsRetry) {
  RelayRig rig;
  words::Args args = once();
  args.set("by", 30 * kSecond);
  rig.start("cloud.request_late", args);
  rig.post_at(0s, kUp, "first", 3s);
  rig.post_at(4s, kUp, "again", 3s);
  rig.run();
  EXPECT_EQ(rig.log, (Log{{3040ms, "timeout"}, {4080ms, R"(200 {"did":"again"})"}}));
  EXPECT_EQ(rig.commits, (Log{{4060ms, "again"}, {30s + 60ms, "first"}}));
  ASSERT_EQ(rig.tape.ended.size(), 2U);
  const Exchange& late = rig.tape.ended[1];
  EXPECT_EQ(late.number, 1U);
  EXPECT_EQ(late.status, 0);
  EXPECT_EQ(late.cloud_status, 200);
  EXPECT_EQ(late.reached_cloud, Instant{} + 30s + 60ms);
  EXPECT_EQ(late.ended, Instant{} + 3060ms);
}

TEST(MessageFaults, DuplicateArrivesTwiceAndIsAnsweredOnce) {
  RelayRig rig;
  rig.work = 10ms;
  rig.start("cloud.duplicate", once());
  rig.post_all_at(0s, kUp, {"a", "b"});
  rig.run();
  EXPECT_EQ(rig.log, (Log{{90ms, R"(200 {"did":"a"})"}, {140ms, R"(200 {"did":"b"})"}}));
  EXPECT_EQ(rig.commits, (Log{{60ms, "a"}, {60ms, "a"}, {120ms - 10ms, "b"}}));
  EXPECT_EQ(rig.tape.handed, (std::vector<std::uint64_t>{1, 1, 2}));
  EXPECT_EQ(rig.tape.ended.size(), 2U);
}

TEST(MessageFaults, SlowAnswersComeThatMuchLater) {
  RelayRig rig;
  rig.start("cloud.slow", with("by", 2 * kSecond));
  rig.post_at(0s, kUp, "a");
  rig.run();
  EXPECT_EQ(rig.log, (Log{{2080ms, R"(200 {"did":"a"})"}}));
  EXPECT_EQ(rig.commits, (Log{{60ms, "a"}}));
}

TEST(MessageFaults, ASlowAnswerThatTheTillDidNotWaitForIsNotGiven) {
  RelayRig rig;
  rig.start("cloud.slow", with("by", 8 * kSecond));
  rig.post_at(0s, kUp, "a", 3s);
  rig.run();
  EXPECT_EQ(rig.log, (Log{{3040ms, "timeout"}}));
  EXPECT_EQ(rig.tape.ended[0].status, 0);
  EXPECT_EQ(rig.tape.ended[0].cloud_status, 200);
  EXPECT_EQ(rig.tape.ended[0].ended, Instant{} + 3060ms);
}

TEST(MessageFaults, ATruncatedAnswerEndsWithinItsBody) {
  RelayRig rig;
  rig.start("cloud.truncate", once());
  rig.post_at(0s, kUp, "a");
  rig.post_at(1s, kUp, "a");
  rig.run();
  EXPECT_EQ(rig.log, (Log{{80ms, "closed"}, {1080ms, R"(200 {"did":"a"})"}}));
  EXPECT_EQ(rig.commits.size(), 2U);
  EXPECT_FALSE(rig.tape.ended[0].from_cloud);
}

TEST(MessageFaults, AGarbledAnswerHasItsLengthAndNoJson) {
  RelayRig rig;
  rig.start("cloud.garble");
  rig.post_at(0s, kUp, "a");
  rig.run();
  ASSERT_TRUE(rig.last_answer);
  EXPECT_EQ(rig.last_answer->body, R"(}"did":}a"})");
  EXPECT_EQ(rig.last_answer->status, 200);
  EXPECT_EQ(rig.commits.size(), 1U);
  EXPECT_FALSE(rig.tape.ended[0].from_cloud);
}

int bits_apart(std::string_view a, std::string_view b) {
  EXPECT_EQ(a.size(), b.size());
  int bits = 0;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    bits += __builtin_popcount(static_cast<unsigned char>(a[i] ^ b[i]));
  }
  return bits;
}

TEST(MessageFaults, DamageFlipsOneBitOfARequest) {
  RelayRig rig;
  words::Args args = once();
  args.set("way", std::string("up"));
  const auto id = rig.start("wan.damage", args);
  rig.post_at(0s, kUp, "");  // has nothing to be damaged
  rig.post_all_at(1s, kUp, {"abcdefgh", "abcdefgh"});
  rig.run();
  ASSERT_EQ(rig.commits.size(), 3U);
  EXPECT_EQ(bits_apart(rig.commits[1].what, "abcdefgh"), 1);
  EXPECT_EQ(rig.commits[2].what, "abcdefgh");
  EXPECT_EQ(rig.tape.ended[1].body, "abcdefgh");  // as the till sent it
  EXPECT_EQ(rig.link.hits(id), 1U);
}

TEST(MessageFaults, DamageFlipsOneBitOfAnAnswer) {
  RelayRig rig;
  words::Args args = once();
  args.set("way", std::string("down"));
  rig.start("wan.damage", args);
  rig.post_at(0s, kUp, "abc");
  rig.run();
  ASSERT_TRUE(rig.last_answer);
  EXPECT_EQ(bits_apart(rig.last_answer->body, R"({"did":"abc"})"), 1);
  EXPECT_EQ(rig.commits, (Log{{60ms, "abc"}}));
  EXPECT_FALSE(rig.tape.ended[0].from_cloud);
  EXPECT_EQ(rig.tape.ended[0].cloud_answer, R"({"did":"abc"})");
}

TEST(MessageFaults, SeveralActTogether) {
  RelayRig rig;
  const auto slow = rig.start("cloud.slow", with("by", kSecond));
  const auto lost = rig.start("cloud.response_lost");
  const auto portal = rig.start("wan.portal", with("path", std::string("/v1/ping")));
  rig.post_at(0s, kUp, "a");
  rig.run();
  EXPECT_EQ(rig.log, (Log{{1080ms, "end"}}));
  EXPECT_EQ(rig.link.hits(slow), 1U);
  EXPECT_EQ(rig.link.hits(lost), 1U);
  EXPECT_EQ(rig.link.hits(portal), 0U);
}

TEST(Relay, ACloudThatIsNotThereIsABadGateway) {
  RelayRig rig;
  rig.run();
  rig.cloud.die();
  rig.kernel.close_lane(rig.cloud_lane);
  rig.post_at(1s, kUp, "a");
  rig.run();
  ASSERT_TRUE(rig.last_answer);
  EXPECT_EQ(rig.last_answer->status, 502);
  EXPECT_EQ(rig.last_answer->fields.get("content-type"), "text/plain");
  EXPECT_FALSE(rig.tape.ended[0].from_cloud);
}

TEST(Relay, ACloudThatDiesWithinAnExchangeResetsTheTill) {
  RelayRig rig;
  rig.work = 1s;
  rig.post_at(0s, kUp, "a");
  rig.at(500ms, [&] {
    rig.cloud.die();
    rig.kernel.close_lane(rig.cloud_lane);
  });
  rig.run();
  EXPECT_EQ(rig.log, (Log{{520ms, "reset"}}));
  EXPECT_EQ(rig.tape.ended[0].status, 0);
  EXPECT_EQ(rig.tape.ended[0].cloud_status, 0);
  EXPECT_EQ(rig.tape.ended[0].reached_cloud, Instant{} + 60ms);
}

TEST(Relay, ThatIsTakenAwayTellsTheTapWhatWasOpen) {
  RelayRig rig;
  rig.start("cloud.request_lost");
  rig.post_at(0s, kUp, "a", 3s);
  rig.at(1s, [&] { rig.relay.reset(); });
  rig.run();
  EXPECT_EQ(rig.log, (Log{{1020ms, "end"}}));
  ASSERT_EQ(rig.tape.ended.size(), 1U);
  EXPECT_EQ(rig.tape.ended[0].ended, Instant::never());
}

std::uint64_t busy(std::vector<Exchange>* ended) {
  RelayRig rig;
  words::Args late = with("by", 2 * kSecond);
  late.set("count", std::int64_t{2});
  rig.at(1s, [&] { rig.start("cloud.request_late", late); });
  rig.at(2s, [&] { rig.start("cloud.duplicate"); });
  words::FaultId down = 0;
  rig.at(3s, [&] { down = rig.start("wan.down"); });
  rig.at(5s, [&] { rig.heal("wan.down", down); });
  for (int i = 0; i < 40; ++i) rig.post_at(i * 200ms, kUp, std::to_string(i), 700ms);
  rig.run();
  *ended = rig.tape.ended;
  return rig.kernel.digest();
}

TEST(Relay, TheSameRunTwiceHasTheSameDigest) {
  std::vector<Exchange> first;
  std::vector<Exchange> second;
  EXPECT_EQ(busy(&first), busy(&second));
  ASSERT_EQ(first.size(), second.size());
  EXPECT_GT(first.size(), 20U);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].number, second[i].number);
    EXPECT_EQ(first[i].ended, second[i].ended);
  }
}

TEST(Relay, AKernelThatGoesWithEverythingInFlightLeaksNothing) {
  RelayRig rig;
  rig.work = 3s;
  rig.start("cloud.request_late", with("by", 60 * kSecond));
  rig.post_at(0s, kUp, "a", 30s);
  rig.post_at(0s, "/v1/ping", "b", 30s);
  rig.at(500ms, [&] { rig.start("wan.down"); });
  rig.post_at(600ms, kUp, "c", 30s);
  rig.run_until(1s);
  EXPECT_GT(rig.kernel.planned(), 1U);
}

}  // namespace
}  // namespace tillrig::net

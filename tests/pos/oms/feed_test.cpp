// The cloud's tables and what it tells of them.
#include "pos/wire/feed.hpp"

#include "tests/pos/oms/cloud_bench.hpp"

namespace tillrig::oms {
namespace {

wire::Item item(std::string sku, std::int64_t price) {
  wire::Item made;
  made.name = "Name of " + sku;
  made.sku = std::move(sku);
  made.price = base::Money{price};
  made.tax = base::Rate{700};
  return made;
}

class FeedTest : public CloudBench {
 protected:
  std::uint64_t change(std::vector<wire::Item> items, std::vector<std::string> removed = {}) {
    const auto answer =
        post("/v1/items", wire::write_json(wire::ItemChanges{std::move(items), removed}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto changed = wire::read_changed(answer.body);
    EXPECT_TRUE(changed);
    return changed.value_or(wire::Changed{}).v;
  }
  base::HttpResponse down(const std::string& rest) {
    if (login_.token.empty()) login_ = login();
    return get("/v1/sync/down?collection=items&" + rest, login_.token);
  }
  wire::FeedPage page(const std::string& rest) {
    const auto answer = down(rest);
    EXPECT_EQ(answer.status, 200) << answer.body;
    auto read = wire::read_feed_page(answer.body);
    EXPECT_TRUE(read) << read.error().what;
    return read.value_or(wire::FeedPage{});
  }
  std::string own() { return "&epoch=" + database_->identity().server_epoch; }
  std::uint64_t told_by_ping() {
    return wire::read_pong(get("/v1/ping?nonce=a").body).value_or(wire::Pong{}).feed;
  }
  static std::vector<std::string> ids(const wire::FeedPage& page) {
    std::vector<std::string> list;
    for (const wire::FeedRow& row : page.rows) {
      list.push_back(fmt::format("{}{} {}", row.deleted ? "-" : "", row.id, row.v));
    }
    return list;
  }
  std::string code_of(const base::HttpResponse& answer) {
    const auto problem = wire::read_problem(answer.body);
    return problem ? problem->code : "no problem: " + answer.body;
  }
};

using Ids = std::vector<std::string>;

TEST_F(FeedTest, NumbersChangesWithoutAGapAndTellsTheNewestOfEachItem) {
  start();
  EXPECT_EQ(told_by_ping(), 0U);
  EXPECT_EQ(change({item("milk", 149), item("bread", 299)}), 2U);
  EXPECT_EQ(change({item("milk", 159)}), 3U);
  EXPECT_EQ(told_by_ping(), 3U);
  const wire::FeedPage all = page("cursor=0");
  EXPECT_EQ(ids(all), (Ids{"bread 2", "milk 3"}));
  EXPECT_EQ(all.next, 3U);
  EXPECT_EQ(all.head, 3U);
  EXPECT_EQ(all.rows[1].rev, 2U);
  const auto milk = wire::read_item(all.rows[1].body);
  ASSERT_TRUE(milk) << milk.error().what;
  EXPECT_EQ(*milk, item("milk", 159));
}

TEST_F(FeedTest, TellsAReaderWhatIsNewerThanItsCursorAlone) {
  start();
  change({item("milk", 149), item("bread", 299)});
  change({item("eggs", 199)});
  EXPECT_EQ(ids(page("cursor=2" + own())), (Ids{"eggs 3"}));
  const wire::FeedPage nothing = page("cursor=3" + own());
  EXPECT_TRUE(nothing.rows.empty());
  EXPECT_EQ(nothing.next, 3U);
}

TEST_F(FeedTest, PagesEndWhereTheLimitIsAndGoOnThere) {
  start();
  change({item("a", 1), item("b", 2), item("c", 3)});
  const wire::FeedPage first = page("cursor=0&limit=2");
  EXPECT_EQ(ids(first), (Ids{"a 1", "b 2"}));
  EXPECT_EQ(first.next, 2U);
  EXPECT_EQ(ids(page("cursor=2&limit=2" + own())), (Ids{"c 3"}));
}

TEST_F(FeedTest, TheLastPageTellsTheTablesSumToWhomAsksForIt) {
  start();
  wire::Item odd = item("milk", 129);
  odd.name = "Crème \"fraîche\" \\ / 1\t<&>";
  change({odd, item("bread", 249)});
  change({}, {"bread"});
  const auto whole = page("cursor=0&limit=10&sum=1");
  wire::TableSum sum;
  for (const wire::FeedRow& row : whole.rows) sum.add(row.id, row.deleted, row.body);
  EXPECT_EQ(whole.sum, sum.text()) << "as a reader has it";
  EXPECT_EQ(page("cursor=0&limit=10").sum, "");
  EXPECT_EQ(page("cursor=0&limit=1&sum=1").sum, "") << "not the last";
  EXPECT_EQ(page(fmt::format("cursor={}&limit=10&sum=1", whole.head) + own()).sum, sum.text());
  change({item("milk", 130)});
  EXPECT_NE(page("cursor=0&limit=10&sum=1").sum, sum.text());
}

TEST_F(FeedTest, ARemovalIsARowThatStays) {
  start();
  change({item("milk", 149)});
  EXPECT_EQ(change({}, {"milk", "bread"}), 3U);
  EXPECT_EQ(ids(page("cursor=1" + own())), (Ids{"-milk 2", "-bread 3"}));
  EXPECT_EQ(ids(page("cursor=0")), (Ids{"-milk 2", "-bread 3"}));
  change({item("milk", 169)});
  EXPECT_EQ(ids(page("cursor=3" + own())), (Ids{"milk 4"}));
}

TEST_F(FeedTest, SurvivesARestartOfTheCloud) {
  start();
  change({item("milk", 149)});
  stop();
  start();
  login_ = {};
  EXPECT_EQ(change({item("milk", 159)}), 2U);
  EXPECT_EQ(ids(page("cursor=1" + own())), (Ids{"milk 2"}));
}

TEST_F(FeedTest, ACursorOfAnotherCloudStartsAgain) {
  start();
  change({item("milk", 149)});
  const auto answer = down("cursor=1&epoch=cloud-of-yesterday");
  EXPECT_EQ(answer.status, 410);
  EXPECT_EQ(code_of(answer), wire::kOtherEpoch);
  // Ahead of what this cloud has numbered: it was restored from an older copy.
  EXPECT_EQ(code_of(down("cursor=7" + own())), wire::kBehindHorizon);
}

TEST_F(FeedTest, ACursorBeforeTheHorizonStartsAgainAndAReadingFromTheStartGoesOn) {
  start();
  change({item("a", 1), item("b", 2), item("c", 3)});
  EXPECT_EQ(post("/v1/feed/horizon", "").status, 200);
  const auto behind = down("cursor=2" + own());
  EXPECT_EQ(behind.status, 410);
  EXPECT_EQ(code_of(behind), wire::kBehindHorizon);
  EXPECT_EQ(down("cursor=3" + own()).status, 200);

  const wire::FeedPage first = page("cursor=0&limit=2");
  EXPECT_EQ(first.horizon, 3U);
  EXPECT_EQ(ids(page("cursor=2&begun=3" + own())), (Ids{"c 3"}));
  change({item("d", 4)});
  EXPECT_EQ(post("/v1/feed/horizon", "").status, 200);
  EXPECT_EQ(down("cursor=2&begun=3" + own()).status, 410) << "it moved since that reading began";
}

TEST_F(FeedTest, RefusesWhatIsNoChangeAndStoresNothingOfIt) {
  start();
  const std::string good = wire::write_item(item("milk", 149));
  for (const std::string& body : std::vector<std::string>{
           "", "[]", "{}", R"({"items":[]})", R"({"items":[{"sku":"milk"}]})",
           R"({"items":[)" + good + R"(,{"sku":"","name":"x","price":1,"tax":0}]})",
           R"({"items":[{"sku":"milk","name":"x","price":-1,"tax":0}]})",
           R"({"items":[{"sku":"milk","name":"x","price":1.5,"tax":0}]})", R"({"removed":[""]})",
           R"({"items":[{"sku":")" + std::string(300, 'a') +
               R"(","name":"x","price":1,"tax":0}]})"}) {
    EXPECT_EQ(post("/v1/items", body).status, 400) << body;
  }
  const wire::ItemChanges many{std::vector<wire::Item>(wire::kFeedRows + 1, item("a", 1)), {}};
  EXPECT_EQ(post("/v1/items", wire::write_json(many)).status, 400);
  EXPECT_EQ(told_by_ping(), 0U);
}

TEST_F(FeedTest, RefusesWhatIsNoPage) {
  start();
  for (const std::string rest : {"cursor=x", "cursor=-1", "cursor=0&limit=0", "cursor=0&limit=151",
                                 "cursor=99999999999999999999", "cursor=1&begun=x"}) {
    EXPECT_EQ(down(rest).status, 400) << rest;
  }
  EXPECT_EQ(get("/v1/sync/down?collection=people&cursor=0", login_.token).status, 400);
  EXPECT_EQ(get("/v1/sync/down?collection=items&cursor=0").status, 401);
  const wire::LoggedIn old = std::exchange(login_, {});
  login_ = login();
  EXPECT_EQ(get("/v1/sync/down?collection=items&cursor=0", old.token).status, 409);
}

TEST_F(FeedTest, OnlyTheOfficeChangesGoods) {
  Secrets secrets;
  ASSERT_TRUE(secrets.add("till-1", "secret-of-the-first-till"));
  ASSERT_TRUE(secrets.add(Secrets::kAudit, "secret-of-the-auditors"));
  ASSERT_TRUE(secrets.add(Secrets::kOffice, "secret-of-the-office"));
  start({}, {}, secrets);
  const std::string body = wire::write_json(wire::ItemChanges{{item("milk", 1)}, {}});
  for (const char* target : {"/v1/items", "/v1/feed/horizon"}) {
    for (const char* other : {"", "secret-of-the-auditors", "secret-of-the-first-till"}) {
      EXPECT_EQ(post(target, body, other).status, 401) << target << other;
    }
    EXPECT_EQ(post(target, body, "secret-of-the-office").status, 200) << target;
  }
  EXPECT_EQ(get("/v1/audit/events", "secret-of-the-office").status, 401);
}

// The mutant: what was committed late has a number that its readers have passed.
TEST_F(FeedTest, ABigserialWouldBePassedBy) {
  base::Mutants mutants;
  mutants.add("feed_by_sequence");
  start(mutants);
  change({item("milk", 149)});
  change({item("bread", 299)});
  const wire::FeedPage first = page("cursor=0");
  EXPECT_EQ(ids(first), (Ids{"bread 2"}));
  EXPECT_TRUE(page(fmt::format("cursor={}", first.next) + own()).rows.empty());
  EXPECT_EQ(ids(page("cursor=0")), (Ids{"milk 1", "bread 2"}));
}

TEST_F(FeedTest, EachTableTellsItsOwnRowsUnderOneNumbering) {
  start();
  change({item("milk", 149)});
  const wire::CustomerChanges two{{{"ana", "Ana", "1", "C-1"}, {"ben", "Ben", "", ""}}, {}};
  EXPECT_EQ(post("/v1/customers", wire::write_json(two)).status, 200);
  const wire::CustomerChanges gone{{}, {"ben"}};
  EXPECT_EQ(post("/v1/customers", wire::write_json(gone)).status, 200);
  login_ = login();
  const auto read =
      wire::read_feed_page(get("/v1/sync/down?collection=customers&cursor=0", login_.token).body);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(ids(*read), (Ids{"ana 2", "-ben 4"}));
  EXPECT_EQ(read->next, 4U);
  EXPECT_EQ(wire::read_customer(read->rows[0].body).value(), two.customers[0]);
  EXPECT_EQ(ids(page("cursor=0")), (Ids{"milk 1"}));
}

TEST_F(FeedTest, ABadChangeOfCustomersAndAnUnknownTableAreRefusedAndChangeNothing) {
  start();
  for (const char* body : {"{}", R"({"customers":[{"id":"a b","name":"A"}]})", "7"}) {
    EXPECT_EQ(post("/v1/customers", body).status, 400) << body;
  }
  EXPECT_EQ(get("/v1/customers").status, 405);
  EXPECT_EQ(told_by_ping(), 0U);
  login_ = login();
  const auto unknown = get("/v1/sync/down?collection=suppliers&cursor=0", login_.token);
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(code_of(unknown), "bad_page");
  const auto other = get("/v1/sync/down?collection=customers&cursor=1&epoch=cloud-x", login_.token);
  EXPECT_EQ(other.status, 410);
  EXPECT_EQ(code_of(other), wire::kOtherEpoch);
}

TEST_F(FeedTest, CustomersAreTheOfficesToChange) {
  start({}, {},
        Secrets::read("till-1 0123456789abcdef0123456789abcdef\n@office "
                      "fedcba9876543210fedcba9876543210\n",
                      "secrets")
            .value());
  const wire::CustomerChanges one{{{"ana", "Ana", "", ""}}, {}};
  EXPECT_EQ(post("/v1/customers", wire::write_json(one)).status, 401);
  EXPECT_EQ(told_by_ping(), 0U);
  EXPECT_EQ(post("/v1/customers", wire::write_json(one), "fedcba9876543210fedcba9876543210").status,
            200);
}

}  // namespace
}  // namespace tillrig::oms

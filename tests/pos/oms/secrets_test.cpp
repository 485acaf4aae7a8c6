// Who is let in, and who is not: by the till's secret, the token it gives, and the auditors'
// secret.

#include "pos/oms/secrets.hpp"

#include "tests/pos/oms/cloud_bench.hpp"

namespace tillrig::oms {
namespace {

constexpr std::string_view kOld = "old-secret-of-till-1";
constexpr std::string_view kNew = "new-secret-of-till-1";
constexpr std::string_view kOther = "the-secret-of-till-2";
constexpr std::string_view kAuditors = "secret-of-the-auditors";

Secrets listed(std::string_view text) {
  auto secrets = Secrets::read(text, "secrets");
  EXPECT_TRUE(secrets) << secrets.error().what;
  return secrets.value_or(Secrets());
}

TEST(SecretsFile, ListsTillsAuditorsAndRotations) {
  const Secrets secrets = listed(
      "# of the shop\n\ntill-1 old-secret-of-till-1\ntill-1\tnew-secret-of-till-1 \r\n"
      "@audit secret-of-the-auditors");
  EXPECT_TRUE(secrets.has_tills());
  EXPECT_TRUE(secrets.has_audit());
  EXPECT_TRUE(secrets.find("till-1", kOld));
  EXPECT_TRUE(secrets.find("till-1", kNew));
  EXPECT_FALSE(secrets.find("till-2", kOld));
  EXPECT_FALSE(secrets.find("till-1", kAuditors));
  EXPECT_FALSE(secrets.find("till-1", ""));
  EXPECT_TRUE(secrets.find(Secrets::kAudit, kAuditors));
  EXPECT_TRUE(listed("# nothing\n").open_to_all());
}

TEST(SecretsFile, NamesTheLineThatIsWrongAndNeverASecret) {
  const std::string good = "till-1 old-secret-of-till-1\n";
  for (const char* line : {"till-2", "till-2 swordfish", "swordfishes-are-Long till-2",
                           "till-2 swordfish-swordfish shop more", "till-2 old-secret-of-till-1",
                           "till-1 swordfish-swordfish other-shop", "@audit swordfish",
                           "@audit old-secret-of-till-1", "till-2 swordfish\x01-swordfish"}) {
    const auto secrets = Secrets::read(good + line, "shop.secrets");
    ASSERT_FALSE(secrets) << line;
    const std::string& what = secrets.error().what;
    EXPECT_NE(what.find("shop.secrets, line 2"), std::string::npos) << what;
    EXPECT_EQ(what.find("swordfish"), std::string::npos) << what;
    EXPECT_EQ(what.find(kOld), std::string::npos) << what;
  }
}

class SecretsTest : public CloudBench {
 protected:
  void begin(std::string_view text) {
    stop();
    start({}, {}, listed(text));
  }
  void SetUp() override {
    begin(
        "till-1 old-secret-of-till-1\ntill-2 the-secret-of-till-2\n"
        "till-9 the-secret-of-till-9 elsewhere\n@audit secret-of-the-auditors\n");
  }
  base::HttpResponse log_in(const std::string& till, std::string_view secret) {
    return post("/v1/tills/" + till + "/login", "{}", secret);
  }
  std::string token(const std::string& till, std::string_view secret) {
    const auto answer = log_in(till, secret);
    const auto read = wire::read_login(answer.body);
    EXPECT_TRUE(read) << answer.body;
    return read ? read->token : "";
  }
  // A sale sent by till-1 under its first login.
  base::HttpResponse send_sale(std::string_view by, std::uint64_t generation = 1) {
    wire::UpBatch batch = samples::batch({samples::epoch_opened(3), samples::sale(1)});
    batch.generation = generation;
    return send(batch, by);
  }
};

TEST_F(SecretsTest, RefusesALoginWithoutTheSecretAndLeavesTheTillWhereItIs) {
  const std::string mine = token("till-1", kOld);
  for (const std::string_view wrong :
       {std::string_view(), std::string_view("x"), kNew, kOther, kAuditors,
        std::string_view("old-secret-of-till-"), std::string_view("old-secret-of-till-12")}) {
    const auto answer = log_in("till-1", wrong);
    EXPECT_EQ(answer.status, 401);
    const auto problem = wire::read_problem(answer.body);
    ASSERT_TRUE(problem) << answer.body;
    EXPECT_EQ(problem->code, wire::kBadSecret);
    EXPECT_NE(problem->what.find("till-1"), std::string::npos);
    EXPECT_EQ(recorder_.marks.back(), "cloud.login_refused ");
  }
  EXPECT_EQ(log_in("till-3", kOld).status, 401) << "one that nobody listed";
  EXPECT_EQ(send_sale(mine).status, 200) << "the till itself is not fenced off";
}

TEST_F(SecretsTest, TakesTheOldAndTheNewSecretWhileBothAreListed) {
  const std::string by_old = token("till-1", kOld);
  const std::string both =
      "till-1 old-secret-of-till-1\ntill-1 new-secret-of-till-1\n@audit secret-of-the-auditors\n";
  begin(both);
  EXPECT_EQ(send_sale(by_old).status, 200) << "its login outlives the restart";
  EXPECT_EQ(log_in("till-1", kNew).status, 200);
  EXPECT_EQ(log_in("till-1", kOld).status, 200);
}

TEST_F(SecretsTest, ATokenEndsWithTheSecretThatItWasGivenFor) {
  const std::string by_old = token("till-1", kOld);
  begin("till-1 new-secret-of-till-1\n@audit secret-of-the-auditors\n");
  EXPECT_EQ(send_sale(by_old).status, 401);
  EXPECT_EQ(log_in("till-1", kOld).status, 401);
  EXPECT_EQ(send_sale(token("till-1", kNew), 2).status, 200);
}

TEST_F(SecretsTest, TheAuditHasASecretOfItsOwn) {
  const std::string mine = token("till-1", kOld);
  for (const char* target : {"/v1/audit/events", "/v1/audit/refused"}) {
    for (const std::string_view wrong : {std::string_view(), kOld, std::string_view(mine)}) {
      EXPECT_EQ(get(target, wrong).status, 401) << target;
    }
    EXPECT_EQ(get(target, kAuditors).status, 200) << target;
  }
  begin("till-1 old-secret-of-till-1\n");
  EXPECT_EQ(get("/v1/audit/events").status, 401) << "none was provisioned: nobody may look";
}

TEST_F(SecretsTest, TellsATillOfItsShopWhatWasSoldAndGivenBack) {
  const std::string mine = token("till-1", kOld);
  wire::UpBatch batch = samples::batch({samples::epoch_opened(3), samples::sale(1)});
  batch.items.push_back(samples::item(samples::refund(2, samples::sale(1).id)));
  ASSERT_EQ(send(batch, mine).status, 200);
  for (const auto& [till, secret] : {std::pair("till-1", kOld), std::pair("till-2", kOther)}) {
    const auto answer = get("/v1/receipts/till-1.3.2", token(till, secret));
    const auto receipt = wire::read_receipt(answer.body);
    ASSERT_TRUE(receipt) << answer.body;
    EXPECT_EQ(receipt->sale, "till-1.3.2");
    ASSERT_EQ(receipt->lines.size(), 2U);
    const auto sold = std::get<wire::Document>(samples::sale(1).body);
    EXPECT_EQ(receipt->lines[0].line, sold.lines[0]);
    EXPECT_EQ(receipt->lines[0].given_back, base::Quantity{1000});
    EXPECT_EQ(receipt->lines[1].given_back, base::Quantity{0});
    EXPECT_EQ(receipt->refunds.size(), till == std::string("till-1") ? 1U : 0U);
    EXPECT_EQ(answer.body.find("payments"), std::string::npos) << "and nothing else";
  }
}

TEST_F(SecretsTest, NamesAllRefundsOfTheTillThatAsksOverMoreThanOneAnswer) {
  const std::string mine = token("till-1", kOld);
  std::vector<wire::Event> events{samples::epoch_opened(3), samples::sale(1)};
  const std::size_t all = wire::kReceiptRefunds + 2;
  for (std::uint64_t n = 2; n < all + 2; ++n) {
    events.push_back(samples::refund(n, samples::sale(1).id));
    if (events.size() < 100 && n != all + 1) continue;
    ASSERT_EQ(send(samples::batch(std::exchange(events, {})), mine).status, 200);
  }
  const auto told = [&](const std::string& target) {
    const auto answer = get("/v1/receipts/till-1.3.2" + target, mine);
    const auto receipt = wire::read_receipt(answer.body);
    EXPECT_TRUE(receipt) << answer.body;
    return receipt.value_or(wire::Receipt{});
  };
  const wire::Receipt first = told("");
  EXPECT_TRUE(first.more);
  ASSERT_EQ(first.refunds.size(), wire::kReceiptRefunds);
  EXPECT_EQ(first.refunds.front(), "till-1.3.3") << "the oldest first";
  const wire::Receipt rest = told("?after=500");
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(rest.refunds, (std::vector<std::string>{"till-1.3.503", "till-1.3.504"}));
  EXPECT_EQ(rest.lines[0].given_back, first.lines[0].given_back) << "of all of them";
  EXPECT_EQ(get("/v1/receipts/till-1.3.2?after=x", mine).status, 400);
}

TEST_F(SecretsTest, FindsASaleByTheNumberOnItsReceipt) {
  const std::string mine = token("till-1", kOld);
  ASSERT_EQ(send_sale(mine).status, 200);
  const auto sale_at = [&](const std::string& target, std::string_view by) {
    const auto receipt = wire::read_receipt(get("/v1/receipts/" + target, by).body);
    return receipt ? receipt->sale : "";
  };
  EXPECT_EQ(sale_at("3-0000001", mine), "till-1.3.2");
  EXPECT_EQ(sale_at("3-0000002", mine), "");
  const std::string beside = token("till-2", kOther);
  EXPECT_EQ(sale_at("3-0000001", beside), "") << "it has no such sale itself";
  EXPECT_EQ(sale_at("3-0000001?till=till-1", beside), "till-1.3.2");
  const std::string away = token("till-9", "the-secret-of-till-9");
  EXPECT_EQ(get("/v1/receipts/3-0000001?till=till-1", away).status, 404);
  EXPECT_EQ(get("/v1/receipts/3-0000001?till=TILL", away).status, 400);
  for (const char* bad : {"3-", "-1", "3-0000000", "3-1x", "99999999999-1", "3"}) {
    EXPECT_EQ(get("/v1/receipts/" + std::string(bad), mine).status, 400) << bad;
  }
}

TEST_F(SecretsTest, TakesARefundOfASaleFromTheTillsOfItsShopAlone) {
  ASSERT_EQ(send_sale(token("till-1", kOld)).status, 200);
  const auto refund_by = [&](const std::string& till, std::string_view secret) {
    wire::Event refund = samples::refund(1, samples::sale(1).id);
    refund.id.till = till;
    const auto response =
        send(samples::batch({samples::epoch_opened(3, till), refund}), token(till, secret));
    return statuses(wire::read_answer(response.body).value_or(wire::UpAnswer{}));
  };
  EXPECT_EQ(refund_by("till-9", "the-secret-of-till-9"),
            (Statuses{"applied", "rejected other_shop"}));
  EXPECT_EQ(refund_by("till-2", kOther), (Statuses{"applied", "applied"}));
}

TEST_F(SecretsTest, TellsNobodyElseOfASale) {
  const std::string mine = token("till-1", kOld);
  ASSERT_EQ(send_sale(mine).status, 200);
  const std::string away = token("till-9", "the-secret-of-till-9");
  const auto unknown = get("/v1/receipts/till-1.3.7", away);
  const auto hidden = get("/v1/receipts/till-1.3.2", away);
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(wire::read_problem(hidden.body)->code, wire::kNoSale);
  EXPECT_EQ(unknown.status, 404) << "and cannot tell it from one that was never made";
  EXPECT_EQ(get("/v1/receipts/till-1.3.2").status, 401);
  EXPECT_EQ(get("/v1/receipts/till-1.3.2", kOld).status, 401) << "a secret is no token";
  EXPECT_EQ(get("/v1/receipts/till-1.3.1", mine).status, 404) << "an epoch is no sale";
  EXPECT_EQ(get("/v1/receipts/milk", mine).status, 400);
  token("till-1", kOld);
  EXPECT_EQ(get("/v1/receipts/till-1.3.2", mine).status, 409) << "fenced off by the newer login";
}

}  // namespace
}  // namespace tillrig::oms

#include "pos/base/json.hpp"
#include "sim/world/order.hpp"
#include "sim/world/till_lines.hpp"
#include "tests/sim/app/program.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <string>

namespace tillrig::app {
namespace {

// A cloud and a till as processes of this machine, talking over loopback.
class Processes : public ::testing::Test {
 protected:
  void start_oms(const std::string& listen = "127.0.0.1:0",
                 const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"oms", "--listen", listen, "--data", folder_ / "oms"};
    words.insert(words.end(), more.begin(), more.end());
    oms_ = std::make_unique<Program>(words);
    const std::string line = oms_->read_until("listening");
    const auto value = base::parse_json(line);
    ASSERT_TRUE(value) << line;
    port_ = base::get_int(value->as_object(), "port", 1, 65'535).value();
  }

  void start_till(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"till",
                                   "--name",
                                   "till-1",
                                   "--cloud",
                                   "127.0.0.1:" + std::to_string(port_),
                                   "--data",
                                   folder_ / "till-1",
                                   "--fixture",
                                   "fixtures/corner-shop.toml",
                                   "--pace",
                                   "10"};
    words.insert(words.end(), more.begin(), more.end());
    till_ = std::make_unique<Program>(words);
    ASSERT_FALSE(till_->read_until("register").empty());
  }

  base::Result<world::Reply> ask(const world::Order& order) {
    const std::int64_t id = ++last_id_;
    till_->write(order.line(id) + "\n");
    for (;;) {
      const std::string line = till_->read_until("\"id\":" + std::to_string(id));
      if (line.empty()) return base::fail(base::Code::timeout, "no answer");
      const auto said = world::read_till_line(line);
      if (!said) return base::Failure(said.error());
      if (const auto* const answered = std::get_if<world::Answered>(&*said)) return answered->reply;
    }
  }

  // Milk for cash; the sale's id.
  std::string sell_milk() {
    using world::Order;
    EXPECT_TRUE(ask(Order("enter").with("code", "milk")));
    EXPECT_TRUE(ask(Order("tender").with("kind", "cash").with("amount", 1000)));
    const auto sold = ask(Order("complete"));
    EXPECT_TRUE(sold) << sold.error().what;
    return sold ? sold->sale : "";
  }

  TestFolder folder_;
  std::unique_ptr<Program> oms_;
  std::unique_ptr<Program> till_;
  std::int64_t port_ = 0;
  std::int64_t last_id_ = 0;
};

TEST_F(Processes, BringASaleFromTheTillToTheCloud) {
  ASSERT_NO_FATAL_FAILURE(start_oms());
  ASSERT_NO_FATAL_FAILURE(start_till());
  const std::string sale = sell_milk();
  ASSERT_FALSE(sale.empty());
  EXPECT_FALSE(oms_->read_until("\"mark\":\"cloud.applied\",\"sale\":\"" + sale + "\"").empty());

  EXPECT_TRUE(ask(world::Order("close")));
  EXPECT_EQ(till_->wait().code, 0);
  oms_->signal(SIGTERM);
  const Ended ended = oms_->wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_NE(ended.out.find("\"ev\":\"stopped\""), std::string::npos) << ended.out;
}

TEST_F(Processes, KeepASaleAcrossAForceKillAndSendItThen) {
  ASSERT_NO_FATAL_FAILURE(start_oms());
  ASSERT_NO_FATAL_FAILURE(start_till());
  // The cloud is gone when the sale is made, and the till dies right after it.
  oms_->signal(SIGKILL);
  oms_->wait();
  const std::string sale = sell_milk();
  ASSERT_FALSE(sale.empty());
  till_->signal(SIGKILL);
  EXPECT_EQ(till_->wait().code, 128 + SIGKILL);

  ASSERT_NO_FATAL_FAILURE(start_oms("127.0.0.1:" + std::to_string(port_)));
  ASSERT_NO_FATAL_FAILURE(start_till());
  EXPECT_FALSE(oms_->read_until("\"mark\":\"cloud.applied\",\"sale\":\"" + sale + "\"").empty());
}

TEST_F(Processes, ATillWithTheSecretIsLetInAndTheSecretStandsInNoLine) {
  const std::string secrets =
      folder_.write("secrets", "till-1 the-secret-of-till-1\n@audit secret-of-the-auditors\n");
  const std::string mine = folder_.write("till-1.secret", "the-secret-of-till-1\n");
  ASSERT_NO_FATAL_FAILURE(start_oms("127.0.0.1:0", {"--secrets", secrets}));
  ASSERT_NO_FATAL_FAILURE(start_till({"--secret-file", mine}));
  const std::string sale = sell_milk();
  EXPECT_TRUE(ask(world::Order("close")));
  const Ended till = till_->wait();
  oms_->signal(SIGTERM);
  const Ended cloud = oms_->wait();
  EXPECT_NE(cloud.out.find("cloud.login"), std::string::npos) << cloud.out;
  for (const Ended& ended : {till, cloud}) {
    EXPECT_EQ((ended.out + ended.err).find("the-secret-of"), std::string::npos);
  }
}

TEST_F(Processes, ATillWithAnotherSecretIsToldSo) {
  const std::string secrets =
      folder_.write("secrets", "till-1 the-secret-of-till-1\n@audit secret-of-the-auditors\n");
  const std::string wrong = folder_.write("wrong.secret", "the-secret-of-till-2\n");
  ASSERT_NO_FATAL_FAILURE(start_oms("127.0.0.1:0", {"--secrets", secrets}));
  till_ = std::make_unique<Program>(std::vector<std::string>{
      "till", "--name", "till-1", "--cloud", "127.0.0.1:" + std::to_string(port_), "--data",
      folder_ / "till-1", "--fixture", "fixtures/corner-shop.toml", "--secret-file", wrong});
  EXPECT_NE(till_->read_until("first_login_needed").find("secret"), std::string::npos);
  EXPECT_FALSE(oms_->read_until("cloud.login_refused").empty());
}

TEST_F(Processes, TheCloudListensToOthersOnlyWhenItAsksForSecrets) {
  const auto run = [&](const std::string& listen, const std::string& secrets) {
    std::vector<std::string> words{"oms", "--listen", listen, "--data", folder_ / "oms"};
    if (!secrets.empty()) {
      words.insert(words.end(), {"--secrets", folder_.write("secrets", secrets)});
    }
    return run_program(words);
  };
  const std::string till = "till-1 the-secret-of-till-1\n";
  const std::string audit = "@audit secret-of-the-auditors\n";
  for (const auto& [listen, secrets] : {std::pair<std::string, std::string>("0.0.0.0:0", ""),
                                        {"0.0.0.0:0", till},
                                        {"0.0.0.0:0", audit},
                                        {":::0", ""},
                                        {"192.0.2.1:0", ""}}) {
    const Ended ended = run(listen, secrets);
    EXPECT_EQ(ended.code, 2) << listen << ' ' << secrets;
    EXPECT_NE(ended.err.find("--secrets"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("the-secret-of"), std::string::npos) << ended.err;
  }
  EXPECT_EQ(run("127.0.0.1:0", "till-1 short\n").code, 2);
  const std::string both = folder_.write("secrets", till + audit);
  oms_ = std::make_unique<Program>(std::vector<std::string>{
      "oms", "--listen", "0.0.0.0:0", "--data", folder_ / "oms", "--secrets", both});
  const std::string line = oms_->read_until("listening");
  for (const char* part :
       {R"("address":"0.0.0.0")", R"("till_secrets":1)", R"("audit_secret":1)"}) {
    EXPECT_NE(line.find(part), std::string::npos) << line;
  }
}

TEST_F(Processes, TillAnswersWhatIsNoRequestAndEndsOrderly) {
  ASSERT_NO_FATAL_FAILURE(start_oms());
  ASSERT_NO_FATAL_FAILURE(start_till());
  till_->write("this is no request\n");
  EXPECT_FALSE(till_->read_until("bad_input").empty());
  till_->write("{\"id\":5,\"do\":\"dance\"}\n");
  EXPECT_FALSE(till_->read_until("dance").empty());
  till_->signal(SIGTERM);
  EXPECT_EQ(till_->wait().code, 0);
}

TEST_F(Processes, TillEndsWithItsControlLine) {
  ASSERT_NO_FATAL_FAILURE(start_oms());
  ASSERT_NO_FATAL_FAILURE(start_till());
  EXPECT_EQ(till_->wait().code, 0);  // closes its input
}

}  // namespace
}  // namespace tillrig::app

// What the cloud says of the events that a till names, and who it is after a backup was put back.

#include "pos/wire/manifest.hpp"

#include "tests/pos/oms/cloud_bench.hpp"

#include <gtest/gtest.h>

namespace tillrig::oms {
namespace {

class ManifestTest : public CloudBench {
 protected:
  void SetUp() override {
    start();
    sold_ = {samples::sale(1), samples::sale(2)};
    up(sold_);
  }
  static wire::ManifestItem named(const wire::Event& event) {
    return {event.id.text(), wire::payload_hash(event).hex()};
  }
  base::HttpResponse ask(std::vector<wire::ManifestItem> items) {
    return post("/v1/sync/manifest", wire::write_json(wire::Manifest{std::move(items)}),
                login_.token);
  }
  std::vector<wire::Event> sold_;
};

TEST_F(ManifestTest, SaysWhatIsMissingAndWhatIsOtherAndChangesNothing) {
  const std::string before = audit_text();
  wire::ManifestItem other = named(sold_[1]);
  other.hash = wire::payload_hash(sold_[0]).hex();
  const wire::Event never = samples::sale(3);
  const auto response = ask({named(sold_[0]), other, named(never)});
  ASSERT_EQ(response.status, 200) << response.body;
  const auto answer = wire::read_manifest_answer(response.body);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->missing, std::vector<std::string>{never.id.text()});
  EXPECT_EQ(answer->different, std::vector<std::string>{sold_[1].id.text()});
  EXPECT_EQ(answer->count, 1U);
  EXPECT_EQ(answer->server_epoch, database_->identity().server_epoch);
  EXPECT_EQ(audit_text(), before);
}

TEST_F(ManifestTest, TellsATillOfItsOwnEventsAlone) {
  EXPECT_EQ(ask({named(samples::sale(1, "till-2"))}).status, 400);
}

TEST_F(ManifestTest, IsForTheNewestLogin) {
  const std::string old = login_.token;
  login_ = login();
  const std::string body = wire::write_json(wire::Manifest{{named(sold_[0])}});
  EXPECT_EQ(post("/v1/sync/manifest", body, old).status, 409);
  EXPECT_EQ(post("/v1/sync/manifest", body).status, 401);
}

TEST_F(ManifestTest, TakesAThousandAtATime) {
  EXPECT_EQ(ask(std::vector(wire::kManifestItems, named(sold_[0]))).status, 200);
  EXPECT_EQ(ask(std::vector(wire::kManifestItems + 1, named(sold_[0]))).status, 400);
}

TEST_F(ManifestTest, ACloudThatWasPutBackIsAnotherOneWithNewerLogins) {
  const std::string before = database_->identity().server_epoch;
  const std::uint64_t generation = login_.generation;
  for (const bool put_back : {true, false}) {
    stop();
    disk_ = std::make_unique<disk::VolumeDisk>(volume_);
    SqliteOptions options;
    options.put_back = put_back;
    database_ = open_sqlite(*disk_, entropy_, options).value();
    api_ = std::make_unique<Api>(*database_, clock_, recorder_, Rules());
    EXPECT_NE(database_->identity().server_epoch, before);
    EXPECT_EQ(held().size(), 2U);
  }
  EXPECT_EQ(ask({named(sold_[0])}).status, 401) << "no token of before is good";
  EXPECT_GT(login().generation, generation + 1000);
}

}  // namespace
}  // namespace tillrig::oms

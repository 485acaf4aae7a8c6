#include "pos/till/unsent.hpp"

#include "pos/base/json.hpp"
#include "tests/pos/till/till_rig.hpp"

// What the cloud has not got, written down for whoever carries it by hand (OUT-22).
namespace tillrig::till {
namespace {

class Unsent : public TillTest {
 protected:
  std::string text() {
    auto file = disk.open(kUnsentFile, ports::Disk::Mode::read);
    if (!file) return file.error().what;
    const auto size = (*file)->size();
    return std::string(*(*file)->read_at(0, static_cast<std::size_t>(*size)));
  }
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    std::string line;
    for (const char byte : text()) {
      if (byte != '\n') {
        line += byte;
        continue;
      }
      all.push_back(std::exchange(line, {}));
    }
    return all;
  }
};

TEST_F(Unsent, IsWrittenDownOldestFirstAsItWouldBeSent) {
  cloud.rule = [](const base::HttpRequest& request) -> std::optional<sync::ScriptedCloud::Reply> {
    if (request.target != "/v1/sync/up") return std::nullopt;
    return sync::ScriptedCloud::Reply{sync::ScriptedCloud::refusal(500)};
  };
  start();
  const auto first = sell({"milk"});
  const auto second = sell({"wine", "milk"});
  ASSERT_TRUE(first && second);
  const auto answered = handle(ExportUnsent());
  ASSERT_TRUE(answered) << answered.error().what;
  ASSERT_TRUE(answered->exported);
  EXPECT_EQ(answered->exported->file, kUnsentFile);
  EXPECT_EQ(answered->exported->value.minor, 2 * 129 + 999);
  EXPECT_EQ(answered->exported->sales, (std::vector{first->sale, second->sale}));
  const auto written = lines();
  ASSERT_EQ(written.size(), 2U);
  EXPECT_NE(written[0].find("\"sync\":\"queued\""), std::string::npos) << written[0];
  EXPECT_NE(written[0].find(first->sale), std::string::npos) << written[0];
  EXPECT_NE(written[1].find(second->sale), std::string::npos) << written[1];
  EXPECT_EQ(state().counters.pending, 3U) << "with the epoch's opening; nothing was taken out";
}

TEST_F(Unsent, IsAnEmptyFileWhenTheCloudHasAll) {
  start();
  ASSERT_TRUE(sell({"milk"}));
  pass(5s);
  const auto answered = handle(ExportUnsent());
  ASSERT_TRUE(answered && answered->exported);
  EXPECT_TRUE(answered->exported->sales.empty());
  EXPECT_EQ(text(), "");
}

}  // namespace
}  // namespace tillrig::till

#include "pos/wire/feed.hpp"

#include <gtest/gtest.h>

namespace tillrig::wire {
namespace {

Item widest() {
  Item item;
  item.sku = std::string(kTextBytes, '"');
  item.name = std::string(kTextBytes, '\\');
  item.code = std::string(kFeedCode, '"');
  item.price = Money{kMostAmount};
  item.tax = base::Rate{kMostRate};
  item.price_embedded = true;
  return item;
}

TEST(FeedJson, APageComesThroughWhole) {
  FeedPage page{"cloud-1", {}, 9, 12, 3};
  page.rows.push_back({4, "milk", 2, false, write_item({"milk", "Milk", "", Money{149}, {}})});
  page.rows.push_back({9, "wine \"7\"", 1, true, ""});
  const auto back = read_feed_page(write_json(page));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->rows, page.rows);
  EXPECT_EQ(back->epoch, "cloud-1");
  EXPECT_EQ(back->next, 9U);
  EXPECT_EQ(back->head, 12U);
  EXPECT_EQ(back->horizon, 3U);
}

TEST(FeedJson, TheWidestItemFitsIntoARowAndTheWidestPageIntoAnAnswer) {
  const std::string body = write_item(widest());
  EXPECT_LE(body.size(), kFeedBody);
  EXPECT_EQ(read_item(body).value(), widest());
  FeedPage page{"cloud-1", {}, kFeedRows, kFeedRows, 0};
  for (std::uint64_t v = 1; v <= kFeedRows; ++v) page.rows.push_back({v, "id", 1, false, body});
  EXPECT_LE(write_json(page).size(), kBodyLimit);
}

TEST(FeedJson, ReadsNoPageThatIsOutOfOrder) {
  const FeedRow one{1, "a", 1, true, ""};
  const FeedRow two{2, "b", 1, true, ""};
  const FeedPage wrong[] = {
      {"c", {two, one}, 2, 2, 0}, {"c", {one, one}, 2, 2, 0}, {"c", {one, two}, 1, 2, 0},
      {"c", {one}, 3, 2, 0},      {"c", {one}, 1, 2, 3},      {"", {one}, 1, 1, 0},
  };
  for (const FeedPage& page : wrong) {
    EXPECT_EQ(read_feed_page(write_json(page)).error().code, base::Code::bad_input);
  }
  FeedPage long_one{"c", {}, kFeedRows + 1, kFeedRows + 1, 0};
  for (std::uint64_t v = 1; v <= kFeedRows + 1; ++v) long_one.rows.push_back({v, "a", 1, true, ""});
  EXPECT_FALSE(read_feed_page(write_json(long_one)));
}

TEST(FeedJson, ReadsNoRowWithoutWhatItIsAbout) {
  for (const char* row :
       {R"({"v":1,"id":"a","rev":1,"deleted":0})", R"({"v":0,"id":"a","rev":1,"deleted":1})",
        R"({"v":1,"id":"","rev":1,"deleted":1})", R"({"v":1,"id":"a","rev":1,"deleted":2})",
        R"({"v":1,"id":"a","rev":1,"deleted":0,"body":[]})", "7"}) {
    const std::string page =
        fmt::format(R"({{"epoch":"c","rows":[{}],"next":1,"head":1,"horizon":0}})", row);
    EXPECT_FALSE(read_feed_page(page)) << row;
  }
}

}  // namespace
}  // namespace tillrig::wire

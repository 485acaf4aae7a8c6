// an outage in which something was sold is closed by a null receipt, where the shop wants it.
#include "pos/till/null_receipt.hpp"
#include "tests/pos/till/till_rig.hpp"

namespace tillrig::till {
namespace {

class OutageTest : public TillTest {
 protected:
  void open(bool fiscal = true) {
    Config with = config();
    with.null_receipt = fiscal;
    till = std::make_unique<Till>(ports, with, screen);
    kernel::spawn(rig.kernel, rig.till_lane, starting());
    pass(3s);
    ASSERT_TRUE(started) << started.error().what;
  }
  void line_goes() {
    cloud.rule = [](const base::HttpRequest&) { return sync::ScriptedCloud::Reply{{}, {}, true}; };
    pass(30s);
  }
  void line_is_back() {
    cloud.rule = nullptr;
    pass(1min);
  }
  [[nodiscard]] std::size_t closed() const {
    std::size_t times = 0;
    for (const Shown& shown : screen.all) {
      const auto* booked = std::get_if<Booked>(&shown);
      times += booked != nullptr && booked->what == "outage_closed" ? 1 : 0;
    }
    return times;
  }
  // The event that is in the cloud under this id, as the till sent it.
  [[nodiscard]] bool in_cloud(const std::string& id) { return cloud.applied[id] == 1; }
};

TEST_F(OutageTest, IsClosedOnceWhenTheLineIsBackAndSomethingWasSold) {
  open();
  ASSERT_TRUE(sell({"milk"}));
  line_goes();
  ASSERT_TRUE(sell({"milk"}));
  ASSERT_TRUE(sell({"wine"}));
  EXPECT_EQ(closed(), 0U);
  line_is_back();
  ASSERT_EQ(closed(), 1U);
  EXPECT_TRUE(in_cloud(screen.last<Booked>()->event));
  ASSERT_TRUE(sell({"milk"}));
  line_goes();
  line_is_back();
  EXPECT_EQ(closed(), 1U) << "nothing was sold meanwhile";
}

TEST_F(OutageTest, IsNoneInAnyOtherShop) {
  open(false);
  line_goes();
  ASSERT_TRUE(sell({"milk"}));
  line_is_back();
  EXPECT_EQ(closed(), 0U);
}

TEST_F(OutageTest, IsClosedBeforeTheSaleInHandIsMade) {
  open();
  line_goes();
  ASSERT_TRUE(sell({"milk"}));
  ASSERT_TRUE(handle(Enter{"milk"}));
  line_is_back();
  EXPECT_EQ(closed(), 0U) << "somebody is being served";
  ASSERT_TRUE(tender(1'000));
  ASSERT_TRUE(handle(Complete()));
  EXPECT_EQ(closed(), 1U);
  const std::string event = screen.last<Booked>()->event;
  const auto sale = base::parse_event_id(screen.last<Completed>()->sale);
  EXPECT_LT(*base::parse_event_id(event), *sale);
}

TEST_F(OutageTest, GoesOnOverARestart) {
  open();
  line_goes();
  ASSERT_TRUE(sell({"milk"}));
  ASSERT_TRUE(handle(Close()));
  pass(10s);
  till.reset();
  open();
  line_is_back();
  EXPECT_EQ(closed(), 1U);
}

TEST_F(OutageTest, HasToBeReportedAfterTwoDaysUntilSomebodyHasReadIt) {
  open();
  ASSERT_TRUE(handle(SetLocalMode{true, ""}));
  ASSERT_TRUE(sell({"milk"}));
  pass(49h);
  ASSERT_TRUE(handle(SetLocalMode{false, ""}));
  pass(1min);
  ASSERT_EQ(closed(), 1U);
  const auto stands = [this] {
    const auto prompts = state().prompts;
    return std::any_of(prompts.begin(), prompts.end(),
                       [](const Prompt& each) { return each.id == "outage_report"; });
  };
  EXPECT_TRUE(stands());
  ASSERT_TRUE(handle(Close()));
  till.reset();
  open();
  EXPECT_TRUE(stands());
  ASSERT_TRUE(handle(Press{"outage_report", "OK"}));
  EXPECT_FALSE(stands());
}

TEST(NullReceipt, SaysWhatItClosesAndOpensNoDrawer) {
  const wire::OutageClosed closed{1'772'438'400'000, 1'772'442'000'500, 4};
  const Receipt paper = null_receipt({"till-1", 3, 42}, closed, Config(), true);
  std::string text;
  for (const ReceiptLine& line : paper.lines) text += line.left + "|" + line.right + "\n";
  EXPECT_EQ(text,
            "COPY|\nNULL RECEIPT|\nEvent till-1.3.42|\nFrom 2026-03-02 08:00:00 UTC|\n"
            "Until 2026-03-02 09:00:00 UTC|\nDocuments 4|\nTOTAL|0.00\n");
  EXPECT_FALSE(paper.open_drawer);
  EXPECT_EQ(paper.of, "till-1.3.42");
}

}  // namespace
}  // namespace tillrig::till

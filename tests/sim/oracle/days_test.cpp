// Business days in the oracle's own arithmetic, and what closes say of them.
#include "sim/oracle/days.hpp"

#include "sim/oracle/z_text.hpp"

#include <gtest/gtest.h>

namespace tillrig::oracle {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kOpens = 1'774'720'800'000;  // 2026-03-28 18:00

OrderEntry order(std::string what, std::int64_t hours, std::string id) {
  static std::uint64_t last = 0;
  OrderEntry entry;
  entry.at = Instant{0} + std::chrono::hours(hours);
  entry.order = ++last;
  entry.ended = ++last;
  entry.till = "till-1";
  entry.what = std::move(what);
  entry.outcome = OrderEntry::Outcome::done;
  entry.sale = std::move(id);
  return entry;
}

Tapes evenings() {
  Tapes tapes;
  tapes.wall_open_ms = kOpens;
  tapes.day_turns_ms = 10LL * 60 * 60 * 1000;
  tapes.orders = {order("open_day", 0, "till-1.1.2"), order("pay_out", 7, "till-1.1.3"),
                  order("close_day", 8, "till-1.1.4"), order("pay_in", 24, "till-1.1.5")};
  tapes.orders[0].fields.add("float", 10'000);
  tapes.orders[1].fields.add("amount", 2'500);
  tapes.orders[2].fields.add("counted", 7'400);
  tapes.orders[3].fields.add("amount", 100);
  return tapes;
}

TEST(Sessions, GoFromOneCloseToTheNextAndKeepTheDayOfTheirOpening) {
  const Tapes tapes = evenings();
  const Account account(tapes, {});
  const Life life(tapes);
  const Sessions sessions(tapes, account, life);
  ASSERT_EQ(sessions.all().size(), 2U);
  const DaySession& first = sessions.all()[0];
  EXPECT_EQ(first.day, "2026-03-28");
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(first.close, "till-1.1.4");
  EXPECT_EQ(first.sums.expected(), 7'500);
  EXPECT_EQ(first.booked.size(), 3U);
  EXPECT_EQ(first.booked[1].amount, -2'500);
  EXPECT_EQ(sessions.all()[1].day, "2026-03-29");
  EXPECT_EQ(sessions.all()[1].number, 0U);
}

TEST(Sessions, LeaveOutWhatADeadTillDidNotBook) {
  Tapes tapes = evenings();
  tapes.orders[2].outcome = OrderEntry::Outcome::unknown;
  tapes.orders[2].sale.clear();
  const Account account(tapes, {});
  const Life life(tapes);
  EXPECT_EQ(Sessions(tapes, account, life).all().size(), 1U);
  CloudEntry row;
  row.id = "till-1.1.4";
  row.till = "till-1";
  row.kind = "day_closed";
  tapes.cloud.push_back({Instant{0} + 30h, {row}});
  EXPECT_EQ(Sessions(tapes, account, life).all().size(), 2U);
}

TEST(ZReport, IsReadFromPaper) {
  Shop shop;
  shop.taxes = {{"A", 1'900, "VAT 19 %"}, {"B", 700, "VAT 7 %"}};
  const auto told = read_z_report(
      "Corner shop\nZ report 3\nClosed till-1.1.42\nDay 2026-03-02\nSales 12      34.56\n"
      "Refunds 1      -2.58\nGoods B VAT 7 %     31.98\nTax B VAT 7 %     2.09\n"
      "Tender cash    31.98\nFloat   100.00\nPaid in  0.00\nPaid out   -50.00\n"
      "Cash expected   81.98\nCash counted  81.48\nDifference   -0.50\n",
      2, shop);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->number, 3U);
  EXPECT_EQ(told->id, "till-1.1.42");
  EXPECT_EQ(told->sums.sales, 12U);
  EXPECT_EQ(told->sums.given_back, -258);
  EXPECT_EQ(told->sums.rates.at(700), (ReportSum{3'198, 209}));
  EXPECT_EQ(told->cash, 3'198);
  EXPECT_EQ(told->sums.paid_out, -5'000);
  EXPECT_EQ(told->expected, 8'198);
  EXPECT_EQ(told->counted, 8'148);
  EXPECT_FALSE(read_z_report("Receipt 1-0000001\nSale till-1.1.2\n", 2, shop));
}

TEST(ZReport, IsReadFromItsEvent) {
  const auto told = read_close(
      R"({"hlc":{"ms":1,"count":0},"wall":1,"day":"2026-03-02","number":2,"missing":0,"sales":1,)"
      R"("sold":129,"refunds":0,"given_back":0,"rates":[{"rate":700,"goods":129,"tax":8}],)"
      R"("tenders":[{"kind":"cash","amount":129}],"cash_float":0,"paid_in":0,"paid_out":0,)"
      R"("expected":129,"counted":100,"spans":[{"epoch":1,"first":2,"last":2}]})");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->number, 2U);
  EXPECT_EQ(told->cash, 129);
  EXPECT_EQ(told->sums.rates.at(700), (ReportSum{129, 8}));
  EXPECT_EQ(told->counted, 100);
  EXPECT_FALSE(read_close(R"({"day":"2026-03-02","number":1})"));
  EXPECT_FALSE(read_close("{"));
}

}  // namespace
}  // namespace tillrig::oracle

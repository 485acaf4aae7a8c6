#include "pos/till/z_report.hpp"

namespace tillrig::till {

using base::Money;

namespace {

using PaperStyle = ReceiptLine::Style;

// "A VAT 19 %" of a rate that the shop has a name for, else the rate.
std::string tax_words(const ShopText& shop, base::Rate rate) {
  for (const TaxName& tax : shop.taxes) {
    if (tax.rate == rate) return tax.code + " " + tax.name;
  }
  return base::format_quantity({rate.basis_points * 10}) + " %";
}

}  // namespace

Receipt z_report(const base::EventId& id, const wire::DayClosed& closed, const Config& config) {
  const base::Currency currency =
      base::find_currency(config.currency).value_or(base::Currency{config.currency, 2});
  Receipt paper;
  paper.of = id.text();
  paper.columns = config.shop.columns;
  paper.open_drawer = true;
  const auto put = [&](std::string left, std::string right = {},
                       PaperStyle style = PaperStyle::plain) {
    paper.lines.push_back({style, std::move(left), std::move(right)});
  };
  const auto amount = [&](std::string left, Money money) {
    put(std::move(left), base::format_money(money, currency));
  };
  if (!config.shop.header.empty()) put(config.shop.header.front(), {}, PaperStyle::title);
  put(fmt::format("Z report {}", closed.number), {}, PaperStyle::bold);
  put("Closed " + id.text());
  put("Day " + closed.day);
  amount(fmt::format("Sales {}", closed.sales), closed.sold);
  amount(fmt::format("Refunds {}", closed.refunds), closed.given_back);
  for (const wire::RateSum& sum : closed.rates) {
    const std::string words = tax_words(config.shop, sum.rate);
    amount("Goods " + words, sum.goods);
    amount("Tax " + words, sum.tax);
  }
  for (const wire::TenderSum& sum : closed.tenders) amount("Tender " + sum.kind, sum.amount);
  amount("Float", closed.cash_float);
  amount("Paid in", closed.paid_in);
  amount("Paid out", closed.paid_out);
  amount("Cash expected", closed.expected);
  amount("Cash counted", closed.counted);
  amount("Difference", closed.counted - closed.expected);
  if (closed.missing > 0) put(fmt::format("Missing {}", closed.missing));
  return paper;
}

}  // namespace tillrig::till

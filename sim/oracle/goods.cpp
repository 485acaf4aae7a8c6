#include "sim/oracle/goods.hpp"

#include "sim/oracle/amount.hpp"
#include "sim/oracle/printed.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::oracle {
namespace {

class Comparison {
 public:
  Comparison(const Evidence& evidence, const Document& document, const Due& due,
             Difference& difference)
      : evidence_(evidence), document_(document), due_(due), difference_(difference) {}

  void run() {
    if (document_.acked != nullptr) total("on the screen", document_.acked->amount);
    for (const Receipt* paper : document_.papers) receipt(paper->text);
    if (document_.shown != nullptr) total("in Register Sales", document_.shown->total);
    if (document_.cloud != nullptr) cloud();
  }

 private:
  void total(std::string_view where, std::int64_t seen) {
    difference_.amount(evidence_, "a total of", due_.bill.total, seen, where);
  }

  [[nodiscard]] std::string text(const BillLine& line, std::size_t number) const {
    std::string text = fmt::format("line {}, {}: {} x {} is {}", number, line.item->name,
                                   amount_text(line.quantity, 3), evidence_.money(line.unit),
                                   evidence_.money(line.total));
    if (line.discount != 0) text += " after " + evidence_.money(line.discount) + " off";
    return text;
  }

  // Line by line, quantity and total; what else there is is compared where it is seen.
  template <class Line>
  void lines(std::string_view where, const std::vector<Line>& seen) {
    const std::vector<BillLine>& lines = due_.bill.lines;
    for (std::size_t i = 0; i < std::min(lines.size(), seen.size()); ++i) {
      if (seen[i].quantity == lines[i].quantity && seen[i].total == lines[i].total) continue;
      difference_.note(text(lines[i], i + 1),
                       fmt::format("{} is {} {}", amount_text(seen[i].quantity, 3),
                                   evidence_.money(seen[i].total), where));
    }
    if (seen.size() == lines.size()) return;
    const bool more = seen.size() > lines.size();
    difference_.note(
        fmt::format("{} lines{}", lines.size(),
                    more ? "" : "; missing is " + text(lines[seen.size()], seen.size() + 1)),
        fmt::format("{} {}", seen.size(), where));
  }

  void receipt(const ReceiptText& paper) {
    const std::string_view where = paper.copy ? "on the copy" : "on the receipt";
    lines(where, paper.items);
    for (std::size_t i = 0; i < std::min(paper.items.size(), due_.bill.lines.size()); ++i) {
      const ReceiptText::Item& seen = paper.items[i];
      const BillLine& right = due_.bill.lines[i];
      if (-seen.discount != right.discount) {
        difference_.note(text(right, i + 1),
                         fmt::format("{} off {}", evidence_.money(-seen.discount), where));
      }
      if (!printed_as(seen.name, right.item->name)) {
        difference_.note(text(right, i + 1), fmt::format("{} {}", seen.name, where));
      }
    }
    if (paper.subtotal) {
      const std::int64_t right =
          due_.bill.total - (evidence_.tapes.shop.prices_include_tax ? 0 : due_.bill.tax);
      difference_.amount(evidence_, "a subtotal of", right, *paper.subtotal, where);
    }
    if (paper.total) total(where, *paper.total);
    if (due_.refund) difference_.text("goods of", due_.of, paper.of, where);
    if (const auto day = evidence_.sessions->day_of(document_.id); !day.empty()) {
      difference_.text("the day", day, paper.day, where);
    }
  }

  void cloud() {
    constexpr std::string_view kWhere = "in the cloud";
    total(kWhere, document_.cloud->total);
    if (due_.refund) difference_.text("goods of", due_.of, document_.cloud->of, kWhere);
    const auto held = read_sent_document(evidence_.body_in_cloud(document_.id));
    if (!held) return;
    lines(kWhere, held->lines);
    for (std::size_t i = 0; i < std::min(held->lines.size(), due_.bill.lines.size()); ++i) {
      line(held->lines[i], i + 1);
    }
    total(kWhere, held->total);
    difference_.text("the currency", evidence_.tapes.currency, held->currency, kWhere);
    if (const auto day = evidence_.sessions->day_of(document_.id); !day.empty()) {
      difference_.text("the day", day, held->day, kWhere);
    }
  }

  void line(const SentLine& seen, std::size_t number) {
    const BillLine& right = due_.bill.lines[number - 1];
    const bool same = seen.sku == right.item->sku && seen.unit_price == right.unit &&
                      seen.discount == right.discount && seen.of_line == right.of_line;
    if (same) return;
    difference_.note(text(right, number),
                     fmt::format("{} at {}, {} off in the cloud", seen.sku,
                                 evidence_.money(seen.unit_price), evidence_.money(seen.discount)));
  }

  const Evidence& evidence_;
  const Document& document_;
  const Due& due_;
  Difference& difference_;
};

}  // namespace

void compare_goods(const Evidence& evidence, const Document& document, const Due& due,
                   Difference& difference) {
  Comparison(evidence, document, due, difference).run();
}

}  // namespace tillrig::oracle

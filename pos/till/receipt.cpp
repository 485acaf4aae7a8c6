#include "pos/till/receipt.hpp"

#include "devices/printer/code_page.hpp"
#include "devices/printer/protocol.hpp"
#include "pos/till/paper_layout.hpp"
#include "pos/wire/purse.hpp"

#include <algorithm>
#include <map>

namespace tillrig::till {
namespace {

using base::Money;
using Style = ReceiptLine::Style;

const base::Mutant kQuantityUnprinted{"quantity_unprinted", "INV-41",
                                      "a fault planted by a reviewer",
                                      "each line is printed as one piece"};

const base::Mutant kRefundNamesItself{"refund_names_itself", "INV-44",
                                      "refunds that an auditor cannot match to their sales",
                                      "the paper of a refund does not name the sale it is of"};

const base::Mutant kRateATenth{"rate_a_tenth", "INV-42", "a fault planted by a reviewer",
                               "a rate of tax without a name is printed as a tenth of it"};
const base::Mutant kAllCopies{"all_are_copies", "INV-45", "a fault planted by a reviewer",
                              "each receipt says that it is a copy"};

// "VAT 19 %" of a rate that the shop has no name for.
std::string plain_name(base::Rate rate, const base::Mutants& mutants) {
  const std::int64_t each = kRateATenth.on(mutants) ? 1 : 10;
  std::string text = base::format_quantity({rate.basis_points * each});
  return text + " %";
}

class Composer {
 public:
  Composer(const wire::Event& event, const wire::Document& document, const ShopText& shop,
           const base::Mutants& mutants)
      : event_(event),
        document_(document),
        shop_(shop),
        currency_(
            base::find_currency(document.currency).value_or(base::Currency{document.currency, 2})),
        taxes_(shop.taxes),
        one_each_(kQuantityUnprinted.on(mutants)),
        all_copies_(kAllCopies.on(mutants)),
        of_(kRefundNamesItself.on(mutants) ? event.id.text() : document.of) {
    name_other_rates(mutants);
  }

  Receipt compose(bool offline, bool copy, std::optional<std::int64_t> points) {
    receipt_.of = event_.id.text();
    receipt_.columns = shop_.columns;
    receipt_.copy = copy;
    receipt_.open_drawer = !copy;
    for (std::size_t i = 0; i < shop_.header.size(); ++i) {
      put(i == 0 ? Style::title : Style::centred, shop_.header[i]);
    }
    put(Style::plain, "");
    identity();
    put(Style::plain, "");
    for (const wire::Line& line : document_.lines) item(line);
    put(Style::plain, "");
    totals();
    payments();
    put(Style::plain, "");
    if (points) {
      const std::int64_t earned = event_.tail.get(wire::kPoints).value_or(0);
      put(Style::plain, "Points for this sale", std::to_string(earned));
      put(Style::plain, "Points in all", std::to_string(*points));
    }
    if (offline) put(Style::centred, "Offline receipt: not yet sent to the cloud");
    for (const std::string& line : shop_.footer) put(Style::centred, line);
    return std::move(receipt_);
  }

 private:
  void put(Style style, std::string left, std::string right = {}) {
    receipt_.lines.push_back({style, std::move(left), std::move(right)});
  }

  [[nodiscard]] std::string money(Money amount) const {
    return base::format_money(amount, currency_);
  }

  // Rates without a name get the next letters, the highest first.
  void name_other_rates(const base::Mutants& mutants) {
    std::map<std::int64_t, bool, std::greater<>> unnamed;
    for (const wire::Line& line : document_.lines) {
      if (code_of(line.tax_rate).empty()) unnamed[line.tax_rate.basis_points] = true;
    }
    for (const auto& [points, is] : unnamed) {
      const auto letter = static_cast<char>('A' + std::min<std::size_t>(taxes_.size(), 25));
      taxes_.push_back({std::string(1, letter), plain_name({points}, mutants), {points}});
    }
  }

  [[nodiscard]] std::string_view code_of(base::Rate rate) const {
    for (const TaxName& tax : taxes_) {
      if (tax.rate == rate) return tax.code;
    }
    return {};
  }

  void identity() {
    const bool refund = event_.kind == wire::EventKind::refund;
    if (receipt_.copy || all_copies_) put(Style::bold, shop_.copy_mark);
    const base::ReceiptNumber number{event_.id.epoch, document_.number};
    put(Style::plain, "Receipt " + number.text());
    put(Style::plain, (refund ? "Refund " : "Sale ") + event_.id.text());
    if (refund) put(Style::plain, "of " + of_);
    put(Style::plain, "Day " + document_.day);
  }

  void item(const wire::Line& line) {
    const base::Quantity quantity = one_each_ ? base::Quantity{1000} : line.quantity;
    put(Style::plain, "  " + base::format_quantity(quantity) + " x " + line.name,
        money(line.total) + " " + std::string(code_of(line.tax_rate)));
    if (line.discount != Money{}) {
      put(Style::plain, "    discount inside", money(-line.discount));
    }
  }

  void taxes() {
    for (const TaxName& tax : taxes_) {
      Money sum;
      bool any = false;
      for (const wire::Line& line : document_.lines) {
        if (line.tax_rate != tax.rate) continue;
        sum += line.tax;
        any = true;
      }
      if (any) put(Style::plain, "Tax " + tax.code + " " + tax.name, money(sum));
    }
  }

  void totals() {
    if (document_.on_top) {
      put(Style::plain, "Subtotal", money(document_.total - document_.tax));
      taxes();
    }
    put(Style::bold, "TOTAL", money(document_.total));
    if (!document_.on_top) taxes();
    if (document_.rounding != Money{}) put(Style::plain, "Rounding", money(document_.rounding));
  }

  void payments() {
    for (const wire::Payment& payment : document_.payments) {
      const wire::Purse* const purse = wire::purse_of_tender(payment.kind);
      const std::string_view called = purse != nullptr         ? purse->label
                                      : payment.kind == "cash" ? std::string_view("Cash")
                                      : payment.kind == "card" ? std::string_view("Card")
                                                               : std::string_view(payment.kind);
      put(Style::plain, std::string(called), money(payment.given));
      if (payment.change != Money{}) put(Style::plain, "Change", money(payment.change));
    }
  }

  const wire::Event& event_;
  const wire::Document& document_;
  const ShopText& shop_;
  base::Currency currency_;
  std::vector<TaxName> taxes_;
  bool one_each_ = false;
  bool all_copies_ = false;
  std::string of_;
  Receipt receipt_;
};

// The lines of paper that a line of the receipt takes.
std::vector<std::string> laid_out(const ReceiptLine& line, std::size_t columns) {
  constexpr std::size_t kIndent = 4;
  const auto page = printer::CodePage::cp858;
  const std::string left = printer::as_printed(page, line.left);
  if (line.style == Style::title || line.style == Style::centred) return wrapped(left, columns);
  return wrapped(left, printer::as_printed(page, line.right), columns, kIndent);
}

}  // namespace

Receipt compose(const wire::Event& event, const ShopText& shop, bool offline, bool copy,
                const base::Mutants& mutants, std::optional<std::int64_t> points) {
  const auto* document = std::get_if<wire::Document>(&event.body);
  if (document == nullptr) return {};
  return Composer(event, *document, shop, mutants).compose(offline, copy, points);
}

base::Bytes to_escpos(const Receipt& receipt) {
  printer::EscPos out;
  out.init();
  if (receipt.open_drawer) out.kick_drawer();
  if (receipt.lines.empty()) return out.take();
  for (const ReceiptLine& line : receipt.lines) {
    const bool centred = line.style == Style::title || line.style == Style::centred;
    const bool bold = line.style == Style::bold || line.style == Style::title;
    // Twice as wide, where that goes into one line.
    const bool large =
        line.style == Style::title && printer::count_characters(line.left) <= receipt.columns / 2;
    if (centred) out.align(printer::Align::center);
    if (bold) out.bold(true);
    if (large) out.double_size(true);
    for (const std::string& text : laid_out(line, receipt.columns)) out.line(text);
    if (large) out.double_size(false);
    if (bold) out.bold(false);
    if (centred) out.align(printer::Align::left);
  }
  out.feed(3);
  out.cut();
  return out.take();
}

}  // namespace tillrig::till

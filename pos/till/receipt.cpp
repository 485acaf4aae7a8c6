#include "pos/till/receipt.hpp"

#include "devices/printer/protocol.hpp"
#include "pos/base/money.hpp"

namespace tillrig::till {
namespace {

using base::Money;
using Style = ReceiptLine::Style;

void put(Receipt& receipt, Style style, std::string left, std::string right = {}) {
  receipt.lines.push_back({style, std::move(left), std::move(right)});
}

std::size_t columns_of(std::string_view utf8) {
  std::size_t columns = 0;
  for (const char c : utf8) columns += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
  return columns;
}

std::string cut_to(std::string_view utf8, std::size_t columns) {
  std::size_t seen = 0;
  std::size_t i = 0;
  while (i < utf8.size()) {
    const bool starts = (static_cast<unsigned char>(utf8[i]) & 0xc0U) != 0x80U;
    if (starts && seen == columns) break;
    seen += starts ? 1 : 0;
    ++i;
  }
  return std::string(utf8.substr(0, i));
}

// Left and right on one line of paper; what does not fit is cut from the left text.
std::string laid_out(const ReceiptLine& line) {
  if (line.style == Style::title) return cut_to(line.left, kPaperColumns / 2);  // twice as wide
  if (line.style == Style::centred) return cut_to(line.left, kPaperColumns);
  if (line.right.empty()) return cut_to(line.left, kPaperColumns);
  const std::size_t right = columns_of(line.right);
  const std::size_t room = kPaperColumns > right + 1 ? kPaperColumns - right - 1 : 0;
  std::string out = cut_to(line.left, room);
  out.append(kPaperColumns - columns_of(out) - right, ' ');
  return out + line.right;
}

std::string cash_word(const wire::Payment& payment) {
  return payment.kind == "cash" ? "Cash" : payment.kind;
}

}  // namespace

Receipt compose(const wire::Event& event, const ShopText& shop, bool offline, bool copy) {
  Receipt receipt;
  const auto* document = std::get_if<wire::Document>(&event.body);
  if (document == nullptr) return receipt;
  const base::Currency currency =
      base::find_currency(document->currency).value_or(base::Currency{document->currency, 2});
  const auto money = [&](Money amount) { return base::format_money(amount, currency); };
  const bool refund = event.kind == wire::EventKind::refund;

  for (std::size_t i = 0; i < shop.header.size(); ++i) {
    put(receipt, i == 0 ? Style::title : Style::centred, shop.header[i]);
  }
  put(receipt, Style::plain, "");
  if (copy) put(receipt, Style::bold, "COPY");
  const base::ReceiptNumber number{event.id.epoch, document->number};
  put(receipt, Style::plain, "Receipt " + number.text());
  put(receipt, Style::plain, (refund ? "Refund " : "Sale ") + event.id.text());
  if (refund) put(receipt, Style::plain, "of " + document->of);
  put(receipt, Style::plain, "Day " + document->day);
  put(receipt, Style::plain, "");
  for (const wire::Line& line : document->lines) {
    put(receipt, Style::plain, "  " + base::format_quantity(line.quantity) + " x " + line.name,
        money(line.total));
    if (line.discount != Money{}) {
      put(receipt, Style::plain, "    discount inside", money(-line.discount));
    }
  }
  put(receipt, Style::plain, "");
  put(receipt, Style::bold, "TOTAL", money(document->total));
  put(receipt, Style::plain, "Tax inside", money(document->tax));
  for (const wire::Payment& payment : document->payments) {
    put(receipt, Style::plain, cash_word(payment), money(payment.given));
    if (payment.change != Money{}) put(receipt, Style::plain, "Change", money(payment.change));
  }
  put(receipt, Style::plain, "");
  if (offline) put(receipt, Style::centred, "Offline receipt: not yet sent to the cloud");
  for (const std::string& line : shop.footer) put(receipt, Style::centred, line);
  receipt.open_drawer = !copy;
  return receipt;
}

base::Bytes to_escpos(const Receipt& receipt) {
  printer::EscPos out;
  out.init();
  if (receipt.open_drawer) out.kick_drawer();
  for (const ReceiptLine& line : receipt.lines) {
    const bool centred = line.style == Style::title || line.style == Style::centred;
    const bool bold = line.style == Style::bold || line.style == Style::title;
    if (centred) out.align(printer::Align::center);
    if (bold) out.bold(true);
    if (line.style == Style::title) out.double_size(true);
    out.line(laid_out(line));
    if (line.style == Style::title) out.double_size(false);
    if (bold) out.bold(false);
    if (centred) out.align(printer::Align::left);
  }
  out.feed(3);
  out.cut();
  return out.take();
}

}  // namespace tillrig::till

#include "sim/oracle/difference.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/printed.hpp"
#include "sim/oracle/sent_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tillrig::oracle::inv_42_tax_is_right {
namespace {

std::string percent(std::int64_t rate) {
  return rate % 100 == 0 ? fmt::format("{} %", rate / 100)
                         : fmt::format("{}.{:02} %", rate / 100, rate % 100);
}

class Comparison {
 public:
  Comparison(const Evidence& evidence, const Document& document, const Due& due)
      : evidence_(evidence), document_(document), due_(due) {}

  void run(Judgement& judgement) {
    if (document_.cloud == nullptr && document_.papers.empty()) return;
    ++judgement.judged;
    for (const Receipt* paper : document_.papers) receipt(paper->text);
    if (document_.cloud != nullptr) cloud();
    std::move(difference_)
        .tell(evidence_, document_, &due_,
              fmt::format("The tax of {} is wrong.", evidence_.name(document_.id)), judgement);
  }

 private:
  void rate(std::int64_t rate, std::int64_t seen, std::string_view where) {
    const auto at = due_.bill.tax_by_rate.find(rate);
    const std::int64_t right = at == due_.bill.tax_by_rate.end() ? 0 : at->second;
    if (seen == right) return;
    difference_.note(fmt::format("{} at {}", evidence_.money(right), percent(rate)),
                     fmt::format("{} {}", evidence_.money(seen), where));
  }

  // The code of a rate by the shop's table; where that has none, by what stands beside the lines.
  [[nodiscard]] std::map<std::string, std::int64_t> rates(const ReceiptText& paper) const {
    std::map<std::string, std::int64_t> by_code;
    for (const ShopTax& tax : evidence_.tapes.shop.taxes) by_code[tax.code] = tax.rate;
    for (std::size_t i = 0; i < std::min(paper.items.size(), due_.bill.lines.size()); ++i) {
      by_code.emplace(paper.items[i].tax, due_.bill.lines[i].item->rate);
    }
    return by_code;
  }

  void receipt(const ReceiptText& paper) {
    const auto by_code = rates(paper);
    for (std::size_t i = 0; i < std::min(paper.items.size(), due_.bill.lines.size()); ++i) {
      const BillLine& line = due_.bill.lines[i];
      const auto known = by_code.find(paper.items[i].tax);
      if (known != by_code.end() && known->second == line.item->rate) continue;
      difference_.note(fmt::format("the code of {} beside line {}, {}", percent(line.item->rate),
                                   i + 1, line.item->name),
                       fmt::format("\"{}\" on the receipt", paper.items[i].tax));
    }
    for (const ShopTax& tax : evidence_.tapes.shop.taxes) {
      const auto name = paper.tax_names.find(tax.code);
      if (name == paper.tax_names.end() || tax.name.empty()) continue;
      if (printed_as(name->second, tax.name)) continue;
      difference_.note(fmt::format("tax {} called \"{}\"", tax.code, tax.name),
                       fmt::format("\"{}\" on the receipt", name->second));
    }
    unnamed(paper, by_code);
    for (const auto& [code, amount] : paper.taxes) {
      const auto known = by_code.find(code);
      if (known != by_code.end()) rate(known->second, amount, "on the receipt");
    }
    for (const auto& [points, amount] : due_.bill.tax_by_rate) {
      bool shown = false;
      for (const auto& [code, known] : by_code) {
        shown = shown || (known == points && paper.taxes.contains(code));
      }
      if (shown) continue;
      difference_.note(fmt::format("a line of tax for {}", percent(points)), "none on the receipt");
    }
  }

  // A rate that the shop has no name for is printed as it is.
  void unnamed(const ReceiptText& paper, const std::map<std::string, std::int64_t>& by_code) {
    for (const auto& [code, name] : paper.tax_names) {
      const auto known = by_code.find(code);
      if (known == by_code.end()) continue;
      const auto& taxes = evidence_.tapes.shop.taxes;
      const bool named = std::any_of(taxes.begin(), taxes.end(),
                                     [&](const ShopTax& tax) { return tax.code == code; });
      std::string plain = fmt::format("{:.2f}", static_cast<double>(known->second) / 100);
      plain.erase(plain.find_last_not_of('0') + 1);
      if (plain.back() == '.') plain.pop_back();
      plain += " %";
      if (named || name == plain) continue;
      difference_.note(fmt::format("tax {} called \"{}\"", code, plain),
                       fmt::format("\"{}\" on the receipt", name));
    }
  }

  void cloud() {
    if (document_.cloud->tax != due_.bill.tax) {
      difference_.note(evidence_.money(due_.bill.tax) + " in all",
                       evidence_.money(document_.cloud->tax) + " in the cloud");
    }
    const auto sent = read_sent_document(evidence_.body_in_cloud(document_.id));
    if (!sent) return;
    std::map<std::int64_t, std::int64_t> by_rate;
    for (const SentLine& line : sent->lines) by_rate[line.tax_rate] += line.tax;
    for (const auto& [points, amount] : by_rate) rate(points, amount, "in the cloud");
  }

  const Evidence& evidence_;
  const Document& document_;
  const Due& due_;
  Difference difference_;
};

Judgement check(const Evidence& evidence) {
  Judgement judgement;
  tell_oddities(evidence, {Oddity::Kind::tax}, judgement);
  for (const Document& document : evidence.documents) {
    const Due* const due = evidence.account->find(document.id);
    // Where nothing was left to give back, INV-44 says so.
    if (due == nullptr || due->bill.lines.empty()) continue;
    Comparison(evidence, document, *due).run(judgement);
  }
  return judgement;
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-42",
               .doc = "Tax is right by rate: on the screen, on the receipt and in the cloud, of "
                      "sales and of what is given "
                      "back, as it follows from the goods and the shop's rules.",
               .params = {},
               .example = "waive = { INV-42 = \"why it cannot hold here\" }"},
              "when quiet",
              "safety",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_42_tax_is_right

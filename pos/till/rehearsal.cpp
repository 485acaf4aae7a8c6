#include "pos/till/rehearsal.hpp"

#include <array>
#include <utility>

namespace tillrig::till {

using base::Code;
using base::fail;
using base::Failure;

namespace {

constexpr std::string_view kPaper = "rehearsal";  // in the place of a document's id

constexpr std::array<std::string_view, 6> kActs = {
    "local mode was on",   "goods were searched and found", "a customer was searched and found",
    "a label was scanned", "a sale was paid and finished",  "its paper was printed",
};

const base::Mutant kInTheBooks{"rehearsal_in_the_books", "INV-53", "domain 1.4, SM-28",
                               "a sale of a rehearsal is a sale like any other"};
const base::Mutant kPaperUnmarked{"rehearsal_unmarked", "INV-53", "domain 1.4, SM-28",
                                  "the paper of a rehearsal does not say that it is none"};

}  // namespace

Result<void> Rehearsal::begin() {
  if (on_) return fail(Code::not_allowed, "a rehearsal is under way already");
  on_ = !kInTheBooks.on(parts_.config.mutants);
  tried_.reset();
  if (parts_.service.local_mode().on()) tried(Act::local_mode);
  parts_.screen.show(shown());
  return {};
}

Result<void> Rehearsal::end() {
  if (!on_ && !kInTheBooks.on(parts_.config.mutants)) {
    return fail(Code::not_allowed, "no rehearsal is under way");
  }
  on_ = false;
  parts_.screen.show(shown());
  return {};
}

RehearsalShown Rehearsal::shown() const {
  RehearsalShown shown;
  shown.on = on_;
  for (std::size_t i = 0; i < kActs.size(); ++i) {
    (tried_[i] ? shown.passed : shown.missing).emplace_back(kActs[i]);
  }
  return shown;
}

void Rehearsal::tried(Act act) {
  if (on_) tried_.set(static_cast<std::size_t>(act));
}

bool Rehearsal::printed(std::string_view document) {
  if (document != kPaper) return false;
  tried(Act::receipt);
  return true;
}

Result<void> Rehearsal::may_be_real() const {
  if (!on_) return {};
  return fail(Code::not_allowed, "this is a rehearsal: end it first");
}

Result<void> Rehearsal::sell(Cart& cart) {
  const auto document = cart.document(parts_.config.currency, parts_.config.day);
  if (!document) {
    parts_.refuse(document.error());
    return Failure(document.error());
  }
  tried(Act::sell);
  if (parts_.service.local_mode().on()) tried(Act::local_mode);
  print(*document);
  cart.clear();
  return {};
}

void Rehearsal::print(const wire::Document& document) {
  using SlipStyle = ReceiptLine::Style;
  const auto& config = parts_.config;
  const auto currency =
      base::find_currency(config.currency).value_or(base::Currency{config.currency, 2});
  Receipt paper;
  paper.of = kPaper;
  paper.columns = config.shop.columns;
  const std::string mark = kPaperUnmarked.on(config.mutants) ? config.name : "REHEARSAL";
  paper.lines.push_back({SlipStyle::title, mark, ""});
  for (const wire::Line& line : document.lines) {
    paper.lines.push_back({SlipStyle::plain,
                           base::format_quantity(line.quantity) + " x " + line.name,
                           base::format_money(line.total, currency)});
  }
  paper.lines.push_back({SlipStyle::plain, "In all", base::format_money(document.total, currency)});
  paper.lines.push_back({SlipStyle::bold, mark + ": not a receipt", ""});
  for (const auto& device : parts_.devices) device->print(paper);
}

}  // namespace tillrig::till

#include "sim/oracle/amount.hpp"
#include "sim/oracle/evidence.hpp"
#include "sim/oracle/invariant.hpp"
#include "sim/oracle/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace tillrig::oracle::inv_45_each_has_its_receipt {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace)

constexpr base::Duration kPrintWithin = 10s;
constexpr base::Duration kWritten = 100ms;  // after an answer
constexpr std::size_t kForgotten = 16;      // receipts at most, by a till that lost its power

// The prompts of one till as its run leaves them, and what was ever asked.
struct Asked {
  std::map<std::string, std::string, std::less<>> standing;  // prompt, and what it says
  std::set<std::string, std::less<>> open;                   // receipts that are asked for now
  std::set<std::string, std::less<>> answered;               // and those that somebody spoke of
};

// Of each acknowledgement, whether its till counted itself connected then: it says so at each
// change, and does not before it has tried. Of a till that never says it nothing is known.
std::map<const CashierEntry*, bool> online_at(const Evidence& evidence) {
  struct Till {
    bool says = false;
    bool online = false;
    Life::Moment last;
  };
  std::map<std::string_view, Till> tills;
  std::map<const CashierEntry*, bool> known;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.kind == CashierEntry::Kind::connection) tills[entry.till].says = true;
  }
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    Till& till = tills[entry.till];
    if (!till.says) continue;
    const Life::Moment now{entry.at, entry.order};
    if (evidence.life.changed(entry.till, till.last, now)) till.online = false;
    till.last = now;
    if (entry.kind == CashierEntry::Kind::connection) {
      till.online = entry.text == "online" || entry.text == "suspect";
    } else if (entry.kind == CashierEntry::Kind::acknowledged) {
      known[&entry] = till.online;
    }
  }
  return known;
}

// The receipt numbers in a sentence.
std::set<std::string, std::less<>> numbers_in(std::string_view text) {
  constexpr std::string_view kOf = "0123456789-";
  std::set<std::string, std::less<>> found;
  while (true) {
    const std::size_t first = text.find_first_of(kOf);
    if (first == std::string_view::npos) return found;
    text.remove_prefix(first);
    const std::string_view word = text.substr(0, text.find_first_not_of(kOf));
    if (read_number(word)) found.emplace(word);
    text.remove_prefix(word.size());
  }
}

Asked asked_at(const Evidence& evidence, std::string_view till) {
  Asked asked;
  Life::Moment last;
  for (const CashierEntry& entry : evidence.tapes.cashier) {
    if (entry.till != till) continue;
    const Life::Moment now{entry.at, entry.order};
    if (evidence.life.changed(till, last, now)) {
      asked.standing.clear();
      asked.open.clear();
    }
    last = now;
    if (entry.kind == CashierEntry::Kind::prompt) {
      asked.standing[entry.code] = entry.text;
      if (entry.code == "receipt_missing") asked.open = numbers_in(entry.text);
    } else if (entry.kind == CashierEntry::Kind::pressed) {
      asked.standing.erase(entry.code);
      if (entry.code == "receipt_missing") asked.answered.merge(std::exchange(asked.open, {}));
    } else if (entry.kind == CashierEntry::Kind::other && entry.code == "prompt_closed") {
      const auto prompt = entry.facts.text("prompt");
      if (prompt) asked.standing.erase(std::string(*prompt));
    }
  }
  return asked;
}

// The letters and digits of a text that every printer has.
std::string plain_letters(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter) letters += c;
  }
  return letters;
}

// The first of the lines that is not on this part of the paper; empty: none is missing.
std::string missing_words(std::string_view paper, const std::vector<std::string>& lines) {
  const std::string there = plain_letters(paper);
  std::size_t at = 0;
  for (const std::string& line : lines) {
    const std::string letters = plain_letters(line);
    const std::size_t found = there.find(letters, at);
    if (found == std::string::npos) return line;
    at = found + letters.size();
  }
  return {};
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (line.ends_with(' ')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// Whether the shop writes this as one word, and never as two.
bool is_one_word(std::string_view front, std::string_view back,
                 const std::vector<std::string>& words) {
  const std::string whole = std::string(front) + std::string(back);
  const std::string apart = std::string(front) + " " + std::string(back);
  const auto has = [&](std::string_view text) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  };
  return !front.empty() && !back.empty() && has(whole) && !has(apart);
}

// The first line of this part that ends within a word of the shop although it is not full; empty:
// none does.
std::string_view broken_early(std::string_view part, std::size_t columns,
                              const std::vector<std::string>& words) {
  const std::vector<std::string_view> lines = lines_of(part);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (characters(lines[i]) >= columns) continue;
    std::string_view back = lines[i + 1];
    back.remove_prefix(std::min(back.find_first_not_of(' '), back.size()));
    const std::string_view front = lines[i].substr(lines[i].find_last_of(' ') + 1);
    if (is_one_word(front, back.substr(0, back.find(' ')), words)) return lines[i];
  }
  return {};
}

std::string number_of(const Document& document) {
  if (document.acked != nullptr) return document.acked->number;
  if (document.shown != nullptr) return document.shown->number;
  return document.receipt != nullptr ? document.receipt->text.number : std::string();
}

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : evidence_(evidence) {
    for (const Receipt& receipt : evidence.receipts) {
      if (receipt.text.copy) {
        copied_.insert(receipt.text.sale);
      } else {
        ++originals_[receipt.text.sale];
      }
    }
    printing_.insert(evidence.tapes.printers.begin(), evidence.tapes.printers.end());
    for (const PaperEntry& paper : evidence.tapes.paper) printing_.insert(paper.till);
  }

  void till(std::string_view till) {
    if (!printing_.contains(till)) return;  // it has no printer
    const Asked asked = asked_at(evidence_, till);
    // A till that blames its printer is believed where that was really in trouble.
    const bool held_up = asked.standing.contains("printer") &&
                         evidence_.life.faulted("printer", till, Instant{0}, evidence_.life.end());
    const bool asks = asked.standing.contains("receipt_missing");
    for (const Document& document : evidence_.documents) {
      // One that the till died over before it could beep stands all the same.
      const bool stands = document.acked != nullptr || document.shown != nullptr;
      if (document.till() != till || !stands) continue;
      ++judgement_.judged;
      const bool done = originals_.contains(document.id);
      const bool named =
          asked.answered.contains(number_of(document)) || asked.open.contains(number_of(document));
      const bool soon =
          document.acked != nullptr && evidence_.life.end() - document.at() < kPrintWithin;
      if (done || named || asks || held_up || soon || evidence_.life.ended(till)) continue;
      const bool unwanted = copied_.contains(document.id);
      add(document, document.at(), "{} was completed and has no receipt, and nobody was asked.",
          "a whole receipt, a copy that somebody wanted, or a prompt that asks for it",
          unwanted ? "a copy that nobody wanted" : "none of these");
    }
  }

  // A copy that somebody asked for comes out, and says that it is one.
  void copies() {
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> asked_for;  // by till
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.code != "receipt_missing") continue;
      if (entry.kind == CashierEntry::Kind::prompt) asked_for[entry.till] = numbers_in(entry.text);
      if (entry.kind != CashierEntry::Kind::pressed) continue;
      for (const Document& document : evidence_.documents) {
        const bool meant =
            document.till() == entry.till && asked_for[entry.till].contains(number_of(document));
        if (meant && entry.text == "Print a copy") copy(document, entry);
        if (meant && entry.text == "Print a copy") ++wishes_[document.id];
        if (meant && entry.text == "Not needed") no_copy(document, entry);
      }
    }
  }

  // And no more of them than somebody asked for.
  void copies_wanted() {
    for (const Document& document : evidence_.documents) {
      std::size_t came = 0;
      for (const Receipt* paper : document.papers) {
        if (!paper->text.copy) continue;
        ++judgement_.judged;
        const auto wished = wishes_.find(document.id);
        if (++came <= (wished == wishes_.end() ? 0 : wished->second)) continue;
        add(document, paper->paper->at, "A copy of {} came out that nobody asked for.",
            fmt::format("as many as \"Print a copy\" was pressed: {}", came - 1),
            fmt::format("{}", came));
        break;
      }
    }
  }

  // The question says what the receipt is over, or nothing of it.
  void asked_over() {
    constexpr std::string_view kOver = " over ";
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.kind != CashierEntry::Kind::prompt || entry.code != "receipt_missing") continue;
      const std::size_t over = entry.text.find(kOver);
      if (over == std::string::npos) continue;
      const auto numbers = numbers_in(std::string_view(entry.text).substr(0, over));
      for (const Document& document : evidence_.documents) {
        if (document.till() != entry.till || !numbers.contains(number_of(document))) continue;
        const Due* const due = evidence_.account->find(document.id);
        if (due == nullptr) continue;
        ++judgement_.judged;
        const std::string right = amount_text(due->bill.total, evidence_.tapes.exponent);
        if (entry.text.compare(over + kOver.size(), right.size(), right) == 0) continue;
        add(document, entry.at, "The question about the receipt of {} says another amount.", right,
            entry.text);
      }
    }
  }

  // Nobody is asked for a receipt that came out well before the till was started anew. What a power
  // cut or a bad disk took from the till's memory it may ask for again.
  void asked_in_vain() {
    std::set<std::string_view> told;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool asks = entry.kind == CashierEntry::Kind::prompt && entry.code == "receipt_missing";
      const Life& life = evidence_.life;
      if (!asks || life.lost_power(entry.till) || life.disk_faulted()) continue;
      const auto numbers = numbers_in(entry.text);
      for (const Document& document : evidence_.documents) {
        if (document.till() != entry.till || !numbers.contains(number_of(document))) continue;
        ++judgement_.judged;
        if (!known_to_be_printed(document, entry) || !told.insert(document.id).second) continue;
        add(document, entry.at, "{} was printed, and is asked for again after a start.",
            "no question about it", entry.text);
      }
    }
  }

  // After a power cut a till may ask again for what was printed, but not for more than it may have
  // kept unwritten.
  void asked_after_a_cut() {
    struct Till {
      Life::Moment last;
      std::set<std::string_view> again;  // since its last start
    };
    std::map<std::string_view, Till> tills;
    const Life& life = evidence_.life;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const bool asks = entry.kind == CashierEntry::Kind::prompt && entry.code == "receipt_missing";
      if (!asks || !life.lost_power(entry.till) || life.disk_faulted()) continue;
      Till& till = tills[entry.till];
      const Life::Moment now{entry.at, entry.order};
      if (life.changed(entry.till, std::exchange(till.last, now), now)) till.again.clear();
      const auto numbers = numbers_in(entry.text);
      for (const Document& document : evidence_.documents) {
        if (document.till() != entry.till || !numbers.contains(number_of(document))) continue;
        ++judgement_.judged;
        if (!known_to_be_printed(document, entry)) continue;
        if (!till.again.insert(document.id).second || till.again.size() != kForgotten + 1) continue;
        add(document, entry.at,
            "After a power cut {} is asked for, and too many that were printed.",
            fmt::format("at most {} questions about what was printed", kForgotten), entry.text);
      }
    }
  }

  // What nobody needs is not asked for again, however often the till is started.
  void asked_again() {
    struct Till {
      std::set<std::string, std::less<>> asked;                // by what stands on the screen
      std::map<std::string, Instant, std::less<>> not_needed;  // and since when
    };
    std::map<std::string_view, Till> tills;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      const Life& life = evidence_.life;
      if (life.lost_power(entry.till) || life.disk_faulted()) continue;
      Till& till = tills[entry.till];
      if (entry.kind == CashierEntry::Kind::prompt && entry.code == "receipt_missing") {
        till.asked = numbers_in(entry.text);
        for (const std::string& number : till.asked) {
          const auto at = till.not_needed.find(number);
          if (at != till.not_needed.end()) again(entry, number, at->second);
        }
      } else if (entry.code == "prompt_closed" && entry.facts.text("prompt") == "receipt_missing") {
        const bool kept = life.next_change(entry.till, entry.at) - entry.at > kWritten;
        if (entry.facts.text("button") != "Not needed" || !kept) continue;
        for (const std::string& number : till.asked) till.not_needed.emplace(number, entry.at);
        judgement_.judged += till.asked.size();
      }
    }
  }

  // Each has the shop's own words above and below, as far as paper has their letters.
  void whole() {
    const Shop& shop = evidence_.tapes.shop;
    for (const Document& document : evidence_.documents) {
      for (const Receipt* paper : document.papers) {
        ++judgement_.judged;
        const std::string_view text = paper->paper->text;
        const std::size_t number = text.rfind("Receipt " + paper->text.number);
        if (number == std::string_view::npos) continue;
        const std::string missing = missing_words(text.substr(0, number), shop.header) +
                                    missing_words(text.substr(number), shop.footer);
        broken(document, *paper, text.substr(0, number), shop.header);
        broken(document, *paper, text.substr(number), shop.footer);
        if (missing.empty()) continue;
        add(document, paper->paper->at, "The receipt of {} lacks words of the shop.",
            "\"" + missing + "\" on it", "a receipt without them");
      }
    }
  }

  // what was sold while the till was cut off is marked, and nothing else.
  void marks() {
    const auto online = online_at(evidence_);
    for (const Document& document : evidence_.documents) {
      if (document.acked == nullptr || document.receipt == nullptr) continue;
      const auto known = online.find(document.acked);
      if (known == online.end()) continue;
      ++judgement_.judged;
      const bool offline = !known->second;
      if (document.receipt->text.offline == offline) continue;
      add(document, document.receipt->paper->at, "The receipt of {} says another connection.",
          offline ? "the mark of an offline receipt" : "no mark of an offline receipt",
          offline ? "none" : "one");
    }
  }

  void originals() {
    for (const auto& [sale, times] : originals_) {
      ++judgement_.judged;
      if (times == 1) continue;
      Violation violation = evidence_.witness(sale);
      violation.what = fmt::format("{} has more than one original receipt.", evidence_.name(sale));
      violation.expected = "one; each further one marked as a copy";
      violation.seen = fmt::format("{}", times);
      judgement_.violations.push_back(std::move(violation));
    }
  }

  Judgement take() { return std::move(judgement_); }

 private:
  // Words of the shop go on in the next line only where there is no room left.
  void broken(const Document& document, const Receipt& paper, std::string_view part,
              const std::vector<std::string>& words) {
    std::size_t columns = 0;
    for (const std::string_view line : lines_of(paper.paper->text)) {
      columns = std::max(columns, characters(line));
    }
    const std::string_view line = broken_early(part, columns, words);
    if (line.empty()) return;
    add(document, paper.paper->at, "The receipt of {} breaks a word of the shop.",
        fmt::format("a line of {} characters before its next one", columns),
        "\"" + std::string(line) + "\"");
  }

  void copy(const Document& document, const CashierEntry& wanted) {
    ++judgement_.judged;
    bool came = false;
    for (const Receipt* paper : document.papers) {
      if (paper->paper->at < wanted.at) continue;
      came = true;
      if (paper->text.copy) continue;
      add(document, paper->paper->at, "The copy of {} does not say that it is one.",
          fmt::format("\"{}\" above its number", evidence_.tapes.shop.copy_mark),
          "a receipt like an original");
    }
    const Instant over =
        std::min(evidence_.life.end(), evidence_.life.next_change(wanted.till, wanted.at));
    const bool cut_off = over - wanted.at < kPrintWithin ||
                         asked_at(evidence_, wanted.till).standing.contains("printer");
    if (came || cut_off) return;
    add(document, wanted.at, "The copy of {} that was asked for did not come out.",
        "a copy on paper", "none");
  }

  void again(const CashierEntry& entry, const std::string& number, Instant since) {
    if (!told_again_.insert(number).second) return;
    Violation violation;
    violation.till = entry.till;
    violation.at = entry.at;
    violation.line = entry.line;
    violation.what =
        fmt::format("{} asks again for receipt {}, which nobody needs.", entry.till, number);
    violation.expected = fmt::format("\"Not needed\" of {} stands", moment_text(since));
    violation.seen = entry.text;
    judgement_.violations.push_back(std::move(violation));
  }

  // Whether a question about it stood open when the paper came, or was opened afterwards: then the
  // paper answers nothing.
  [[nodiscard]] bool in_doubt(const Document& document, const CashierEntry& asks, Instant at,
                              Instant anew) const {
    bool open = false;
    for (const CashierEntry& entry : evidence_.tapes.cashier) {
      if (entry.till != asks.till || entry.code != "receipt_missing" || entry.at >= anew) continue;
      if (entry.kind == CashierEntry::Kind::pressed && entry.at <= at) open = false;
      if (entry.kind != CashierEntry::Kind::prompt) continue;
      open = open || numbers_in(entry.text).contains(number_of(document));
    }
    return open;
  }

  // And its till too: nothing was wrong with its printer from before it came out.
  [[nodiscard]] bool known_to_be_printed(const Document& document, const CashierEntry& asks) const {
    return std::any_of(document.papers.begin(), document.papers.end(), [&](const Receipt* paper) {
      const Instant at = paper->paper->at;
      const Instant anew = evidence_.life.next_change(asks.till, at);
      const Instant before = std::max(at, Instant{0} + kPrintWithin) - kPrintWithin;
      const bool trouble = evidence_.life.faulted("printer", asks.till, before, anew);
      return anew <= asks.at && anew - at >= kPrintWithin && !trouble &&
             !in_doubt(document, asks, at, anew);
    });
  }

  void no_copy(const Document& document, const CashierEntry& pressed) {
    ++judgement_.judged;
    for (const Receipt* paper : document.papers) {
      if (paper->paper->at < pressed.at) continue;
      return add(document, paper->paper->at, "A copy of {} came out that nobody wanted.",
                 "none after \"Not needed\"", "a copy on paper");
    }
  }

  void add(const Document& document, Instant at, std::string_view what, std::string expected,
           std::string seen) {
    Violation violation = evidence_.witness(document.id);
    violation.at = at;
    violation.what = fmt::format(fmt::runtime(what), evidence_.name(document.id));
    violation.expected = std::move(expected);
    violation.seen = std::move(seen);
    judgement_.violations.push_back(std::move(violation));
  }

  const Evidence& evidence_;
  std::map<std::string, int, std::less<>> originals_;
  std::set<std::string, std::less<>> copied_;
  std::set<std::string, std::less<>> printing_;
  std::map<std::string_view, std::size_t> wishes_;  // for a copy
  std::set<std::string> told_again_;
  Judgement judgement_;
};

Judgement check(const Evidence& evidence) {
  Checker checker(evidence);
  for (const std::string_view till : evidence.tills) checker.till(till);
  checker.originals();
  checker.whole();
  checker.marks();
  checker.copies();
  checker.copies_wanted();
  checker.asked_over();
  checker.asked_in_vain();
  checker.asked_after_a_cut();
  checker.asked_again();
  return checker.take();
}

const words::Row<Invariant> kRow{
    Invariant{{.name = "INV-45",
               .doc = "Every completed document has its receipt: a whole one with all that the "
                      "shop has on it, or "
                      "a copy marked as one for each time that somebody wants it, or "
                      "the till asks for it; one original only, and no question about what was "
                      "printed or is not needed: after a power cut 16 at most. Words of the shop "
                      "are broken only at the edge of the paper.",
               .params = {},
               .example = "waive = { INV-45 = \"why it cannot hold here\" }"},
              "at the end",
              "safety",
              check}};

}  // namespace
}  // namespace tillrig::oracle::inv_45_each_has_its_receipt

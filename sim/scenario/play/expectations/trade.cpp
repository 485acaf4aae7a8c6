// What became of sales: at the till, on paper, in the cloud.
#include "pos/base/ids.hpp"
#include "sim/scenario/play/expectations/seen.hpp"
#include "sim/world/sold_before.hpp"

#include <algorithm>

namespace tillrig::scenario::trade {
namespace {

using words::Args;
using words::Kind;

// Whether a count asked for, exactly or as a least, is met.
bool counts(const Args& args, std::string_view key, std::uint64_t seen) {
  const bool exact = !args.has(key) || static_cast<std::uint64_t>(args.number(key)) == seen;
  const bool least =
      !args.has("at-least") || static_cast<std::uint64_t>(args.number("at-least")) <= seen;
  return exact && least;
}

std::string asked(const Args& args, std::string_view key) {
  if (args.has(key)) return fmt::format("{}", args.number(key));
  if (args.has("at-least")) return fmt::format("at least {}", args.number("at-least"));
  return "some";
}

const oracle::CashierEntry* acknowledgement(Stage& stage, std::string_view id) {
  for (const oracle::CashierEntry& entry : stage.bed().recording().tapes().cashier) {
    if (entry.kind == oracle::CashierEntry::Kind::acknowledged && entry.sale == id) return &entry;
  }
  return nullptr;
}

Awaitable<Result<Seen>> sale(Stage& stage, const Args& args) {
  const std::string which = args.text("sale");
  const std::string is = args.text("is");
  Sale* found = stage.sales.find(which, "", false);
  if (found == nullptr) {
    const std::string expected = fmt::format("the sale {} {}", which, is);
    co_return saw(false, expected, "no such sale was rung up");
  }
  if (found->state == Sale::State::unknown) {
    const std::string till = found->till;
    co_await stage.sales.resolve(till);
    found = stage.sales.find(which, "", false);
  }
  const std::string now(name(found->state));
  const bool either = is == "completed-or-absent" && (now == "completed" || now == "absent");
  Seen seen = saw(is.empty() || now == is || either, fmt::format("the sale {} is {}", which, is),
                  fmt::format("it is {}", now));
  seen.sale = found->id;
  for (const std::string_view key : {"total", "change"}) {
    if (!args.has(key) || !seen.holds) continue;
    const oracle::CashierEntry* const entry = acknowledgement(stage, found->id);
    const std::int64_t shown = entry == nullptr ? 0
                               : key == "total" ? entry->amount
                                                : entry->change;
    const std::string sale = seen.sale;
    seen = saw(entry != nullptr && shown == args.number(key),
               fmt::format("a {} of {} minor units", key, args.number(key)),
               entry == nullptr ? "it was never acknowledged" : fmt::format("{}", shown));
    seen.sale = sale;
  }
  seen.open = found->state == Sale::State::unknown;
  co_return seen;
}

// Whether a paper is of this document, by the line that names it.
bool is_of(const oracle::PaperEntry& paper, std::string_view id) {
  for (const std::string_view kind : {"Sale ", "Refund "}) {
    const std::string line = std::string(kind) + std::string(id);
    const std::size_t at = paper.text.find(line);
    if (at == std::string::npos) continue;
    const std::size_t end = at + line.size();
    if (end == paper.text.size() || paper.text[end] == '\n' || paper.text[end] == ' ') return true;
  }
  return false;
}

// The newest paper of a document; null: none was printed.
const oracle::PaperEntry* paper_of(const std::vector<oracle::PaperEntry>& papers,
                                   std::string_view id) {
  for (auto paper = papers.rbegin(); paper != papers.rend(); ++paper) {
    if (is_of(*paper, id)) return &*paper;
  }
  return nullptr;
}

// The newest of a till's documents that were acknowledged, or that a till died over and has all the
// same; empty: none.
std::string last_document(Stage& stage, const std::string& till) {
  const Sale* const sale = stage.sales.find("last", till, true);
  std::string newest = sale != nullptr ? sale->id : std::string();
  const auto& cashier = stage.bed().recording().tapes().cashier;
  for (auto entry = cashier.rbegin(); entry != cashier.rend(); ++entry) {
    const bool of_it = entry->till == till && !entry->sale.empty() &&
                       entry->kind == oracle::CashierEntry::Kind::acknowledged;
    if (!of_it) continue;
    const auto acknowledged = base::parse_event_id(entry->sale);
    const auto sold = base::parse_event_id(newest);
    if (!sold || (acknowledged && *acknowledged > *sold)) newest = entry->sale;
    break;
  }
  return newest;
}

Seen look_at(const oracle::PaperEntry* paper, const Args& args, std::string_view what) {
  if (paper == nullptr) return saw(false, fmt::format("the receipt of {}", what), "none");
  const std::string& text = paper->text;
  if (args.has("has") && text.find(args.text("has")) == std::string::npos) {
    return saw(false, fmt::format("\"{}\" on the receipt of {}", args.text("has"), what), text);
  }
  if (args.has("lacks") && text.find(args.text("lacks")) != std::string::npos) {
    return saw(false, fmt::format("no \"{}\" on the receipt of {}", args.text("lacks"), what),
               text);
  }
  return saw(true, {}, {});
}

// A receipt of one sale, or at a till of what was acknowledged there last: never of the one before.
Awaitable<Result<Seen>> receipt(Stage& stage, const Args& args) {
  std::string till = args.text("receipt");
  if (till.starts_with("sale:")) {
    const std::string which = till.substr(5);
    Sale* const sale = stage.sales.find(which, "", false);
    if (sale == nullptr) co_return saw(false, "the sale " + which, "no such sale was rung up");
    const auto papers = stage.bed().recording().paper_of(sale->till);
    Seen seen = look_at(paper_of(papers, sale->id), args, "the sale " + which);
    seen.sale = sale->id;
    co_return seen;
  }
  const auto paper = stage.bed().recording().paper_of(till);
  const std::uint64_t whole = static_cast<std::uint64_t>(std::count_if(
      paper.begin(), paper.end(), [](const oracle::PaperEntry& entry) { return entry.complete; }));
  if (args.has("count") || args.has("at-least")) {
    if (!counts(args, "count", whole)) {
      co_return saw(false, fmt::format("{} receipts at {}", asked(args, "count"), till),
                    fmt::format("{}", whole));
    }
  } else if (paper.empty()) {
    co_return saw(false, fmt::format("a receipt at {}", till), "none was printed");
  }
  if (!args.has("has") && !args.has("lacks")) co_return saw(true, {}, {});
  co_await stage.sales.resolve(till);
  const std::string id = last_document(stage, till);
  if (id.empty()) {
    co_return look_at(paper.empty() ? nullptr : &paper.back(), args, "the last document");
  }
  co_return look_at(paper_of(paper, id), args, id);
}

// How many documents of a till stand so: what a person would count. Its counters have the till's
// own events in them: of each epoch that it opened, what it booked of its days, what became of
// cards, and the outages that it closed; so the till is asked for the list only where those make
// the difference. One that cannot list them is believed.
Awaitable<std::uint64_t> documents(Stage& stage, std::string till, std::string sync,
                                   std::uint64_t wanted, std::uint64_t shown) {
  const auto& marks = stage.bed().recording().marks();
  const std::uint64_t own = marks.count("epoch.opened", till) + marks.count("day.booked", till) +
                            marks.count("outage.closed", till) +
                            2 * marks.count("payment.kept", till);  // some of them twice
  if (shown < wanted || shown > wanted + own) co_return shown;
  const world::Order ask = world::SoldBefore::ask_sales(stage.bed().setup());
  auto answer = co_await stage.bed().command(till, ask);
  if (!answer) co_return shown;
  const auto those =
      std::count_if(answer->sales.begin(), answer->sales.end(), [&](const world::SaleRow& row) {
        return row.sync == sync && (row.kind == "sale" || row.kind == "refund");
      });
  co_return static_cast<std::uint64_t>(those);
}

Awaitable<Result<Seen>> outbox(Stage& stage, const Args& args) {
  const std::string till = args.text("outbox");
  auto state = co_await stage.bed().state(till);
  if (!state) co_return base::Failure(state.error());
  world::Counters now = state->counters;
  const bool none = args.number("pending") == 0 && now.pending == 0;
  if (args.has("pending") && !none) {
    const auto wanted = static_cast<std::uint64_t>(args.number("pending"));
    const std::string queued = "queued";
    now.pending = co_await documents(stage, till, queued, wanted, now.pending);
  }
  if (args.has("uploaded")) {
    const auto wanted = static_cast<std::uint64_t>(args.number("uploaded"));
    const std::string acked = "acked";
    now.uploaded = co_await documents(stage, till, acked, wanted, now.uploaded);
  }
  const std::pair<std::string_view, std::uint64_t> shown[] = {
      {"pending", now.pending}, {"quarantined", now.quarantined}, {"uploaded", now.uploaded}};
  bool holds = true;
  std::string expected = fmt::format("{} with", till);
  for (const auto& [key, value] : shown) {
    if (!args.has(key)) continue;
    holds = holds && static_cast<std::uint64_t>(args.number(key)) == value;
    expected += fmt::format(" {} {}", key, args.number(key));
  }
  co_return saw(holds, expected,
                fmt::format("pending {} quarantined {} uploaded {}", now.pending, now.quarantined,
                            now.uploaded));
}

Awaitable<Result<Seen>> cloud(Stage& stage, const Args& args) {
  const std::string what = args.text("cloud");
  auto looked = co_await stage.bed().cloud_rows();
  if (!looked) co_return base::Failure(looked.error());
  const auto& rows = **looked;
  if (what.starts_with("sale:")) {
    const std::string which = what.substr(5);
    Sale* found = stage.sales.find(which, "", false);
    if (found != nullptr && found->state == Sale::State::unknown) {
      const std::string till = found->till;
      co_await stage.sales.resolve(till);
      found = stage.sales.find(which, "", false);
    }
    if (found == nullptr) co_return saw(false, "the sale " + which, "no such sale was rung up");
    const auto times = static_cast<std::uint64_t>(std::count_if(
        rows.begin(), rows.end(),
        [&](const oracle::CloudEntry& row) { return !found->id.empty() && row.id == found->id; }));
    const std::uint64_t wanted =
        args.text("is") == "absent" ? 0 : static_cast<std::uint64_t>(args.number("times", 1));
    const auto given_back = std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
      return row.kind == "refund" && !found->id.empty() && row.of == found->id;
    });
    if (args.has("refunds") && given_back != args.number("refunds")) {
      co_return saw(false, fmt::format("{} refunds of the sale {}", args.number("refunds"), which),
                    fmt::format("{}", given_back));
    }
    Seen seen =
        saw(times == wanted, fmt::format("the sale {} {} times in the cloud", which, wanted),
            fmt::format("{} times", times));
    seen.sale = found->id;
    if (found->state == Sale::State::unknown) {  // its id is not known: nothing was looked for
      seen = saw(false, seen.expected, "nobody knows its id");
      seen.open = true;
    }
    co_return seen;
  }
  const auto count = static_cast<std::uint64_t>(std::count_if(
      rows.begin(), rows.end(),
      [&](const oracle::CloudEntry& row) { return what == "events" || row.kind + "s" == what; }));
  co_return saw(counts(args, "count", count),
                fmt::format("{} {} in the cloud", asked(args, "count"), what),
                fmt::format("{}", count));
}

Awaitable<Result<Seen>> mark(Stage& stage, const Args& args) {
  const auto point = parse_mark(args.text("mark"));
  world::Recording& recording = stage.bed().recording();
  std::uint64_t met = 0;
  if (point && !point->lane.empty()) {
    met = recording.marks().count(point->mark, point->lane);
  } else if (point) {
    std::vector<std::string> lanes = stage.plan().setup.tills;
    lanes.emplace_back("cloud");
    for (const std::string& lane : lanes) met += recording.marks().count(point->mark, lane);
  }
  const bool any = args.has("count") || args.has("at-least");
  const bool numbered = !any || args.text("mark").find('#') != std::string::npos;
  const bool enough = point && (!numbered || met >= point->count);
  co_return saw(enough && counts(args, "count", met),
                fmt::format("the mark {} {} times", args.text("mark"), asked(args, "count")),
                fmt::format("{} times", met));
}

Awaitable<Result<Seen>> register_sales(Stage& stage, const Args& args) {
  const std::string till = args.text("register");
  const world::Order ask = world::SoldBefore::ask_sales(stage.bed().setup());
  auto answer = co_await stage.bed().command(till, ask);
  if (!answer) co_return base::Failure(answer.error());
  const std::string sync = args.text("sync");
  const std::string kind = args.text("kind");
  std::uint64_t rows = 0;
  for (const world::SaleRow& row : answer->sales) {
    if (!sync.empty() && row.sync != sync) continue;
    if (!kind.empty() && row.kind != kind) continue;
    ++rows;
  }
  co_return saw(counts(args, "count", rows),
                fmt::format("{} rows in Register Sales {} {}", asked(args, "count"), kind, sync),
                fmt::format("{}", rows));
}

const words::Param kCount{"count", Kind::integer, "exactly so many"};
const words::Param kLeast{"at-least", Kind::count, "so many or more"};
constexpr KeyRule kOneCount{"count", "", "", "at-least"};

const auto kSale =
    expectation("sale", "What is known at the till of a sale that was rung up.",
                {{"sale", Kind::sale, "which sale of the run", true},
                 {"is", Kind::text, "what became of it", false,
                  "completed refunded refused absent completed-or-absent"},
                 {"total", Kind::money, "what the cashier was shown that it came to"},
                 {"change", Kind::money, "and what was given back"}},
                R"({ sale = "last", is = "completed" })", sale, "the sale {sale} is {is}",
                {{"sale", "", "is total change", ""}});
const auto kReceipt =
    expectation("receipt",
                "What stands on the receipt of a sale (sale:last), or at a till on that of the "
                "document that was acknowledged last; or how many were printed there.",
                {{"receipt", Kind::paper, "sale:last (as in sale), or a till", true},
                 {"has", Kind::text, "a text on it"},
                 {"lacks", Kind::text, "a text that is not on it"},
                 kCount,
                 kLeast},
                R"({ receipt = "till-1", has = "TOTAL", lacks = "points" })", receipt,
                "the receipt, {receipt}", {kOneCount}, {.waits = kOfAMachine});
const auto kOutbox = expectation(
    "outbox",
    "The sales and refunds of a till: what waits to be sent, and what became of the others.",
    {{"outbox", Kind::till, "of which till", true},
     {"pending", Kind::integer, "sales and refunds that wait to be sent"},
     {"quarantined", Kind::integer, "refused by the cloud"},
     {"uploaded", Kind::integer, "sales and refunds that are proved to be in the cloud"}},
    R"({ outbox = "till-1", pending = 0, within = "25s" })", outbox, "the outbox of {outbox}",
    {{"outbox", "", "pending quarantined uploaded", ""}}, {.needs_line = [](const Args& args) {
      return args.has("uploaded") || (args.has("pending") && args.number("pending") == 0);
    }});
const auto kCloud =
    expectation("cloud", "What the cloud holds.",
                {{"cloud", Kind::books, "sale:last (as in sale), sales, refunds or events", true,
                  "sale:* sales refunds events"},
                 {"is", Kind::text, "of one sale: paid or absent", false, "paid absent"},
                 {"times", Kind::count, "of one sale: how often it is there; 1 if left out"},
                 {"refunds", Kind::integer, "of one sale: how many refunds of it are there"},
                 kCount,
                 kLeast},
                R"({ cloud = "sale:last", is = "paid", times = 1, within = "25s" })", cloud,
                "in the cloud, {cloud}",
                {{"cloud", "sale:*", "", "count at-least"},
                 {"cloud", "sales refunds events", "count at-least", "is times refunds"},
                 {"is", "absent", "", "times"},
                 kOneCount},
                {.needs_line = [](const Args&) { return true; }});
const auto kMark = expectation(
    "mark", "How often something was noted so far.",
    {{"mark", Kind::mark, "which mark, and where", true}, kCount, kLeast},
    R"({ mark = "link.offline@till-1", at-least = 1 })", mark, "the mark {mark}", {kOneCount});
const auto kRegister =
    expectation("register", "What Register Sales lists.",
                {{"register", Kind::till, "at which till", true},
                 {"kind", Kind::text, "only these", false, "sale refund"},
                 {"sync", Kind::text, "only these", false, "queued acked quarantined"},
                 kCount,
                 kLeast},
                R"({ register = "till-1", sync = "queued", count = 1 })", register_sales,
                "Register Sales at {register}", {{"register", "", "count at-least", ""}, kOneCount},
                {.falls = true});

}  // namespace
}  // namespace tillrig::scenario::trade

// Payments by card: what became of them at the till, in Register Sales and at the acquirer.
#include "sim/scenario/play/expectations/seen.hpp"

namespace tillrig::scenario::card {
namespace {

using words::Args;
using words::Kind;

std::string money_of(Stage& stage, std::int64_t minor) {
  const std::string& name = stage.plan().setup.shop.currency;
  const auto currency = base::find_currency(name).value_or(base::Currency{name, 2});
  return base::format_money(base::Money{minor}, currency);
}

// The last thing that a till said of a card payment.
Awaitable<Result<Seen>> card(Stage& stage, const Args& args) {
  const std::string till = args.text("card");
  const oracle::CashierEntry* last = nullptr;
  for (const oracle::CashierEntry& entry : stage.bed().recording().tapes().cashier) {
    if (entry.till == till && entry.code == "card") last = &entry;
  }
  const std::string wanted = fmt::format("the card payment at {} {}", till, args.text("is"));
  if (last == nullptr) co_return saw(false, wanted, "no card was asked for");
  const std::string state(last->facts.text("state").value_or(""));
  bool holds = state == args.text("is");
  std::string seen = "it is " + state;
  std::string expected = wanted;
  if (args.has("resyncs")) {
    const std::int64_t presses = last->fact("resyncs").value_or(0);
    holds = holds && presses == args.number("resyncs");
    expected += fmt::format(", {} presses of Re-sync", args.number("resyncs"));
    seen += fmt::format(", {} presses", presses);
  }
  if (args.has("says")) {
    holds = holds && last->text.find(args.text("says")) != std::string::npos;
    expected += fmt::format(", \"{}\"", args.text("says"));
    seen += fmt::format(", \"{}\"", last->text);
  }
  co_return saw(holds, expected, seen);
}

Awaitable<Result<Seen>> unpaid(Stage& stage, const Args& args) {
  const std::string till = args.text("unpaid");
  const world::Order ask("sales");
  auto answer = co_await stage.bed().command(till, ask);
  if (!answer) co_return base::Failure(answer.error());
  const auto& rows = answer->unpaid;
  const auto wanted = static_cast<std::size_t>(args.number("count", 1));
  const std::string expected =
      fmt::format("{} unpaid orders in Register Sales of {} {}", wanted, till, args.text("says"));
  bool holds = rows.size() == wanted;
  std::string seen = fmt::format("{}", rows.size());
  for (const world::UnpaidSeen& row : rows) {
    const bool right = row.label == "unpaid" && row.state == "payment_unresolved" &&
                       row.text.find(args.text("says")) != std::string::npos;
    const bool amount = !args.has("amount") || row.amount.minor == args.number("amount");
    const bool checked =
        !args.has("checked") || (row.checked_ms != 0) == (args.text("checked") == "yes");
    if (right && amount && checked) continue;
    holds = false;
    seen += fmt::format("; {} {} {}: {}, checked at {}", row.order, row.label,
                        money_of(stage, row.amount.minor), row.text, row.checked_ms);
  }
  co_return saw(holds, expected, seen);
}

// The settlement file of one till's terminal, or of all.
Awaitable<Result<Seen>> settled(Stage& stage, const Args& args) {
  const std::string till = args.text("settled");
  std::int64_t charges = 0;
  std::int64_t reversals = 0;
  std::int64_t sum = 0;
  for (const oracle::SettlementEntry& row : stage.bed().recording().tapes().settlement) {
    if (till != "*" && row.till != till) continue;
    if (row.kind == "charge") {
      ++charges;
      sum += row.amount;
    } else if (row.kind == "reversal") {
      ++reversals;
      sum -= row.amount;
    }
  }
  const std::int64_t stands = charges - reversals;
  const std::pair<std::string_view, std::int64_t> figures[] = {
      {"charges", charges}, {"reversals", reversals}, {"stands", stands}};
  bool holds = !args.has("sum") || args.number("sum") == sum;
  std::string expected = fmt::format("the settlement file of {} with", till);
  if (args.has("sum")) expected += fmt::format(" {} in all", money_of(stage, args.number("sum")));
  for (const auto& [key, value] : figures) {
    if (!args.has(key)) continue;
    holds = holds && args.number(key) == value;
    expected += fmt::format(" {} {}", key, args.number(key));
  }
  co_return saw(holds, expected,
                fmt::format("charges {} reversals {} stands {}, {} in all", charges, reversals,
                            stands, money_of(stage, sum)));
}

const auto kCard =
    expectation("card", "What a till said last of a card payment.",
                {{"card", Kind::till, "at which till", true},
                 {"is", Kind::text, "what became of it", true,
                  "created unknown wrong_attempt parked in_part wrong_amount wrong_currency "
                  "reversal_pending approved declined cancelled fenced reversed"},
                 {"resyncs", Kind::integer, "how often Re-sync was pressed"},
                 {"says", Kind::text, "words of its sentence"}},
                R"({ card = "till-1", is = "approved", within = "10s" })", card,
                "the card payment at {card} is {is}");
const auto kUnpaid =
    expectation("unpaid", "Orders that Register Sales shows as unpaid.",
                {{"unpaid", Kind::till, "at which till", true},
                 {"count", Kind::integer, "how many; one if left out"},
                 {"amount", Kind::money, "what each comes to"},
                 {"says", Kind::text, "words that stand beside each"},
                 {"checked", Kind::text, "whether each was asked about", false, "yes no"}},
                R"({ unpaid = "till-1", count = 1, says = "will update by day-end 22:00" })",
                unpaid, "Register Sales of {unpaid} shows {count} unpaid", {}, {.falls = true});
const auto kSettled = expectation(
    "settled", "What the acquirer's settlement file has of a till's card terminal.",
    {{"settled", Kind::till, "of which till; * is all", true},
     {"charges", Kind::integer, "so many charges"},
     {"reversals", Kind::integer, "so many that went back"},
     {"stands", Kind::integer, "so many charges that stand"},
     {"sum", Kind::money, "what all that stands comes to"}},
    R"({ settled = "till-1", charges = 1, reversals = 0, sum = "4.20" })", settled,
    "the acquirer has of {settled}", {{"settled", "", "charges reversals stands sum", ""}});

}  // namespace
}  // namespace tillrig::scenario::card

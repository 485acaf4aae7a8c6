#include "sim/scenario/read/fixture.hpp"

#include "sim/scenario/read/catalogue.hpp"
#include "sim/scenario/read/customers.hpp"
#include "sim/scenario/read/fixture_table.hpp"
#include "sim/world/labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace tillrig::scenario {
namespace {

namespace fs = std::filesystem;
using Need = FixtureTable::Need;

void read_receipt(const Node& node, world::Shop& shop, Problems& problems) {
  constexpr std::int64_t kNarrowest = 24;  // the longest of our own lines that cannot be wrapped
  constexpr std::int64_t kWidest = 64;
  FixtureTable table(node, "[receipt]", problems);
  shop.columns = static_cast<int>(table.whole("columns", shop.columns, kNarrowest, kWidest));
  shop.header = table.texts("header");
  shop.footer = table.texts("footer");
  shop.copy_mark = table.text("copy_mark", Need::may, shop.copy_mark);
  if (shop.copy_mark.empty()) {
    table.problem("copy_mark", "the copy mark is empty", "a word that tells a copy");
  }
  table.finish();
}

void read_taxes(const std::vector<const Node*>& nodes, world::Shop& shop, Problems& problems) {
  for (const Node* node : nodes) {
    FixtureTable table(*node, "a [[tax]]", problems);
    world::Tax tax;
    tax.code = table.text("code", Need::must);
    tax.name = table.text("name", Need::must);
    if (const auto rate = table.rate("rate")) tax.rate = *rate;
    if (tax.code.size() > 3 || tax.code.empty() || tax.code.find(' ') != std::string::npos) {
      table.problem("code", fmt::format("the tax code is \"{}\"", tax.code),
                    "one to three letters");
    }
    const auto same = [&](const world::Tax& other) {
      return other.code == tax.code || other.rate == tax.rate;
    };
    if (std::any_of(shop.taxes.begin(), shop.taxes.end(), same)) {
      problems.add(node->where, "two [[tax]] have the same code or rate");
    }
    table.finish();
    shop.taxes.push_back(std::move(tax));
  }
}

void read_layouts(const std::vector<const Node*>& nodes, world::Shop& shop, Problems& problems) {
  for (const Node* node : nodes) {
    FixtureTable table(*node, "a [[price_layout]]", problems);
    world::PriceLayout layout;
    layout.prefix = table.text("prefix", Need::must);
    layout.item_digits = static_cast<int>(table.whole("item_digits", 5, 1, 10));
    layout.price_digits = static_cast<int>(table.whole("price_digits", 5, 1, 10));
    layout.verifier = table.flag("verifier", false);
    if (auto good = world::check_layout(layout); !good)
      problems.add(node->where, good.error().what);
    table.finish();
    shop.layouts.push_back(std::move(layout));
  }
  if (nodes.empty()) shop.layouts.push_back({"20", 5, 5, false});
}

void read_scanner(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[till.scanner]", problems);
  auto& settings = shop.devices["scanner"];
  settings["prefix"] = table.text("prefix", Need::may);
  const std::string suffix = settings["suffix"] = table.text("suffix", Need::may, "cr");
  constexpr std::string_view kSuffixes[] = {"cr", "crlf", "tab", "none"};
  if (std::find(std::begin(kSuffixes), std::end(kSuffixes), suffix) == std::end(kSuffixes)) {
    table.problem("suffix", fmt::format("the scanner's suffix is \"{}\"", suffix),
                  "\"cr\", \"crlf\", \"tab\" or \"none\"");
  }
  settings["gap_ms"] = std::to_string(table.whole("gap_ms", 50, 5, 1000));
  table.finish();
}

// A card terminal stands at each till. What it is set up with is checked where it is made.
void read_terminal(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[till.terminal]", problems);
  auto& settings = shop.devices["terminal"];
  settings["protocol"] = table.text("protocol", Need::may, "zvt");
  settings["lost_ack"] = table.text("lost_ack", Need::may, "keep");
  settings["customer"] = table.text("customer", Need::may, "automatic");
  settings["by_amount"] = table.text("by_amount", Need::may, "none");
  settings["currency"] = shop.currency;
  table.finish();
}

// The tills of the shop hear each other. A till that is named here need not be in every story.
void read_lan(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[till.lan]", problems);
  world::Lan& lan = shop.lan;
  lan.enabled = table.flag("enabled", true);
  lan.wired = table.texts("wired");
  lan.beat_ms = table.whole("beat_ms", lan.beat_ms, 100, 60'000);
  lan.lease_ms = table.whole("lease_ms", lan.lease_ms, 300, 600'000);
  if (lan.lease_ms < 2 * lan.beat_ms) {
    table.problem("lease_ms",
                  fmt::format("the lease is {} ms and a beat {} ms", lan.lease_ms, lan.beat_ms),
                  "at least two beats, or each late one makes another hub");
  }
  table.finish();
}

void read_till(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[till]", problems);
  for (const Node* each : table.tables("scanner")) read_scanner(*each, shop, problems);
  for (const Node* each : table.tables("printer")) {
    FixtureTable printer(*each, "[till.printer]", problems);
    const std::string page = printer.text("code_page", Need::may, "cp858");
    if (page != "cp858") {
      printer.problem("code_page", fmt::format("the code page is \"{}\"", page), "\"cp858\"");
    }
    printer.finish();
  }
  for (const Node* each : table.tables("terminal")) read_terminal(*each, shop, problems);
  for (const Node* each : table.tables("lan")) read_lan(*each, shop, problems);
  table.finish();
}

void read_loyalty(const Node& node, const base::Currency& currency, world::Shop& shop,
                  Problems& problems) {
  FixtureTable table(node, "[loyalty]", problems);
  shop.loyalty.points_per_unit = table.whole("points_per_unit", 1, 1, 1000);
  shop.loyalty.timeout_ms = table.whole("timeout_ms", 3000, 100, 60'000);
  shop.loyalty.reward_points = table.whole("reward_points", 0, 0, 1'000'000);
  shop.loyalty.reward_amount =
      table.money("reward_amount", Need::may, currency).value_or(base::Money{});
  if ((shop.loyalty.reward_points == 0) != (shop.loyalty.reward_amount == base::Money{})) {
    table.problem("reward_points", "a reward has no points or no amount", "both, or neither");
  }
  const std::string profile = table.text("profile", Need::may, "blocking");
  shop.loyalty.blocking = profile == "blocking";
  if (profile != "blocking" && profile != "async") {
    table.problem("profile", fmt::format("the profile is \"{}\"", profile),
                  "\"blocking\" or \"async\"");
  }
  table.finish();
}

void read_sync_manager(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[sync_manager]", problems);
  shop.manager_pin = table.text("pin", Need::must);
  const bool digits = shop.manager_pin.find_first_not_of("0123456789") == std::string::npos;
  if (!digits || shop.manager_pin.size() < 4 || shop.manager_pin.size() > 12) {
    table.problem("pin", fmt::format("the PIN is \"{}\"", shop.manager_pin), "4 to 12 digits");
  }
  table.finish();
}

void read_fiscal(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[fiscal]", problems);
  shop.null_receipt = table.flag("null_receipt", false);
  table.finish();
}

void read_gift(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[gift]", problems);
  shop.purses.gift = table.flag("enabled", false);
  table.finish();
}

void read_account(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[account]", problems);
  shop.purses.account = table.flag("enabled", false);
  shop.purses.account_no_limit = table.flag("no_limit", false);
  table.finish();
}

void read_credit(const Node& node, world::Shop& shop, Problems& problems) {
  FixtureTable table(node, "[credit]", problems);
  shop.purses.credit = table.flag("enabled", false);
  const std::string offline = table.text("offline", Need::may, "allow_posting");
  shop.purses.credit_offline = offline;
  if (offline != "allow_posting" && offline != "warn" && offline != "refuse") {
    table.problem("offline", fmt::format("store credit without a connection is \"{}\"", offline),
                  "\"allow_posting\", \"warn\" or \"refuse\"");
  }
  table.finish();
}

// By the machine's own list, where it has one.
bool is_time_zone(const std::string& name) {
  namespace fs = std::filesystem;
  const fs::path zones = "/usr/share/zoneinfo";
  std::error_code error;
  const bool plain = !name.empty() && name.front() != '/' && name.find("..") == std::string::npos;
  if (!plain || !fs::is_directory(zones, error)) return plain;
  return name == "UTC" || fs::is_regular_file(zones / name, error);
}

bool is_time_of_day(std::string_view text) {
  constexpr std::string_view kLast = "23:59";
  return text.size() == kLast.size() && text[2] == ':' && text <= kLast && text.substr(3) <= "59" &&
         text.find_first_not_of("0123456789:") == std::string_view::npos;
}

// The smallest coin; 0: cash is not rounded.
bool is_coin(std::int64_t minor) {
  if (minor == 0) return true;
  if (minor < 0 || minor > 1000) return false;
  while (minor % 10 == 0) minor /= 10;
  return minor == 1 || minor == 2 || minor == 5;
}

// Problems in the files that the shop names.
struct Elsewhere {
  Problems items;
  Problems customers;
};

void read_shop(const Node& root, world::Shop& shop, Problems& problems, Elsewhere& elsewhere) {
  FixtureTable table(root, "a shop", problems);
  const std::string name = table.text("name", Need::may);
  shop.currency = table.text("currency", Need::must);
  const std::string zone = table.text("time_zone", Need::may, "UTC");
  if (!is_time_zone(zone)) {
    table.problem("time_zone", fmt::format("there is no time zone \"{}\"", zone),
                  "such as \"Europe/Berlin\"");
  }
  const auto currency = base::find_currency(shop.currency);
  if (!currency && !shop.currency.empty()) table.problem("currency", currency.error().what);
  shop.prices_include_tax = table.flag("prices_include_tax", true);
  const base::Currency known = currency.value_or(base::Currency{"EUR", 2});
  shop.smallest_coin = table.money("cash_rounding", Need::may, known).value_or(base::Money{});
  if (!is_coin(shop.smallest_coin.minor)) {
    table.problem("cash_rounding",
                  fmt::format("no coin is worth {}", base::format_money(shop.smallest_coin, known)),
                  "1, 2 or 5 of a power of ten, up to 1000 of the smallest unit: \"0.05\"");
  }
  shop.day_ends = table.text("day_ends", Need::may);
  if (!shop.day_ends.empty() && !is_time_of_day(shop.day_ends)) {
    table.problem("day_ends", fmt::format("the day ends at \"{}\"", shop.day_ends), "\"22:00\"");
  }
  for (const Node* each : table.tables("receipt")) read_receipt(*each, shop, problems);
  if (shop.header.empty() && !name.empty()) shop.header.push_back(name);
  read_taxes(table.tables("tax"), shop, problems);
  read_layouts(table.tables("price_layout"), shop, problems);
  for (const Node* each : table.tables("till")) read_till(*each, shop, problems);
  shop.devices["printer"]["columns"] = std::to_string(shop.columns);
  for (const Node* each : table.tables("loyalty")) read_loyalty(*each, known, shop, problems);
  for (const Node* each : table.tables("sync_manager")) {
    read_sync_manager(*each, shop, problems);
  }
  for (const Node* each : table.tables("fiscal")) read_fiscal(*each, shop, problems);
  for (const Node* each : table.tables("gift")) read_gift(*each, shop, problems);
  for (const Node* each : table.tables("account")) read_account(*each, shop, problems);
  for (const Node* each : table.tables("credit")) read_credit(*each, shop, problems);
  const std::string catalogue = table.text("catalogue", Need::must);
  const std::string customers = table.text("customers", Need::may);
  table.finish();
  const auto beside = [&](const std::string& file) {
    return Problems((fs::path(shop.file).parent_path() / file).string());
  };
  if (!customers.empty()) {
    elsewhere.customers = beside(customers);
    const auto all = parse_toml_file(elsewhere.customers.file(), elsewhere.customers);
    if (all) read_customers(*all, shop, elsewhere.customers);
  }
  for (const world::Customer& each : shop.customers) shop.named["customer"].push_back(each.id);
  if (catalogue.empty()) return;
  elsewhere.items = beside(catalogue);
  const auto goods = parse_toml_file(elsewhere.items.file(), elsewhere.items);
  if (goods) read_catalogue(*goods, known, shop, elsewhere.items);
  for (const world::Item& item : shop.items) shop.named["item"].push_back(item.sku);
}

// A shop names its currency; what it sells and to whom stands in files beside it.
bool is_shop(const fs::path& file) {
  if (file.extension() != ".toml") return false;
  Problems unheard(file.string());
  const auto root = parse_toml_file(file.string(), unheard);
  return root && root->find("currency") != nullptr;
}

}  // namespace

std::optional<std::string> find_shop(const std::string& name, const std::string& near, Where asked,
                                     Problems& problems) {
  std::error_code ignored;
  fs::path at = fs::absolute(near, ignored).parent_path();
  while (!fs::is_directory(at / "fixtures", ignored)) {
    if (at == at.parent_path()) {
      problems.add(asked, "no folder fixtures stands beside this file or above it");
      return {};
    }
    at = at.parent_path();
  }
  const fs::path folder = at / "fixtures";
  const fs::path path = folder / (name + ".toml");
  if (fs::is_regular_file(path, ignored)) return path.string();
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(folder, ignored)) {
    if (is_shop(file.path())) names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  const std::vector<std::string_view> valid(names.begin(), names.end());
  problems.unknown(asked, "fixture", name, valid);
  return {};
}

std::optional<world::Shop> load_shop(const std::string& path, Problems& problems) {
  Problems in_shop(path);
  Elsewhere elsewhere{Problems(path), Problems(path)};
  world::Shop shop;
  shop.name = fs::path(path).stem().string();
  shop.file = path;
  if (const auto root = parse_toml_file(path, in_shop)) read_shop(*root, shop, in_shop, elsewhere);
  problems.take(elsewhere.items.all());
  problems.take(elsewhere.customers.all());
  problems.take(in_shop.all());
  return problems.empty() ? std::optional(std::move(shop)) : std::nullopt;
}

}  // namespace tillrig::scenario

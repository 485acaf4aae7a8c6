#include "sim/scenario/read/store_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace tillrig::scenario {
namespace {

constexpr std::string_view kKeys[] = {"fixture", "tills", "day", "start", "line", "disk", "poison"};

// "64kbit/s", "10Mbit/s", "1MB/s" as bytes a second.
std::optional<std::uint64_t> parse_bandwidth(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t bits;
  };
  constexpr std::uint64_t kByte = 8;
  constexpr Unit kUnits[] = {{"kbit/s", 1'000},
                             {"Mbit/s", 1'000'000},
                             {"kB/s", kByte * 1'000},
                             {"MB/s", kByte * 1'000'000}};
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::uint64_t kMost = 1'000'000;
  if (error != std::errc() || count == 0 || count > kMost) return {};
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const Unit& each : kUnits) {
    if (each.name == unit) return std::max<std::uint64_t>(count * each.bits / kByte, 1);
  }
  return {};
}

class TableReader {
 public:
  TableReader(const Document& document, Problems& problems)
      : document_(document), problems_(problems) {}

  StoreTable read(const Entry* store) {
    Where asked;
    std::string fixture = "corner-shop";
    if (store != nullptr && store->value.type != Node::Type::table) {
      wrong(*store, "[store]");
      store = nullptr;
    }
    if (store != nullptr) {
      asked = store->where;
      for (const Entry& entry : store->value.table) {
        if (entry.key == "fixture") {
          fixture = text(entry);
          asked = entry.value.where;
        } else {
          read_key(entry);
        }
      }
    }
    if (const world::Shop* shop = document_.shop(fixture, asked, problems_)) {
      out_.setup.shop = *shop;
    }
    if (store != nullptr) read_poison(store->value);
    constexpr std::int64_t kMidnight = 1'772'409'600'000;  // 2026-03-02, in ms since 1970
    out_.setup.wall_open_ms =
        kMidnight +
        std::chrono::duration_cast<std::chrono::milliseconds>(out_.calendar.opens).count();
    return std::move(out_);
  }

 private:
  void wrong(const Entry& at, std::string_view expected) {
    problems_.add(at.value.where, fmt::format("{} is {}", at.key, as_found(at.value)),
                  std::string(expected));
  }
  std::string text(const Entry& entry) {
    if (entry.value.type != Node::Type::text) wrong(entry, "a text");
    return entry.value.text;
  }

  void read_key(const Entry& entry) {
    if (entry.key == "tills") return read_tills(entry);
    if (entry.key == "line" || entry.key == "disk") out_.simulated = entry.where;
    if (entry.key == "line") return read_line(entry);
    if (entry.key == "disk") return read_disk(entry);
    if (entry.key == "poison") return;  // needs the shop
    if (entry.key == "start") {
      if (entry.value.type != Node::Type::flag) wrong(entry, "true or false");
      out_.start = entry.value.number != 0;
      return;
    }
    if (entry.key == "day") {
      if (const auto day = parse_day(text(entry))) {
        out_.calendar = *day;
      } else {
        problems_.add(entry.value.where, fmt::format("\"{}\" is no trading day", entry.value.text),
                      "\"08:00..18:00\"");
      }
      return;
    }
    problems_.unknown(entry.where, "key of [store]", entry.key, kKeys);
  }

  void read_tills(const Entry& entry) {
    if (entry.value.type != Node::Type::list || entry.value.list.empty()) {
      return wrong(entry, "a list of names such as [\"till-1\", \"till-2\"]");
    }
    out_.setup.tills.clear();
    std::set<std::string> seen;
    for (const Node& each : entry.value.list) {
      const bool form =
          !each.text.empty() &&
          each.text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
      if (each.type != Node::Type::text || !form || each.text == "cloud" || each.text == "player") {
        problems_.add(each.where, fmt::format("\"{}\" is no name for a till", each.text),
                      "small letters, digits and '-', such as \"till-1\"");
      } else if (!seen.insert(each.text).second) {
        problems_.add(each.where, fmt::format("two tills have the name \"{}\"", each.text));
      }
      out_.setup.tills.push_back(each.text);
    }
  }

  // Calls `read` for each entry of a small table and tells of keys that it does not know.
  Duration duration(const Entry& entry) {
    const auto parsed = parse_duration(entry.value.text);
    if (entry.value.type != Node::Type::text || !parsed) {
      wrong(entry, "a duration with its unit, such as \"20ms\"");
    }
    return parsed.value_or(Duration{});
  }

  void read_line(const Entry& line) {
    static constexpr std::string_view kLine[] = {"latency", "bandwidth"};
    if (line.value.type != Node::Type::table) {
      return wrong(line, "{ latency = \"20ms\", bandwidth = \"64kbit/s\" }");
    }
    for (const Entry& entry : line.value.table) {
      if (entry.key == "latency") {
        out_.setup.wan_latency = duration(entry);
      } else if (entry.key == "bandwidth") {
        const auto bytes = parse_bandwidth(text(entry));
        if (!bytes) {
          problems_.add(entry.value.where, fmt::format("\"{}\" is no bandwidth", entry.value.text),
                        "such as \"64kbit/s\", \"10Mbit/s\" or \"1MB/s\"");
        }
        out_.setup.wan_bytes_per_second = bytes.value_or(0);
      } else {
        problems_.unknown(entry.where, "key of line", entry.key, kLine);
      }
    }
  }

  void read_disk(const Entry& disk) {
    static constexpr std::string_view kDisk[] = {"write", "sync"};
    if (disk.value.type != Node::Type::table) {
      return wrong(disk, "{ write = \"20us\", sync = \"1ms\" }");
    }
    for (const Entry& entry : disk.value.table) {
      if (entry.key == "write") {
        out_.setup.disk_write = duration(entry);
      } else if (entry.key == "sync") {
        out_.setup.disk_sync = duration(entry);
      } else {
        problems_.unknown(entry.where, "key of disk", entry.key, kDisk);
      }
    }
  }

  void read_poison(const Node& store) {
    const Entry* poison = store.find("poison");
    if (poison == nullptr) return;
    Surroundings around;
    around.shop = &out_.setup.shop;
    words::Args args;
    read_value({"poison", words::Kind::item, ""}, poison->value, around, args, problems_);
    std::string_view skus;
    const std::string joined = args.text("poison");
    skus = joined;
    while (!skus.empty()) {
      const std::size_t end = std::min(skus.find(' '), skus.size());
      out_.setup.poison_skus.emplace_back(skus.substr(0, end));
      skus.remove_prefix(std::min(end + 1, skus.size()));
    }
  }

  const Document& document_;
  Problems& problems_;
  StoreTable out_;
};

}  // namespace

StoreTable read_store_table(const Entry* store, const Document& document, Problems& problems) {
  return TableReader(document, problems).read(store);
}

}  // namespace tillrig::scenario

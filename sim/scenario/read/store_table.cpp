#include "sim/scenario/read/store_table.hpp"

#include "sim/scenario/read/frame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tillrig::scenario {
namespace {

class TableReader {
 public:
  TableReader(const Document& document, Problems& problems)
      : document_(document), problems_(problems) {}

  StoreTable read(const Entry* store) {
    if (store != nullptr && store->value.type != Node::Type::table) {
      wrong(*store, "[store]");
      store = nullptr;
    }
    read_shop(store);
    if (store != nullptr) read_keys_of(store->value);
    out_.setup.day_turns = out_.calendar.turns;
    out_.setup.wall_open_ms =
        *parse_date(out_.setup.day) +
        std::chrono::duration_cast<std::chrono::milliseconds>(out_.calendar.opens).count();
    return std::move(out_);
  }

 private:
  void wrong(const Entry& at, std::string_view expected) {
    problems_.add(at.value.where, fmt::format("{} is {}", at.key, as_found(at.value)),
                  std::string(expected));
  }

  // First: goods are names of the shop's.
  void read_shop(const Entry* store) {
    const Entry* const fixture = store != nullptr ? store->value.find("fixture") : nullptr;
    Where asked;
    if (store != nullptr) asked = store->where;
    if (fixture != nullptr) asked = fixture->value.where;
    const bool named = fixture != nullptr && fixture->value.type == Node::Type::text;
    const std::string name = named ? fixture->value.text : "corner-shop";
    if (const world::Shop* shop = document_.shop(name, asked, problems_)) out_.setup.shop = *shop;
  }

  void read_keys_of(const Node& store) {
    Surroundings around;
    around.shop = &out_.setup.shop;
    const words::Args args = read_keys(store, frame("store"), around, problems_);
    out_.start = args.number("start", 1) != 0;
    if (args.has("day")) out_.calendar = *parse_day(args.text("day"));
    if (args.has("date")) {
      if (out_.setup.day != args.text("date")) out_.simulated = store.find("date")->where;
      out_.setup.day = args.text("date");
    }
    if (args.has("tills")) out_.setup.tills = args.words("tills");
    if (args.has("version")) {
      out_.simulated = store.find("version")->where;
      out_.setup.shop.version = args.text("version");
    }
    out_.setup.poison_skus = args.words("poison");
    if (args.has("sold")) {
      out_.simulated = store.find("sold")->where;
      out_.setup.sold = args.number("sold");
    }
    if (args.has("uploads")) {
      out_.simulated = store.find("uploads")->where;
      out_.setup.uploads_per_second = static_cast<std::uint32_t>(args.number("uploads"));
    }
    if (const Entry* line = store.find("line")) read_line(*line);
    if (const Entry* disk = store.find("disk")) read_disk(*disk);
  }

  words::Args read_quality(const Entry& of, std::string_view expected) {
    out_.simulated = of.where;
    if (of.value.type == Node::Type::table) {
      return read_keys(of.value, frame(of.key), Surroundings(), problems_);
    }
    wrong(of, expected);
    return {};
  }

  void read_line(const Entry& line) {
    const auto args = read_quality(line, "{ latency = \"20ms\", bandwidth = \"64kbit/s\" }");
    out_.setup.wan_latency = args.duration("latency", out_.setup.wan_latency);
    out_.setup.wan_bytes_per_second = static_cast<std::uint64_t>(args.number("bandwidth"));
  }

  void read_disk(const Entry& disk) {
    const auto args = read_quality(disk, "{ write = \"20us\", sync = \"1ms\" }");
    out_.setup.disk_write = args.duration("write", out_.setup.disk_write);
    out_.setup.disk_sync = args.duration("sync", out_.setup.disk_sync);
    constexpr std::int64_t kKibibyte = 1024;
    constexpr std::int64_t kMost = 64 * kKibibyte;
    out_.setup.ledger_bytes =
        static_cast<std::uint32_t>(std::min(args.number("ledger"), kMost) * kKibibyte);
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

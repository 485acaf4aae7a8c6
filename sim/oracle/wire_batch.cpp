#include "sim/oracle/wire_batch.hpp"

#include "sim/oracle/json_scan.hpp"

namespace tillrig::oracle {
namespace {

SentItem read_item(JsonScan& scan) {
  SentItem item;
  scan.object([&](std::string_view key) {
    if (key == "seq") {
      item.seq = scan.count();
    } else if (key == "uuid") {
      item.id = scan.text();
    } else if (key == "kind") {
      item.kind = scan.text();
    } else if (key == "aggregate") {
      item.aggregate = scan.text();
    } else if (key == "hash") {
      item.hash = scan.text();
    } else if (key == "body") {
      item.body = scan.raw();
    } else {
      scan.skip();
    }
  });
  return item;
}

ItemAnswer read_result(JsonScan& scan) {
  ItemAnswer answer;
  scan.object([&](std::string_view key) {
    if (key == "uuid") {
      answer.id = scan.text();
    } else if (key == "status") {
      answer.status = scan.text();
    } else if (key == "code") {
      answer.code = scan.text();
    } else if (key == "hash") {
      answer.hash = scan.text();
    } else {
      scan.skip();
    }
  });
  return answer;
}

// A number that stands at the top of the text.
std::optional<std::uint64_t> read_count(std::string_view body, std::string_view name) {
  std::optional<std::uint64_t> count;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == name) {
      count = scan.count();
    } else {
      scan.skip();
    }
  });
  if (!scan.finished()) return std::nullopt;
  return count;
}

}  // namespace

std::optional<SentBatch> read_sent(std::string_view body) {
  SentBatch batch;
  bool items = false;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "till") {
      batch.till = scan.text();
    } else if (key == "epoch") {
      batch.epoch = scan.count();
    } else if (key == "generation") {
      batch.generation = scan.count();
    } else if (key == "batch") {
      batch.batch = scan.count();
    } else if (key == "items") {
      items = true;
      scan.array([&] { batch.items.push_back(read_item(scan)); });
    } else {
      scan.skip();
    }
  });
  if (!scan.finished() || !items) return std::nullopt;
  return batch;
}

std::optional<std::vector<ItemAnswer>> read_answers(std::string_view body) {
  std::vector<ItemAnswer> answers;
  bool results = false;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key == "results") {
      results = true;
      scan.array([&] { answers.push_back(read_result(scan)); });
    } else {
      scan.skip();
    }
  });
  if (!scan.finished() || !results) return std::nullopt;
  return answers;
}

std::optional<ManifestSaid> read_manifest_exchange(std::string_view body, std::string_view answer) {
  ManifestSaid said;
  JsonScan asked(body);
  asked.object([&](std::string_view key) {
    if (key != "items") return asked.skip();
    asked.array([&] {
      const SentItem item = read_item(asked);
      said.asked.emplace_back(item.id, item.hash);
    });
  });
  JsonScan told(answer);
  told.object([&](std::string_view key) {
    if (key == "missing") {
      told.array([&] { said.missing.push_back(told.text()); });
    } else if (key == "different") {
      told.array([&] { said.different.push_back(told.text()); });
    } else {
      told.skip();
    }
  });
  if (!asked.finished() || !told.finished()) return std::nullopt;
  return said;
}

std::optional<std::vector<std::pair<std::uint64_t, std::uint64_t>>> read_highs(
    std::string_view body) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> highs;
  JsonScan scan(body);
  scan.object([&](std::string_view key) {
    if (key != "highs") return scan.skip();
    scan.array([&] {
      auto& high = highs.emplace_back(0, 0);
      scan.object([&](std::string_view field) {
        if (field == "epoch") {
          high.first = scan.count();
        } else if (field == "number") {
          high.second = scan.count();
        } else {
          scan.skip();
        }
      });
    });
  });
  return scan.finished() ? std::optional(std::move(highs)) : std::nullopt;
}

std::optional<std::uint64_t> read_generation(std::string_view body) {
  return read_count(body, "generation");
}

std::optional<std::uint64_t> read_through(std::string_view body) {
  return read_count(body, "contiguous_through");
}

}  // namespace tillrig::oracle

#include "pos/lan/message.hpp"

#include "pos/base/nearest.hpp"

namespace tillrig::lan {
namespace {

constexpr std::size_t kText = 128;  // of a field without a limit of its own

}  // namespace

std::string write_line(const Said& said) {
  std::string line;
  base::JsonWriter fields(line);
  fields("shop", said.shop)("from", said.from)("is", base::Kinds<Message>::name(said.message));
  std::visit([&](const auto& kind) { kind.describe(kind, fields); }, said.message);
  fields.close();
  line += '\n';
  return line;
}

Result<Said> read_line(std::string_view line) {
  base::json::monotonic_resource arena(base::kArenaFactor * line.size() + 1);
  const auto value = base::parse_json(line, &arena);
  if (!value) return base::within("a line of the LAN", value.error());
  const auto object = base::as_object(*value, "a line of the LAN");
  if (!object) return base::Failure(object.error());
  base::JsonReader fields(**object, kText);
  Said said;
  said.shop = fields.text("shop");
  said.from = fields.text("from");
  const std::string kind = fields.text("is");
  if (auto good = fields.check(); !good) return base::within("the LAN", good.error());
  auto message = base::Kinds<Message>::read(kind, fields);
  if (!message) return base::unknown_word("message", kind, base::Kinds<Message>::kNames);
  if (auto good = fields.check(); !good) return base::within(kind, good.error());
  said.message = *std::move(message);
  return said;
}

}  // namespace tillrig::lan

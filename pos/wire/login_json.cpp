#include "pos/wire/api.hpp"
#include "pos/wire/fields.hpp"

namespace tillrig::wire {
namespace {

constexpr std::size_t kMostEpochs = 100'000;  // one a day for centuries
constexpr std::int64_t kMostMs = 1'000'000'000'000'000;

Result<LoggedIn::High> read_high(const json::value& value, std::size_t index) {
  const std::string what = fmt::format("highs[{}]", index);
  const auto object = base::as_object(value, what);
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  LoggedIn::High high;
  high.epoch = static_cast<std::uint32_t>(fields.whole("epoch", 0, kMostEpoch));
  high.number = fields.count("number");
  high.contiguous_through = fields.count("contiguous_through");
  if (auto good = fields.check(); !good) return base::within(what, good.error());
  return high;
}

}  // namespace

Bytes write_json(const Pong& pong) {
  Bytes out;
  append_field(out, "{\"nonce\":", std::string_view(pong.nonce));
  append_field(out, ",\"server_ms\":", pong.server_ms);
  append_field(out, ",\"server_epoch\":", std::string_view(pong.server_epoch));
  out += '}';
  return out;
}

Bytes write_json(const LoggedIn& login) {
  Bytes out;
  append_field(out, "{\"token\":", std::string_view(login.token));
  append_field(out, ",\"generation\":", login.generation);
  append_field(out, ",\"server_epoch\":", std::string_view(login.server_epoch));
  out += ",\"highs\":[";
  for (std::size_t i = 0; i < login.highs.size(); ++i) {
    const LoggedIn::High& high = login.highs[i];
    append_field(out, i == 0 ? "{\"epoch\":" : ",{\"epoch\":", std::uint64_t{high.epoch});
    append_field(out, ",\"number\":", high.number);
    append_field(out, ",\"contiguous_through\":", high.contiguous_through);
    out += '}';
  }
  out += "]}";
  return out;
}

Bytes write_problem(std::string_view code, std::string_view what) {
  Bytes out;
  append_field(out, "{\"error\":{\"code\":", code);
  append_field(out, ",\"what\":", what);
  out += "}}";
  return out;
}

Result<Pong> read_pong(ByteView body) {
  const auto value = base::parse_json(body);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "pong");
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  Pong pong;
  pong.nonce = fields.text("nonce");
  pong.server_ms = fields.whole("server_ms", -kMostMs, kMostMs);
  pong.server_epoch = fields.text("server_epoch");
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  return pong;
}

Result<LoggedIn> read_login(ByteView body) {
  const auto value = base::parse_json(body);
  if (!value) return base::Failure(value.error());
  const auto object = base::as_object(*value, "answer to the login");
  if (!object) return base::Failure(object.error());
  Fields fields(**object);
  LoggedIn login;
  login.token = fields.text("token");
  login.generation = fields.count("generation", 1);
  login.server_epoch = fields.text("server_epoch");
  const json::array* highs = fields.array("highs", kMostEpochs);
  if (auto good = fields.check(); !good) return base::Failure(good.error());
  login.highs.reserve(highs->size());
  for (std::size_t i = 0; i < highs->size(); ++i) {
    const auto high = read_high((*highs)[i], i);
    if (!high) return base::Failure(high.error());
    login.highs.push_back(*high);
  }
  return login;
}

}  // namespace tillrig::wire

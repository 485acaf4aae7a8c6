#include "pos/wire/purse.hpp"

#include "pos/base/json_fields.hpp"
#include "pos/wire/customer.hpp"

#include <algorithm>
#include <charconv>

namespace tillrig::wire {

const Purse* purse_of(std::string_view ledger) {
  const auto* const at = std::find_if(std::begin(kPurses), std::end(kPurses),
                                      [&](const Purse& each) { return each.ledger == ledger; });
  return at == std::end(kPurses) ? nullptr : at;
}

const Purse* purse_of_tender(std::string_view kind) {
  const auto* const at = std::find_if(std::begin(kPurses), std::end(kPurses),
                                      [&](const Purse& each) { return each.tender == kind; });
  return at == std::end(kPurses) ? nullptr : at;
}

std::optional<PurseKey> read_purse_key(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view key = text.substr(colon + 1);
  if (purse_of(text.substr(0, colon)) == nullptr || !is_customer_id(key)) return std::nullopt;
  return PurseKey{std::string(text.substr(0, colon)), std::string(key)};
}

bool is_purse_sku(std::string_view sku) {
  return read_purse_key(sku).has_value();
}

Money loaded_by(const Document& document) {
  Money sum;
  for (const Line& line : document.lines) {
    if (is_purse_sku(line.sku)) sum += line.total;
  }
  return sum;
}

std::string write_moves(std::span<const Move> moves) {
  std::string text;
  for (const Move& move : moves) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", move.of.text(), move.amount);
    if (!move.hold.empty()) text += '@' + move.hold;
  }
  return text;
}

namespace {

// "gift:GC-1001=-1500@till-1-00aa".
std::optional<Move> read_move(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  auto of = read_purse_key(text.substr(0, equals));
  const std::string_view rest = text.substr(equals + 1);
  const std::size_t at = std::min(rest.find('@'), rest.size());
  Move move;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + at, move.amount);
  const bool sound = of && error == std::errc{} && end == rest.data() + at && move.amount != 0 &&
                     move.amount <= kMostAmount && move.amount >= -kMostAmount;
  if (!sound) return std::nullopt;
  move.of = *std::move(of);
  if (at == rest.size()) return move;
  move.hold = rest.substr(at + 1);
  return is_customer_id(move.hold) ? std::optional(std::move(move)) : std::nullopt;
}

}  // namespace

Result<std::vector<Move>> read_moves(std::string_view text) {
  std::vector<Move> moves;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    auto move = read_move(text.substr(0, end));
    const bool twice = move && std::any_of(moves.begin(), moves.end(),
                                           [&](const Move& other) { return other.of == move->of; });
    if (!move || twice) {
      return base::fail(base::Code::bad_input,
                        "\"{}\" is no move of a purse, or its second one; expected "
                        "gift:CARD=AMOUNT@HOLD, once for each card",
                        text.substr(0, std::min<std::size_t>(end, 64)));
    }
    moves.push_back(*std::move(move));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return moves;
}

Result<std::vector<Move>> moves_of(const Event& event) {
  const auto text = event.tail.get(kMoves);
  return text ? read_moves(*text) : Result<std::vector<Move>>();
}

Bytes write_json(const InPurse& purse) {
  return base::write_message(purse);
}

Result<InPurse> read_in_purse(ByteView body) {
  return base::read_message<InPurse>(body, "answer about a purse");
}

Bytes write_json(const AccountLimit& limit) {
  return base::write_message(limit);
}

Result<AccountLimit> read_account_limit(ByteView body) {
  auto limit = base::read_message<AccountLimit>(body, "limit of an account");
  if (limit && !is_customer_id(limit->customer)) {
    return base::fail(
        base::Code::bad_input,
        "\"{}\" cannot be a customer's id; expected 1 to {} of A-Z, a-z, 0-9, - and _",
        limit->customer.substr(0, 64), kCustomerId);
  }
  return limit;
}

Bytes write_json(const KeepFor& place) {
  return base::write_message(place);
}

Result<KeepFor> read_keep_for(ByteView body) {
  return base::read_message<KeepFor>(body, "event to keep for");
}

}  // namespace tillrig::wire

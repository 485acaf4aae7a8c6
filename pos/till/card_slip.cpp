#include "pos/till/card_slip.hpp"

#include "pos/base/json_fields.hpp"

namespace tillrig::till {
namespace {

// No name, no date and no whole number of a card.
struct SlipText {
  std::string terminal;
  std::uint64_t receipt = 0;
  std::uint64_t trace = 0;
  std::string pan;
  std::string card;
  std::string authorisation;
  std::string time;
  base::Money amount;
  std::string currency;
  bool stored = false;
  std::string id;  // the terminal's name of it

  static void describe(auto& self, auto& fields) {
    fields("tid", self.terminal)("receipt", self.receipt)("trace", self.trace)
        .maybe("pan", self.pan)
        .maybe("card", self.card)
        .maybe("auth", self.authorisation)
        .maybe("time", self.time);
    fields("amount", self.amount)("currency", self.currency)
        .maybe("stored", self.stored)
        .maybe("id", self.id);
  }
};

const base::Mutant kNumberKept{"card_number_kept", "INV-36", "PCI DSS 3.4",
                               "the number of a card is kept and sent as the terminal told it"};

std::string masked(std::string pan) {
  constexpr std::size_t kShown = 4;
  for (std::size_t i = 0; i + kShown < pan.size(); ++i) pan[i] = '*';
  return pan;
}

}  // namespace

std::string write_slip(const terminal::CardSlip& slip, const base::Mutants& mutants) {
  const std::string pan = kNumberKept.on(mutants) ? slip.masked_pan : masked(slip.masked_pan);
  const SlipText text{slip.terminal_id, slip.receipt_number,     slip.trace,         pan,
                      slip.card_name,   slip.authorisation_code, slip.time,          slip.amount,
                      slip.currency,    slip.stored_offline,     slip.transaction_id};
  std::string out;
  base::append_json(out, text);
  return out;
}

std::optional<terminal::CardSlip> read_slip(const std::string& text) {
  const auto value = base::parse_json(text);
  if (!value) return std::nullopt;
  const auto object = base::as_object(*value, "slip");
  if (!object) return std::nullopt;
  base::JsonReader fields(**object, 256);
  SlipText read;
  SlipText::describe(read, fields);
  if (!fields.check()) return std::nullopt;
  terminal::CardSlip slip;
  slip.terminal_id = read.terminal;
  slip.receipt_number = static_cast<std::uint32_t>(read.receipt);
  slip.trace = static_cast<std::uint32_t>(read.trace);
  slip.masked_pan = read.pan;
  slip.card_name = read.card;
  slip.authorisation_code = read.authorisation;
  slip.time = read.time;
  slip.amount = read.amount;
  slip.currency = read.currency;
  slip.stored_offline = read.stored;
  slip.transaction_id = read.id;
  return slip;
}

}  // namespace tillrig::till

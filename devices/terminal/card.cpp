#include "devices/terminal/card.hpp"

namespace tillrig::terminal {
namespace {

struct CardKind {
  std::string_view kind;
  std::string_view pan;
  std::string_view number;
  std::string_view name;
  bool inserted;
  bool needs_pin;
  bool readable;
};

constexpr CardKind kCards[] = {
    {"girocard", "************4711", "6759649826404711", "girocard", true, true, true},
    {"credit", "************0005", "5500005555560005", "Mastercard", true, true, true},
    {"contactless", "************9903", "4111111111169903", "Visa", false, false, true},
    {"unreadable", "", "", "", true, false, false}};

}  // namespace

base::Result<Card> find_card(std::string_view kind) {
  for (const CardKind& row : kCards) {
    if (!kind.empty() && row.kind != kind) continue;
    return Card{std::string(row.pan), std::string(row.name), row.inserted,
                row.needs_pin,        row.readable,          std::string(row.number)};
  }
  return base::fail(base::Code::not_found,
                    "there is no card \"{}\"; expected girocard, credit, contactless or unreadable",
                    kind);
}

}  // namespace tillrig::terminal

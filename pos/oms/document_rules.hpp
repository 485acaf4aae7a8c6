#pragma once

#include "pos/base/money.hpp"
#include "pos/wire/event.hpp"

#include <string_view>
#include <vector>

namespace tillrig::oms {

// What the cloud demands of a document, by its own reckoning; a till's word is not enough. Each
// fault has a code; empty: there is none.
//
// Refused, kept in the list of refusals for a person, and nothing is booked:
// - arithmetic: lines, taxes and payments do not come to the totals;
// - sign: a quantity, price, discount or tax of the wrong sign, or a discount above the price;
// - tax: a rate's tax is further from the rule than rounding explains;
// - rounding: by a coin or more;
// - of_line: a sale that names lines of another, a refund that does not;
// - currency: not the shop's, or of a refund not its sale's;
// - no_number, number_twice: none, or one that another document of the epoch has;
// - bad_day: no day of the calendar;
// - other_shop: a refund of another shop's sale;
// - not_of_the_sale: a refund of goods that the sale's line does not have;
// - purse: lines and tenders of purses are not the moves that it says, or such a line is given
// back;
// - bad_epoch: far above any that the till can have reached.
//
// Flagged, booked since money has moved, and named in the audit for a person:
// - exceeds_sale: more given back than was sold;
// - refund_amount: another amount given back than was paid for the goods;
// - no_hold, card_twice: money out of a purse, or a gift card, that was not held for it;
// - overdrawn: more store credit than there is, or more owed than is allowed, taken without asking;
// - epoch_not_opened: of an epoch that the till has not announced, until it does.
std::string_view find_document_fault(const wire::Document& document, wire::EventKind kind);

// A refund beside its sale.
std::string_view find_refund_fault(const wire::Document& refund, const wire::Document& sale);
// And beside what was given back of it before: exceeds_sale, refund_amount, or nothing.
std::string_view find_refund_flag(const wire::Document& refund, const wire::Document& sale,
                                  const std::vector<wire::Document>& earlier);

}  // namespace tillrig::oms

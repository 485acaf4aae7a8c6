#include "pos/till/state_of.hpp"

#include "pos/till/cart_shown.hpp"

#include <utility>

namespace tillrig::till {

State state_of(const Parts& parts, const Opening& opening, const Patron& patron, const Cart& cart,
               SyncManager& manager) {
  State state;
  state.stage = opening.stage();
  state.prompts = parts.prompts.all();
  CartShown shown = shown_of(cart, parts.config.currency);
  state.cart = std::move(shown.lines);
  state.total = shown.total;
  state.tax = shown.tax;
  state.due = shown.due;
  state.change = shown.change;
  state.customer = patron.shown();
  state.reward = shown.reward;
  manager.tell(state);
  return state;
}

}  // namespace tillrig::till

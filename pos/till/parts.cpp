#include "pos/till/parts.hpp"

namespace tillrig::till {

void Parts::show_counters() const {
  CountersShown shown;
  shown.counters = store.counters();
  screen.show(shown);
}

void Parts::refuse(const base::Error& error) const {
  Refused shown;
  shown.code = name(error.code);
  shown.text = error.what;
  screen.show(shown);
}

}  // namespace tillrig::till

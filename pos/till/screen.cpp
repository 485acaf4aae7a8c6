#include "pos/till/screen.hpp"

#include "pos/till/command.hpp"

namespace tillrig::till {

std::string_view name(Stage stage) {
  switch (stage) {
    case Stage::starting:
      return "starting";
    case Stage::register_page:
      return "register";
    case Stage::critical:
      return "critical";
    case Stage::closed:
      return "closed";
  }
  return "starting";
}

std::string_view name(Shown::Kind kind) {
  switch (kind) {
    case Shown::Kind::stage:
      return "stage";
    case Shown::Kind::prompt:
      return "prompt";
    case Shown::Kind::prompt_closed:
      return "prompt_closed";
    case Shown::Kind::connection:
      return "connection";
    case Shown::Kind::counters:
      return "counters";
    case Shown::Kind::line_added:
      return "line_added";
    case Shown::Kind::scan_rejected:
      return "scan_rejected";
    case Shown::Kind::completed:
      return "completed";
    case Shown::Kind::refused:
      return "refused";
  }
  return "stage";
}

std::string_view name(Command::Verb verb) {
  switch (verb) {
    case Command::Verb::enter:
      return "enter";
    case Command::Verb::quantity:
      return "quantity";
    case Command::Verb::void_line:
      return "void_line";
    case Command::Verb::discount:
      return "discount";
    case Command::Verb::tender:
      return "tender";
    case Command::Verb::complete:
      return "complete";
    case Command::Verb::cancel:
      return "cancel";
    case Command::Verb::refund:
      return "refund";
    case Command::Verb::press:
      return "press";
    case Command::Verb::sales:
      return "sales";
    case Command::Verb::state:
      return "state";
    case Command::Verb::close:
      return "close";
  }
  return "state";
}

}  // namespace tillrig::till

#include "sim/world/device_posts.hpp"

namespace tillrig::world::printer {
namespace {

using words::Args;
using words::FaultId;
using words::Target;

PrinterPost& printer_of(Target& target) {
  return static_cast<PrinterPost&>(target);
}

// Of two faults at once each held up what came.
void note_hit(PrinterPost& post, FaultId id) {
  if (post.printer().held_up() > 0) post.fired(id);
}

words::Fault paper_out() {
  words::Fault fault;
  fault.name = "printer.paper_out";
  fault.doc = "The paper is used up: the printer goes offline and keeps what fits its buffer.";
  fault.example = "{ fault = \"printer.paper_out\", till = \"till-1\", for = \"5m\" }";
  fault.domain = words::Domain::printer;
  fault.heals = "A new roll is put in; what the buffer holds is printed.";
  fault.start = [](Target& target, FaultId, const Args&) {
    PrinterPost& post = printer_of(target);
    post.say(post.printer().set_paper_out(true, post.now()));
  };
  fault.heal = [](Target& target, FaultId id) {
    PrinterPost& post = printer_of(target);
    note_hit(post, id);
    post.say(post.printer().set_paper_out(false, post.now()));
    post.collect();
  };
  return fault;
}

words::Fault cover_open() {
  words::Fault fault;
  fault.name = "printer.cover_open";
  fault.doc = "The printer's cover stands open: it prints nothing until it is closed.";
  fault.example = "{ fault = \"printer.cover_open\", till = \"till-1\", for = \"1m\" }";
  fault.domain = words::Domain::printer;
  fault.heals = "The cover is closed; what the buffer holds is printed.";
  fault.start = [](Target& target, FaultId, const Args&) {
    PrinterPost& post = printer_of(target);
    post.say(post.printer().set_cover_open(true, post.now()));
  };
  fault.heal = [](Target& target, FaultId id) {
    PrinterPost& post = printer_of(target);
    note_hit(post, id);
    post.say(post.printer().set_cover_open(false, post.now()));
    post.collect();
  };
  return fault;
}

const words::Row<words::Fault> kPaperOut{paper_out()};
const words::Row<words::Fault> kCoverOpen{cover_open()};

}  // namespace
}  // namespace tillrig::world::printer

// Every mark that the stack and the world note, so that scenarios can hang something on it.
#include "sim/words/mark.hpp"

#include <deque>
#include <string>

namespace tillrig::words {
namespace {

struct Line {
  std::string_view name;
  std::string_view who;
  std::string_view doc;
};

constexpr Line kLines[] = {
    // The sale's way through the till's store.
    {"scan.read", "till", "A code has come in from the scanner."},
    {"checkout.begun", "till", "Complete was pressed; nothing is stored yet."},
    {"sale.begun", "till", "The store has taken the document and given it its number."},
    {"ledger.appended", "till", "The ledger record is written, not yet synced."},
    {"ledger.synced", "till", "The ledger record is on the disk."},
    {"db.committed", "till", "The database transaction is on the disk."},
    {"sale.committed", "till", "Both copies hold the sale and were read back."},
    {"sale.acknowledged", "till", "The cashier is told that the sale is done."},
    {"receipt.printed", "till", "The printer has said that the receipt is out."},
    {"receipt.in_doubt", "till", "It is not known whether a receipt came out."},
    {"outbox.settled", "till", "The cloud's answer about one event is kept."},

    // The store itself.
    {"store.opened", "till", "The store is open; its verdict is an argument."},
    {"store.degraded", "till", "One of the two copies is dead."},
    {"store.critical", "till", "Neither copy can be used: no sale is taken."},
    {"store.failed", "till", "The store refused to keep what the cloud answered."},
    {"epoch.opened", "till", "Receipt numbers begin a new series."},
    {"copy.rebuilt", "till", "A dead copy was filled again from the living one."},

    // The line to the cloud, as the till sees it.
    {"link.suspect", "till",
     "An answer failed: the till asks again before it counts itself offline."},
    {"link.online", "till", "The till counts itself as connected."},
    {"link.offline", "till", "The till counts itself as disconnected."},
    {"login.ok", "till", "The cloud has accepted the till."},
    {"login.failed", "till", "A login came to nothing."},
    {"batch.sent", "till", "A batch of events goes out."},
    {"batch.answered", "till", "The cloud's answer to a batch is in."},
    {"batch.failed", "till", "A batch got no usable answer."},

    // The cloud.
    {"cloud.applied", "cloud", "The cloud has taken an event in."},
    {"cloud.duplicate", "cloud", "The cloud had this event already, with the same content."},
    {"cloud.conflict", "cloud", "The cloud had this event already, with other content."},
    {"cloud.rejected", "cloud", "The cloud refuses an event for what is in it."},
    {"cloud.deferred", "cloud", "An event waits for one that it depends on."},
    {"cloud.login", "cloud", "A till has logged in."},
    {"cloud.fenced", "cloud", "An older uploader of a till was turned away."},

    // What the world sees from outside.
    {"screen.shown", "world", "The cashier was shown something."},
    {"prompt.closed", "world", "A prompt has left the screen."},
    {"line.garbled", "world", "A till said something that cannot be read."},
    {"prompt.pressed", "world", "The cashier has pressed a button."},
    {"paper.cut", "world", "A receipt was cut off."},
    {"device.did", "world", "A device did something that somebody beside it could see."},
    {"fault.begun", "world", "A fault of the scenario began."},
    {"fault.healed", "world", "A fault of the scenario ended."},
    {"world.act", "world", "Something else was done to the world: kill, power cut, start, stop."},
    {"wire.reached", "world", "A request has reached the cloud."},
    {"wire.ended", "world", "A request has come to its end at the till."},
};

bool fill_table() {
  static std::deque<std::string> examples;  // what the rows point to
  for (const Line& line : kLines) {
    examples.push_back("mark = \"" + std::string(line.name) + "\"");
    Mark row;
    row.name = line.name;
    row.who = line.who;
    row.doc = line.doc;
    row.example = examples.back();
    Table<Mark>::add(std::move(row));
  }
  return true;
}

const bool kFilled = fill_table();

}  // namespace
}  // namespace tillrig::words

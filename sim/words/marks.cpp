// Every mark that the stack and the world note, so that scenarios can hang something on it.
#include "sim/words/mark.hpp"

#include <deque>
#include <string>

namespace tillrig::words {
namespace {

struct Line {
  std::string_view name;
  std::string_view who;
  std::string_view lane;
  std::string_view doc;
  Cart cart = Cart::none;
};

constexpr Line kLines[] = {
    // The sale's way through the till's store.
    {"scan.read", "till", "scanner", "A code has come in from the scanner.", Cart::opens},
    {"checkout.begun", "till", "", "Complete was pressed; nothing is stored yet.", Cart::opens},
    {"sale.begun", "till", "store", "The store has taken the document and given it its number.",
     Cart::numbers},
    {"ledger.appended", "till", "store", "The ledger record is written, not yet synced."},
    {"ledger.synced", "till", "store", "The ledger record is on the disk."},
    {"db.committed", "till", "store", "The database transaction is on the disk."},
    {"sale.committed", "till", "store", "Both copies hold the sale and were read back."},
    {"sale.acknowledged", "till", "", "The cashier is told that the sale is done."},
    {"day.booked", "till", "",
     "The business day was opened or closed, or cash moved, and the cashier is told."},
    {"cloud.attempt", "cloud", "", "The acquirer has told the cloud what became of a payment."},
    {"payment.kept", "till", "store", "What has become of a card payment is on the disk."},
    {"payment.sent", "till", "", "The card terminal is asked for the money."},
    {"payment.asked", "till", "", "The card terminal is asked what became of a payment."},
    {"payment.reversing", "till", "", "The card terminal is asked to send the money back."},
    {"payment.unpaid", "till", "", "An order is closed while nobody knows whether its card paid."},
    {"payment.not_charged", "till", "", "An order that was closed as unpaid is void."},
    {"payment.said", "till", "", "Something about a card payment that changes nothing."},
    {"outage.closed", "till", "",
     "An outage with documents is over and closed: its null receipt is in the books."},
    {"receipt.printed", "till", "printer", "The printer has said that the receipt is out."},
    {"receipt.in_doubt", "till", "printer", "It is not known whether a receipt came out."},
    {"outbox.settled", "till", "outbox", "The cloud's answer about one event is kept."},
    {"outbox.owed_again", "till", "outbox",
     "The cloud has lost an event that it had: it waits to be sent again."},

    // The store itself.
    {"store.opened", "till", "store", "The store is open; its verdict is an argument."},
    {"store.degraded", "till", "store", "One of the two copies is dead."},
    {"store.critical", "till", "store", "Neither copy can be used: no sale is taken."},
    {"store.failed", "till", "store", "The store refused to keep what the cloud answered."},
    {"epoch.opened", "till", "store", "Receipt numbers begin a new series."},
    {"store.cleaned", "till", "store",
     "Old events that the cloud has confirmed are deleted from the database."},
    {"copy.rebuilt", "till", "store", "A dead copy was filled again from the living one."},

    // The line to the cloud, as the till sees it.
    {"link.suspect", "till", "sync",
     "An answer failed: the till asks again before it counts itself offline."},
    {"link.online", "till", "sync", "The till counts itself as connected."},
    {"link.offline", "till", "sync", "The till counts itself as disconnected."},
    {"local.began", "till", "sync", "The till is set to local mode."},
    {"local.ended", "till", "sync", "Local mode is over."},
    {"manager.used", "till", "", "Somebody uses a control of the Sync Manager."},
    {"sync.restored", "till", "sync", "The sync service starts anew, both ways."},
    {"login.ok", "till", "sync", "The cloud has accepted the till."},
    {"login.failed", "till", "sync", "A login came to nothing."},
    {"batch.sent", "till", "sync", "A batch of events goes out."},
    {"batch.answered", "till", "sync", "The cloud's answer to a batch is in."},
    {"batch.failed", "till", "sync", "A batch got no usable answer."},
    {"till.upgraded", "till", "",
     "The store was left by another version of the till's program, and goes on."},
    {"resync.page", "till", "sync",
     "The cloud has said what it holds of a page of the till's events; it is not kept yet."},
    {"cleanup.page", "till", "sync",
     "The cloud has said what it holds of a page of old events; nothing of it is deleted yet."},
    {"resync.ended", "till", "sync", "A forced resync is over; why not whole is an argument."},

    // What changed in the cloud's tables, on its way to the till.
    {"feed.page", "till", "sync", "A page of a table has come; it is not kept yet."},
    {"feed.kept", "till", "sync", "The page is kept, and with it how far the table was read."},
    {"feed.failed", "till", "sync",
     "A page of a table did not come; status 410: the table has to be read from the start."},
    {"feed.drifted", "till", "sync",
     "The table is another than the cloud's, although all was read: it is read from the start."},

    // What only the cloud knows, asked in real time.
    {"loyalty.asked", "till", "sync",
     "A customer was selected: the cloud is asked for the points."},
    {"loyalty.answered", "till", "sync", "The cloud has said the customer's points."},
    {"loyalty.failed", "till", "sync", "The customer's points are not known: no answer came."},

    {"purse.held", "till", "sync", "The cloud holds money of a gift card for the sale in hand."},
    {"purse.kept", "till", "sync",
     "The cloud keeps it for the sale that is being finished, which is not stored yet."},

    // The other tills of the shop.
    {"lan.hub", "till", "lan",
     "The till has another hub, or hears more or fewer other tills than before."},
    {"lan.garbled", "till", "lan", "Somebody on the LAN said something that no till says."},
    {"lan.no_door", "till", "lan", "The till cannot listen on the LAN yet: it tries again."},
    {"order.parked", "till", "store", "A sale waits, and is on the disk.", Cart::ends},
    {"order.resumed", "till", "store",
     "An order that waited is in hand here, and at no other till."},
    {"order.closed", "till", "store", "An order that waited is sold, or cancelled."},

    // The cloud.
    {"cloud.applied", "cloud", "", "The cloud has taken an event in."},
    {"cloud.duplicate", "cloud", "", "The cloud had this event already, with the same content."},
    {"cloud.conflict", "cloud", "", "The cloud had this event already, with other content."},
    {"cloud.rejected", "cloud", "", "The cloud refuses an event for what is in it."},
    {"cloud.flagged", "cloud", "",
     "The cloud has booked what a person should look at: money has moved that does not add up."},
    {"cloud.deferred", "cloud", "", "An event waits for one that it depends on."},
    {"cloud.changed", "cloud", "", "A row of one of the cloud's tables is another now."},
    {"cloud.horizon", "cloud", "",
     "Whoever has not read all of the cloud's tables has to read them from the start."},
    {"cloud.login", "cloud", "", "A till has logged in."},
    {"cloud.two_tills", "cloud", "",
     "A till logs in from where it was before another one of its name: there are two."},
    {"cloud.login_refused", "cloud", "", "A login without the till's secret was turned away."},
    {"cloud.fenced", "cloud", "", "An older uploader of a till was turned away."},

    // What the world sees from outside.
    {"screen.shown", "world", "screen", "The cashier was shown something.", Cart::shows},
    {"prompt.closed", "world", "screen", "A prompt has left the screen."},
    {"till.start_again", "world", "",
     "A second program of a till is started on the folder of the first."},
    {"till.frozen", "world", "", "The till's app does nothing from here on."},
    {"till.thawed", "world", "", "The till's app goes on where it stood."},
    {"rig.late", "world", "", "On real machines: the rig itself was woken far too late."},
    {"line.garbled", "world", "", "A till said something that cannot be read."},
    {"order.sent", "world", "orders",
     "On real machines: the till is asked for something through its control line."},
    {"order.answered", "world", "orders", "On real machines: it has answered."},
    {"prompt.pressed", "world", "screen", "The cashier has pressed a button."},
    {"paper.cut", "world", "printer", "A receipt was cut off."},
    {"device.did", "world", "{role}", "A device did something that somebody beside it could see."},
    {"acquirer.booked", "world", "terminal",
     "The acquirer of the cards has charged, captured or sent back: what is an argument."},
    {"acquirer.told", "world", "", "The acquirer has told the cloud what became of a payment."},
    {"acquirer.refused", "world", "", "The cloud does not take what the acquirer says of it."},
    {"fault.begun", "world", "/faults", "A fault of the scenario began."},
    {"fault.fired", "world", "faults", "A fault did something to whom it hits."},
    {"fault.healed", "world", "/faults", "A fault of the scenario ended."},
    {"scenario.phase", "world", "/scenario", "A phase of the scenario begins."},
    {"scenario.step", "world", "/scenario", "A line of the scenario is being played."},
    {"sale.numbered", "world", "", "The cart in hand has become the sale that the event names."},
    {"world.act", "world", "",
     "Something else was done to the world: kill, power cut, start, stop.", Cart::ends},
    {"wire.sent", "world", "wire", "A request has come whole from the till."},
    {"wire.reached", "world", "wire", "A request has reached the cloud."},
    {"wire.ended", "world", "wire", "A request has come to its end at the till."},
};

bool fill_table() {
  static std::deque<std::string> examples;  // what the rows point to
  for (const Line& line : kLines) {
    examples.push_back("mark = \"" + std::string(line.name) + "\"");
    Mark row;
    row.name = line.name;
    row.who = line.who;
    row.doc = line.doc;
    row.lane = line.lane;
    row.cart = line.cart;
    row.example = examples.back();
    Table<Mark>::add(std::move(row));
  }
  return true;
}

const bool kFilled = fill_table();

}  // namespace
}  // namespace tillrig::words

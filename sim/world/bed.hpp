#pragma once

#include "sim/words/fault.hpp"
#include "sim/world/card_house.hpp"
#include "sim/world/cloud_view.hpp"
#include "sim/world/fault_book.hpp"
#include "sim/world/office.hpp"
#include "sim/world/provision.hpp"
#include "sim/world/recording.hpp"
#include "sim/world/seat.hpp"
#include "sim/world/setup.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::world {

// A world that a scenario is played into, on whatever it is made of: everything simulated in
// virtual time, or real processes, files and sockets. It seats a till at each name of its setup and
// keeps what is common to all of them; the beds below it keep clock, cloud and what sits there.
// Coroutines run on player()'s executor; an Error means that the rig could not do it, or that the
// till said no.
class Bed {
 public:
  virtual ~Bed() = default;
  Bed(const Bed&) = delete;
  Bed& operator=(const Bed&) = delete;

  [[nodiscard]] const Setup& setup() const { return setup_; }
  Recording& recording() { return recording_; }
  // Clock, timer and executor for the player's own waiting.
  virtual const ports::Ports& player() = 0;
  // How long everything may take to come to rest after all is healed.
  [[nodiscard]] virtual base::Duration patience() const = 0;
  // How far the rig itself fell behind real time, at most; it cannot in virtual time.
  [[nodiscard]] virtual base::Duration late() const { return {}; }
  // Plays the coroutine to its end, or until the run has taken `limit` of the bed's own time.
  // Errors: timeout, past the limit; internal, when nothing was left to happen and the player still
  // waited.
  virtual Result<void> run(Awaitable<void> player, base::Duration limit) = 0;
  // Over everything recorded: equal for equal runs, where the bed can repeat one.
  [[nodiscard]] virtual std::uint64_t digest() { return recording_.digest(); }

  // Lets time pass in which nobody does anything. On a bed of real time it is compressed: what is
  // waited for is what happens meanwhile, and nothing does.
  virtual Awaitable<void> pass(base::Duration time) = 0;

  // Starts the cloud and its lines; before anything else.
  virtual Awaitable<Result<void>> open() = 0;
  // Ends everything in an orderly way.
  virtual Awaitable<void> close() = 0;

  // The cloud's process: killed where it stands, and started again.
  virtual Result<void> kill_cloud() = 0;
  virtual Awaitable<Result<void>> start_cloud() = 0;

  // A backup of the cloud's database is taken while it runs. Errors: not_allowed on beds that
  // cannot; not_found (it does not run).
  virtual Result<void> save_cloud();
  // The cloud stops, its database is that of the backup again, and it starts as another cloud. Both
  // before and after its rows are looked at. `other`: the id of an event that the backup has with
  // other content; empty: none. Errors: as save_cloud(); not_found (nothing was saved, or no such
  // event is in it).
  Awaitable<Result<void>> put_back_cloud(std::string other);

  // Starts the till's app; returns when it shows its first page or waits for a button. Errors:
  // exists (it runs), the app's own.
  Awaitable<Result<void>> start(std::string till);
  // Starts it once more while it runs. Errors: as Seat::start_again.
  Awaitable<Result<void>> start_again(std::string till);
  // Force kill: the app dies where it stands; what it wrote stays in the disk's cache. May be
  // called from within the till's own calls. Errors: not_found (it does not run).
  Result<void> kill(const std::string& till);
  // The machine loses power: as kill, and unsynced writes go as told. Errors: not_allowed on beds
  // that cannot.
  Result<void> power_cut(const std::string& till, const PowerCut& cut);
  // An image of the till's disk; the till stops and gets it back; a machine that does not run
  // becomes a clone of another till, under that one's name. Errors: as Seat's.
  Result<void> save_disk(const std::string& till);
  // As Seat::install().
  Result<void> install(const std::string& till, const std::string& version);
  Result<void> put_back_disk(const std::string& till, bool as_files);
  Result<void> clone(const std::string& of, const std::string& till);
  // Its app does nothing for a while, and goes on; the second is done for all at the end of a
  // story. May be called from within the till's own calls. Errors: as Seat::freeze and thaw.
  Result<void> freeze(const std::string& till);
  Result<void> thaw(const std::string& till);
  void thaw_all();
  [[nodiscard]] bool running(const std::string& till) const;

  // One thing that the cashier does; several may be under way at a till. Errors: as Seat::ask.
  Awaitable<Result<Reply>> command(std::string till, Order order);
  // Holds a code before the scanner: its bytes go down the line. Returns when the till has shown
  // what came of it, at the latest after two seconds. Errors: not_found.
  Awaitable<Result<void>> scan(std::string till, std::string code);
  // Somebody does something at the till's card terminal, as its role has it. Errors: not_found;
  // not_allowed, when it does not ask for that now.
  Result<void> at_terminal(const std::string& till, std::string_view act,
                           const std::string& detail);
  // Messages on the line to its card terminal, both ways, since the till took a card last.
  [[nodiscard]] std::uint64_t terminal_messages(const std::string& till) const;
  // As scan(), and waits for nothing.
  Result<void> hold_before_scanner(const std::string& till, const std::string& code);
  // What the till is at. Errors: as command().
  Awaitable<Result<State>> state(std::string till);

  // Starts a fault for one till, or for all with "*". May be called from within a mark. Errors:
  // not_found when this bed has nothing of its domain there.
  Result<words::FaultId> start_fault(const words::Fault& fault, const words::Args& args,
                                     const std::string& till);
  // The faults that were started, to heal them and to see whether they did something.
  FaultBook& faults() { return faults_; }

  // What the cloud holds by now; the rows hold until the next call. When there is much that was not
  // on the tapes yet, this look and one at each running till's Register Sales go there.
  Awaitable<Result<const std::vector<oracle::CloudEntry>*>> cloud_rows();
  // What the cloud's ledgers have by now.
  Awaitable<Result<std::vector<oracle::PostingEntry>>> postings() { return cloud_.postings(); }
  // Looks at all of the cloud, at Register Sales and at the goods and customers that were changed,
  // and puts it on the tapes.
  Awaitable<Result<void>> look();

  // A glance at each till that runs, in the middle of a run: Register Sales, how long ago it was in
  // step, and the goods and customers that were changed. On the tapes: what was seen stays seen.
  Awaitable<void> glance();
  // The same at one till.
  Awaitable<void> glance_at(std::string till);

  // Who changes the shop's goods at the cloud.
  Office& office() { return office_; }
  // Who takes the cards' money.
  CardHouse& cards() { return cards_; }
  // An item as it is sold by now: the fixture's, or what the office made of it; nothing: it is not.
  [[nodiscard]] std::optional<Item> item(const std::string& sku) const;
  // What a running till sells an item for; nothing: it does not sell it. Errors: as command().
  Awaitable<Result<std::optional<base::Money>>> price_at(std::string till, std::string sku);
  // A customer as he is known by now: the fixture's, or what the office made of him.
  [[nodiscard]] std::optional<Customer> customer(const std::string& id) const;
  // What a running till finds for a text. Errors: as command().
  Awaitable<Result<FoundThere>> find_at(std::string till, std::string text);
  // The customer of that id at a running till; nothing: not known there. Errors: as command().
  Awaitable<Result<std::optional<KnownCustomer>>> customer_at(std::string till, std::string id);
  // Whether every running till has what the office changed as it is now.
  Awaitable<bool> changes_have_come();

  // Calls that the till has made through its ports (reads, writes, syncs, connects, sends) since
  // the beginning of its last `complete`, until that sale was settled with the cloud. For sweeps
  // over every boundary.
  [[nodiscard]] std::uint64_t port_calls(const std::string& till) const;
  // Kills the till just before its n-th such call takes effect (0: never). Errors: not_allowed on
  // beds that cannot see the calls.
  Result<void> kill_at_port_call(const std::string& till, std::uint64_t n);

  // What should have ended when it was asked to and did not, in sentences.
  [[nodiscard]] const std::vector<std::string>& hung() const { return hung_; }

 protected:
  // `clock` is the run's own, and `origin` what it shows at the start. `player` may be filled in
  // after this, before the first call.
  Bed(Setup setup, const ports::Clock& clock, const ports::Ports& player, trace::Writer* timeline,
      base::Instant origin = {});

  // What a fault of the cloud's own machine is done to; null: this bed has no hand in that.
  [[nodiscard]] virtual words::Target* cloud_target() { return nullptr; }
  // What put_back_cloud does to the cloud itself.
  virtual Awaitable<Result<void>> swap_cloud(std::string other);
  // Null when there is no such till.
  [[nodiscard]] Seat* find(const std::string& till) const;
  void seat(std::unique_ptr<Seat> till);
  [[nodiscard]] const std::vector<std::unique_ptr<Seat>>& seats() const { return seats_; }
  void clear_seats() { seats_.clear(); }
  // Where the cloud that has just been started can be asked; what it has of before the story
  // comes first.
  void cloud_is_at(const ports::Endpoint& door, const Provision& provision,
                   oracle::PastLook past = {}) {
    cloud_.from(door, provision.audit_secret(), std::move(past));
    office_.at(door, provision.office_secret());
    cards_.at(door, provision.acquirer_secret());
  }
  // Puts on the tapes what the cloud holds of before the story.
  Awaitable<Result<void>> look_at_past();
  // Ends every till that still runs.
  Awaitable<void> retire_all();
  // Something that was to end: told as hung if it did not.
  void note_state(const std::string& till, const State& state);
  void note_end(const Result<void>& ended);

 private:
  Awaitable<void> put_on_tapes(const std::vector<oracle::CloudEntry>* rows);
  Awaitable<Result<void>> put_reports_on_tapes();
  Awaitable<void> put_registers_on_tapes(std::string only);

  Setup setup_;
  Recording recording_;
  FaultBook faults_{recording_};
  CloudView cloud_;
  Office office_;
  CardHouse cards_;
  std::vector<std::unique_ptr<Seat>> seats_;
  std::vector<std::string> hung_;
};

}  // namespace tillrig::world

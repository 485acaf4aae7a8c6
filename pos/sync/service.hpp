#pragma once

#include "pos/base/mutant.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/outbox.hpp"
#include "pos/store/shelf.hpp"
#include "pos/sync/cloud_client.hpp"
#include "pos/sync/connectivity.hpp"
#include "pos/sync/desk.hpp"
#include "pos/sync/downloader.hpp"
#include "pos/sync/freshness.hpp"
#include "pos/sync/lane_host.hpp"
#include "pos/sync/line_record.hpp"
#include "pos/sync/local_mode.hpp"
#include "pos/sync/patience.hpp"
#include "pos/sync/session.hpp"
#include "pos/sync/uploader.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillrig::sync {

struct ServiceConfig {
  std::string till = "till-1";
  std::string version = {};  // of the till
  std::string home = {};     // where its files are, as the cloud tells it from others
  std::string secret;        // empty: it has none
  ports::Endpoint cloud{"cloud", 8080, false};
  ConnectivityConfig connectivity;
  std::vector<std::string_view> tables = {wire::kItems};  // of the cloud, that are read
  base::Mutants mutants;
};

// Keeps the till in touch with its cloud: probes, logs in, uploads, and reads what changed in the
// cloud's tables beside that. Runs as coroutines on the
// ports' executor from start() until the process ends or stop(). The store outlives it.
class Service final : private LaneHost {
 public:
  // Told at every change of link or cause, and after every change of the queue's counters.
  struct Listener {
    std::function<void(Link, Cause)> connection;
    std::function<void()> counters;
    std::function<void()> logged_in;
    // What had been taken for no line was a slow one.
    std::function<void()> slow_line;
    // One of the cloud's tables has other rows now.
    std::function<void(std::string_view)> table;
    // Time has passed: what spans hours may be over.
    std::function<void()> beat;
  };

  // `shelf`: where the cloud's tables are kept; null: they are not read. `notebook`: what outlives
  // this process.
  Service(const ports::Ports& ports, store::Outbox& store, store::Notebook& notebook,
          ServiceConfig config, Listener listener, store::Shelf* shelf = nullptr);
  ~Service() override;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The first probe and, if it succeeds, the login; before any sale is taken.
  base::Awaitable<Cause> first_contact();
  // What the login said, while it stands.
  [[nodiscard]] const std::optional<wire::LoggedIn>& logged_in() const { return session_.login(); }

  void start();
  // Ends everything; the store and the listener are not called any more.
  void stop();
  // What the cloud knows of a sale; nothing when it has no such sale. Errors: needs_connection when
  // it cannot be asked now.
  base::Awaitable<base::Result<std::optional<wire::Receipt>>> receipt(base::EventId sale);
  // Where the cloud is asked what only it knows.
  Desk& desk() { return desk_; }
  // There is something new to send.
  void kick() override;
  // Somebody says that the line is there: look now.
  void probe_now();

  // The Sync Manager's triggers: what waits is sent at once, or the cloud's tables are asked for at
  // once; what is under way already is joined. Errors: not_allowed, in local mode.
  base::Result<void> trigger_up();
  base::Result<void> trigger_down();
  // All of the cloud's tables are read from the start, each beside the one in effect.
  void read_anew();
  // Restores the service where it got stuck, both ways: new workers and a new login, which fences
  // off the old ones; whatever those hear still changes nothing. Errors: not_allowed, in local
  // mode.
  base::Result<void> restore();
  // How many events are on their way to the cloud now.
  [[nodiscard]] std::size_t under_way() const;
  // How far each of the cloud's tables has been read, and how far the cloud was heard to be.
  struct TableShown {
    std::string table;
    std::uint64_t v = 0;
    std::uint64_t head = 0;
    static void describe(auto& self, auto& fields) {
      fields("table", self.table)("v", self.v)("head", self.head);
    }
  };
  [[nodiscard]] std::vector<TableShown> tables();

  // The Sync Manager's check; without a duration until it is taken away. What is under way is
  // finished; nothing else is sent or asked from here on. Errors: as LocalMode.
  base::Result<void> set_local_mode(bool on, std::optional<Duration> lasts = std::nullopt);
  [[nodiscard]] const LocalMode& local_mode() const { return local_; }
  // When all was in step, both ways.
  [[nodiscard]] Freshness& freshness() { return freshness_; }
  // What the line was like.
  [[nodiscard]] const LineRecord& line_record() const { return line_; }

  [[nodiscard]] Link link() const { return local_.on() ? Link::local : connectivity_.link(); }
  // Why the cloud cannot be reached. Or it can: login, it does not take us; slow, its answers take
  // a second and more.
  [[nodiscard]] Cause cause() const;
  // What the time is by the cloud, as far as it was ever heard in this run: its last answer and
  // what has passed since; the wall clock of the till has no part in it.
  [[nodiscard]] std::optional<base::WallTime> cloud_time() const;
  [[nodiscard]] bool online() const override { return connectivity_.online() && !local_.on(); }

 private:
  // LaneHost
  [[nodiscard]] bool stopped() const override { return stopped_; }
  [[nodiscard]] bool in_local_mode() const override { return local_.on(); }
  Session& session() override { return session_; }
  [[nodiscard]] Duration patience_with(const CloudClient& client) const override;
  Patience& for_uploads() override { return for_uploads_; }
  base::Awaitable<Cause> log_in(CloudClient& client) override;
  void heard(Cause cause) override;
  void doubt(Cause cause) override;
  void uploaded() override;
  void table_changed(std::string_view table) override;

  base::Awaitable<Cause> probe(CloudClient& client, Duration patience);
  base::Awaitable<void> probe_loop();
  void be_patient(Cause cause);
  base::Awaitable<void> probe_patiently();
  base::Awaitable<Cause> log_in_until(CloudClient& client, Instant give_up);
  base::Awaitable<void> log_in_for(CloudClient& client, Instant give_up);
  void start_uploader();
  void make_downloaders();
  [[nodiscard]] Desk::Counter counter();
  void tell();
  void drift_apart();
  void note_link(bool changed, Instant due);
  void look_whether_in_step();
  base::Awaitable<void> wait_out_local_mode();

  const ports::Ports& ports_;
  store::Outbox& store_;
  ServiceConfig config_;
  Listener listener_;
  Connectivity connectivity_;
  LocalMode local_;
  Freshness freshness_;
  LineRecord line_;
  CloudClient prober_;
  std::unique_ptr<ports::Alarm> probe_alarm_;
  CloudClient patient_prober_;
  CloudClient asker_;
  Patience for_probes_;
  Patience for_uploads_{std::chrono::seconds(30), std::chrono::minutes(10)};
  Session session_;
  Desk desk_;
  std::vector<std::unique_ptr<Uploader>> uploaders_;
  std::vector<std::unique_ptr<Downloader>> downloaders_;  // one for each table that is read
  // Those that were replaced, until the process ends: what they wait for may still come.
  std::vector<std::unique_ptr<Uploader>> replaced_uploaders_;
  std::vector<std::unique_ptr<Downloader>> replaced_downloaders_;
  store::Shelf* shelf_;
  std::pair<Link, Cause> told_{Link::starting, Cause::none};  // what the listener knows
  bool running_ = false;
  bool probe_due_ = false;  // before Connectivity wants it
  bool patient_ = false;    // a patient probe is under way
  bool stopped_ = false;
  // The cloud's time, and when it said that.
  std::optional<std::pair<base::WallTime, Instant>> cloud_said_;
};

}  // namespace tillrig::sync

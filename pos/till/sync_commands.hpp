#pragma once

#include "pos/store/outbox.hpp"
#include "pos/sync/clean_up.hpp"
#include "pos/sync/resync.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/manager_door.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tillrig::till {

// What is done in the Sync Manager (article S4), as the commands of command.hpp.

struct SetLocalMode {  // the Sync Manager's check, and the box beside it
  static constexpr std::string_view kName = "local_mode";
  bool on = false;
  std::string hours;  // "2", "0.5"; empty: until the check is taken away
  static void describe(auto& self, auto& fields) {
    fields("on", self.on).maybe("hours", self.hours);
  }
};

struct TriggerUp {  // Sync Manager: Trigger sync up
  static constexpr std::string_view kName = "trigger_up";
  static void describe(auto&, auto&) {}
};

struct TriggerDown {  // Sync Manager: Trigger sync down
  static constexpr std::string_view kName = "trigger_down";
  static void describe(auto&, auto&) {}
};

struct RestoreService {  // Sync Manager: Restore sync service
  static constexpr std::string_view kName = "restore_service";
  static void describe(auto&, auto&) {}
};

struct ForceResync {  // the Sync Manager's Force full resync on all local transactions
  static constexpr std::string_view kName = "force_resync";
  std::string confirm;  // the control's name, typed
  static void describe(auto& self, auto& fields) { fields("confirm", self.confirm); }
};

struct CleanUpOld {  // the Sync Manager's Clean up old transactions already on server
  static constexpr std::string_view kName = "clean_up";
  std::string confirm;  // the control's name, typed
  std::int64_t days = sync::CleanUp::kDays;
  static void describe(auto& self, auto& fields) {
    fields("confirm", self.confirm).maybe("days", self.days);
  }
};

struct FullResync {  // the Sync Manager's Full data resync
  static constexpr std::string_view kName = "full_resync";
  std::string confirm;  // the control's name, typed
  static void describe(auto& self, auto& fields) { fields("confirm", self.confirm); }
};

struct PauseLong {  // a resync or a clean-up waits before its next page, or goes on
  static constexpr std::string_view kName = "pause";
  bool on = false;
  static void describe(auto& self, auto& fields) { fields("on", self.on); }
};

struct UnlockManager {  // in a shop whose Sync Manager has a PIN: before a control is used
  static constexpr std::string_view kName = "unlock_manager";
  std::string pin;
  static void describe(auto& self, auto& fields) { fields("pin", self.pin); }
};

struct Rehearse {  // begins or ends a rehearsal of local mode
  static constexpr std::string_view kName = "rehearse";
  bool on = false;
  static void describe(auto& self, auto& fields) { fields("on", self.on); }
};

struct ExportUnsent {  // what the cloud has not got, into a file
  static constexpr std::string_view kName = "export";
  static void describe(auto&, auto&) {}
};

// What was written down.
struct Exported {
  std::string file;  // in the till's folder
  base::Money value;
  std::vector<std::string> sales;  // ids, oldest first

  static void describe(auto& self, auto& fields) {
    fields("file", self.file)("value", self.value)("sales", self.sales);
  }
};

struct AskSync {  // what stands in the Sync Manager
  static constexpr std::string_view kName = "sync";
  static void describe(auto&, auto&) {}
};

// The Sync Manager: on its left what has been sent and what waits, on its right what can be done.
struct SyncManagerShown {
  store::Counters counters;
  std::size_t under_way = 0;  // of the pending ones: on their way now
  std::vector<sync::Service::TableShown> tables;
  std::vector<std::string> controls;  // as they stand there, from the top
  bool locked = false;                // the controls want the PIN first
  std::vector<ManagerUse> used;       // what was done with them, the newest first
  std::string advice;                 // what should be done about the line; empty: nothing

  static void describe(auto& self, auto& fields) {
    fields("counters", self.counters)("under_way", self.under_way)("tables", self.tables)(
        "controls", self.controls);
    fields.maybe("locked", self.locked).maybe("used", self.used).maybe("advice", self.advice);
  }
};

}  // namespace tillrig::till

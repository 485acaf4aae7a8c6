#pragma once

#include "pos/sync/cloud_client.hpp"
#include "pos/sync/patience.hpp"
#include "pos/sync/session.hpp"

#include <string_view>

namespace tillrig::sync {

// What the workers of a lane ask of the service that they belong to. It outlives them.
class LaneHost {
 public:
  virtual ~LaneHost() = default;

  // The till is being closed: the store and the listener are not called any more.
  [[nodiscard]] virtual bool stopped() const = 0;
  [[nodiscard]] virtual bool online() const = 0;
  // Nothing is asked of the cloud, by anybody.
  [[nodiscard]] virtual bool in_local_mode() const = 0;
  virtual Session& session() = 0;
  // How long a question without a body may take over this connection.
  [[nodiscard]] virtual Duration patience_with(const CloudClient& client) const = 0;
  // How long uploads take, learnt by all of them.
  virtual Patience& for_uploads() = 0;
  virtual base::Awaitable<Cause> log_in(CloudClient& client) = 0;

  // What an exchange says about the line.
  virtual void heard(Cause cause) = 0;
  // An upload failed, which probes have to confirm.
  virtual void doubt(Cause cause) = 0;
  // The queue's counters are others now.
  virtual void uploaded() = 0;
  // One of the cloud's tables has other rows now.
  virtual void table_changed(std::string_view table) = 0;
  // Everybody looks whether there is something to do.
  virtual void kick() = 0;
};

}  // namespace tillrig::sync

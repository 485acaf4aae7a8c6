#pragma once

#include "pos/ports/clock.hpp"
#include "pos/ports/network.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tillrig::oms {

// One connection: what the peer sends, piece by piece, and what it got.
struct Script {
  std::deque<base::Bytes> sends;
  bool stays = false;  // after the last piece the peer stays silent instead of ending
  base::Bytes got;
  base::Instant got_at;    // of the last answer
  base::Instant ended_at;  // when the server let go of the connection
  bool ended = false;
};

// A network of connections that are all there when the server begins to listen.
class ScriptedNetwork final : public ports::Network {
 public:
  using MakeAlarm = std::function<std::unique_ptr<ports::Alarm>()>;

  ScriptedNetwork(ports::Clock& clock, MakeAlarm make_alarm)
      : clock_(clock), make_alarm_(std::move(make_alarm)) {}

  std::shared_ptr<Script> plan(std::deque<base::Bytes> sends, bool stays = false) {
    auto script = std::make_shared<Script>();
    script->sends = std::move(sends);
    script->stays = stays;
    scripts_.push_back(script);
    return script;
  }

  // At this place in the row of connections an accept fails, as without free descriptors.
  void plan_failure() { scripts_.push_back(nullptr); }

  ports::Awaitable<base::Result<base::Channel>> connect(ports::Endpoint, base::Instant) override {
    co_return base::fail(base::Code::refused, "nobody connects here");
  }
  base::Result<std::unique_ptr<ports::Listener>> listen(ports::Endpoint at) override {
    return std::make_unique<Listening>(*this, at.port);
  }

 private:
  class Line final : public base::ByteChannel {
   public:
    Line(ScriptedNetwork& network, std::shared_ptr<Script> script)
        : network_(network), script_(std::move(script)), alarm_(network.make_alarm_()) {}
    ~Line() override {
      script_->ended = true;
      script_->ended_at = network_.clock_.now();
    }
    ports::Awaitable<base::Result<base::Bytes>> read(std::size_t, base::Instant until) override {
      if (closed_) co_return base::fail(base::Code::closed, "closed by us");
      if (!script_->sends.empty()) {
        base::Bytes piece = std::move(script_->sends.front());
        script_->sends.pop_front();
        co_return piece;
      }
      if (!script_->stays) co_return base::Bytes();
      const bool rung = co_await alarm_->sleep_until(until);
      if (rung) co_return base::fail(base::Code::closed, "closed by us");
      co_return base::fail(base::Code::timeout, "the peer is silent");
    }
    ports::Awaitable<base::Result<void>> write(base::Bytes bytes, base::Instant) override {
      script_->got += bytes;
      script_->got_at = network_.clock_.now();
      co_return base::Result<void>();
    }
    void close() override {
      closed_ = true;
      alarm_->ring();
    }

   private:
    ScriptedNetwork& network_;
    std::shared_ptr<Script> script_;
    std::unique_ptr<ports::Alarm> alarm_;
    bool closed_ = false;
  };

  class Listening final : public ports::Listener {
   public:
    Listening(ScriptedNetwork& network, std::uint16_t port)
        : network_(network), port_(port), alarm_(network.make_alarm_()) {}
    ports::Awaitable<base::Result<base::Channel>> accept() override {
      if (next_ < network_.scripts_.size()) {
        auto script = network_.scripts_[next_++];
        if (!script) co_return base::fail(base::Code::io, "too many open files");
        co_return std::make_unique<Line>(network_, std::move(script));
      }
      co_await alarm_->sleep_until(base::Instant::never());
      co_return base::fail(base::Code::closed, "no longer listening");
    }
    std::uint16_t port() const override { return port_; }
    void close() override { alarm_->ring(); }

   private:
    ScriptedNetwork& network_;
    std::uint16_t port_;
    std::unique_ptr<ports::Alarm> alarm_;
    std::size_t next_ = 0;
  };

  ports::Clock& clock_;
  MakeAlarm make_alarm_;
  std::vector<std::shared_ptr<Script>> scripts_;
};

}  // namespace tillrig::oms

#include "tests/sim/net/relay_rig.hpp"

#include "sim/kernel/executor.hpp"

namespace tillrig::net {

namespace {

const Endpoint kCloudAt{"cloud", 8080, false};
const Endpoint kWanAt{"wan", 80, false};

Awaitable<void> answer_all(RelayRig& rig, Channel channel) {
  kernel::LaneTimer timer(rig.kernel, rig.cloud_lane);
  base::HttpReader<base::HttpRequest> reader(1 << 20);
  for (;;) {
    auto some = co_await channel->read(1 << 16, Instant::never());
    if (!some || some->empty()) co_return;
    EXPECT_TRUE(reader.feed(*some));
    while (auto request = reader.next()) {
      note(rig.kernel, rig.commits, request->body);
      const Instant when = rig.kernel.now() + rig.work;
      if (rig.work > 0s) co_await timer.sleep_until(when);
      base::HttpResponse response;
      response.fields.add("Content-Type", "application/json");
      response.body = "{\"did\":\"" + request->body + "\"}";
      Bytes text = base::write_http(response);
      auto written = co_await channel->write(std::move(text), Instant::never());
      if (!written) co_return;
    }
  }
}

Awaitable<void> serve(RelayRig& rig) {
  auto listener = rig.cloud.listen(kCloudAt);
  for (;;) {
    auto accepted = co_await (*listener)->accept();
    if (!accepted) co_return;
    kernel::spawn(rig.kernel, rig.cloud_lane, answer_all(rig, std::move(*accepted)));
  }
}

// What came back, in short: "200 {...}" or the error.
Awaitable<std::string> exchange(RelayRig& rig, ByteChannel& channel, std::string path,
                                std::string body, Instant deadline) {
  base::HttpRequest request;
  request.method = "POST";
  request.target = std::move(path);
  request.body = std::move(body);
  Bytes text = base::write_http(request);
  auto written = co_await channel.write(std::move(text), deadline);
  if (!written) co_return told(written);
  base::HttpReader<base::HttpResponse> reader(1 << 20);
  for (;;) {
    auto some = co_await channel.read(1 << 16, deadline);
    if (!some) co_return told(some);
    const Result<void> fed = some->empty() ? reader.finish() : reader.feed(*some);
    if (!fed) co_return told(fed);
    auto response = reader.next();
    if (response) {
      std::string told_as = fmt::format("{} {}", response->status, response->body);
      rig.last_answer = std::move(response);
      co_return told_as;
    }
    if (some->empty()) co_return std::string("end");
  }
}

Awaitable<void> post_all(RelayRig& rig, std::string path, std::vector<std::string> bodies,
                         base::Duration patience) {
  Instant deadline = rig.kernel.now() + patience;
  auto connected = co_await rig.till.connect(kWanAt, deadline);
  if (!connected) {
    note(rig.kernel, rig.log, "connect: " + told(connected));
    co_return;
  }
  Channel channel = std::move(*connected);
  for (const std::string& body : bodies) {
    deadline = rig.kernel.now() + patience;
    std::string what = co_await exchange(rig, *channel, path, body, deadline);
    note(rig.kernel, rig.log, std::move(what));
  }
}

}  // namespace

RelayRig::RelayRig(bool connect_faults)
    : Rig(connect_faults ? Conditions{} : Conditions{20ms, 0}),
      ports{kernel::make_executor(kernel, wan_lane),
            clock,
            wan_timer,
            entropy,
            wan,
            disk,
            recorder,
            [this] { return kernel::make_alarm(kernel, wan_lane); }} {
  if (connect_faults) network_does_faults = false;
  kernel::spawn(kernel, cloud_lane, serve(*this));
  relay.emplace(ports, Relay::Settings{kWanAt, kCloudAt, connect_faults}, link, tape);
  const auto started = relay->start();
  EXPECT_TRUE(started);
}

void RelayRig::post_at(base::Duration when, std::string path, std::string body,
                       base::Duration patience) {
  post_all_at(when, std::move(path), {std::move(body)}, patience);
}

void RelayRig::post_all_at(base::Duration when, std::string path, std::vector<std::string> bodies,
                           base::Duration patience) {
  at(when, [this, path = std::move(path), bodies = std::move(bodies), patience] {
    kernel::spawn(kernel, till_lane, post_all(*this, path, bodies, patience));
  });
}

}  // namespace tillrig::net

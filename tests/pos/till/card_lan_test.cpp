// What became of a payment, as the other tills of the shop know it (MP-26).
#include "devices/terminal/device.hpp"
#include "pos/wire/attempt.hpp"
#include "tests/pos/till/lan_neighbour.hpp"

#include <tuple>

namespace tillrig::till {
namespace {

class CardOnLanTest : public LanTest {
 protected:
  void open_with_terminal(bool on_the_lan) {
    device.emplace(terminal::TerminalSetup());
    listener = *rig.cloud.listen({"cloud", 20007, false});
    kernel::spawn(rig.kernel, rig.cloud_lane, serving());
    with = on_the_lan ? on_lan() : config();
    with.devices["terminal"] = {"cloud", 20007, false};
    cloud.rule = [this](const base::HttpRequest& request) { return answer_of_cloud(request); };
    open(with);
  }
  std::optional<sync::ScriptedCloud::Reply> answer_of_cloud(const base::HttpRequest& request) {
    if (!wan) {
      base::HttpResponse nobody;
      nobody.status = 503;
      return sync::ScriptedCloud::Reply{nobody, {}};
    }
    if (request.target != "/v1/attempts/" + known.id) return std::nullopt;
    return sync::ScriptedCloud::Reply{sync::ScriptedCloud::ours(wire::write_json(known)), {}};
  }
  base::Awaitable<void> serving() {
    for (;;) {
      auto connected = co_await listener->accept();
      if (!connected) co_return;
      if (dark) continue;
      channel = std::move(*connected);
      device->line_up(rig.kernel.now());
      for (;;) {
        base::Bytes out = device->poll(rig.kernel.now());
        if (out.empty()) {
          const base::Instant next = std::min(device->poll_at(), rig.kernel.now() + 50ms);
          auto in = co_await channel->read(4096, next);
          if (!in && in.error().code != base::Code::timeout) break;
          if (in && in->empty()) break;
          if (in) out = device->feed(*in, rig.kernel.now());
        }
        if (!out.empty()) {
          auto written = co_await channel->write(std::move(out), base::Instant::never());
          if (!written) break;
        }
        if (dark || device->hang_up() != devices::HangUp::no) break;
      }
      channel->close();
      device->line_down(rig.kernel.now());
    }
  }
  // The terminal has taken the money, its answer is lost, and it is not heard of again.
  std::string charged_and_never_heard() {
    EXPECT_TRUE(device->handle("cut", "outcome reset", rig.kernel.now()));
    EXPECT_TRUE(handle(Enter{"milk"}));
    EXPECT_TRUE(handle(Tender{"card", Money{129}}));
    pass(6s);
    dark = true;
    if (channel) channel->close();
    pass(10s);
    for (const auto& [prompt, button] :
         {std::pair("card_unknown", "Re-sync"), std::pair("card_still_unknown", "Re-sync again"),
          std::pair("card_unresolved", "Close & back to Register")}) {
      EXPECT_TRUE(handle(Press{prompt, button})) << prompt;
      pass(20s);
    }
    const auto closed = handle(Sales())->unpaid;
    EXPECT_EQ(closed.size(), 1U);
    return closed.empty() ? std::string() : closed[0].attempt;
  }
  [[nodiscard]] wire::AttemptKnown approved(const std::string& id) const {
    wire::AttemptKnown told;
    told.id = id;
    told.outcome = wire::AttemptOutcome::approved;
    told.amount = Money{129};
    told.currency = "EUR";
    told.till = "till-1";
    return told;
  }
  // The other till answers each question about it.
  void other_answers() {
    for (const lan::News& news : std::exchange(heard, {})) {
      const auto* const asked = std::get_if<lan::AttemptAsked>(&news);
      if (asked == nullptr || asked->attempt != known.id) continue;
      other->member().tell_attempt(known.id, asked->by, wire::write_json(known));
      other->kick();
    }
  }
  void pass_with_other(base::Duration time) {
    for (base::Duration gone{}; gone < time; gone += 50ms) {
      pass(50ms);
      if (other) other_answers();
    }
  }
  std::size_t sales() { return handle(Sales())->sales->size(); }

  std::optional<terminal::TerminalDevice> device;
  base::Channel channel;
  std::unique_ptr<ports::Listener> listener;
  Config with;
  wire::AttemptKnown known;
  bool dark = false;
  bool wan = true;
};

class FourCells : public CardOnLanTest,
                  public ::testing::WithParamInterface<std::tuple<bool, bool>> {};

// Internet and LAN, each up and down: who can say it is asked, and however often it is said the
// order is paid once.
TEST_P(FourCells, AResultThatSomebodyHasIsFoundAndCountsOnce) {
  const auto [internet, lan] = GetParam();
  open_with_terminal(true);
  if (lan) meet_other();
  const std::string attempt = charged_and_never_heard();
  wan = internet;
  pass(1min);
  EXPECT_EQ(sales(), 0U);
  known = approved(attempt);
  ask(Reload());
  pass_with_other(10s);
  EXPECT_EQ(sales(), internet || lan ? 1U : 0U);
  EXPECT_EQ(handle(Sales())->unpaid.size(), internet || lan ? 0U : 1U);
  if (internet || lan) {
    EXPECT_EQ(screen.last<CardShown>()->from, lan ? wire::Channel::lan : wire::Channel::oms);
  }
  // All say it once more.
  wan = true;
  if (lan) other->member().tell_attempt(attempt, "till-1", wire::write_json(known));
  if (lan) other->kick();
  pass_with_other(40s);
  ask(Reload());
  pass_with_other(20s);
  EXPECT_EQ(sales(), 1U);
  EXPECT_TRUE(handle(Sales())->unpaid.empty());
}

INSTANTIATE_TEST_SUITE_P(OfInternetAndLan, FourCells,
                         ::testing::Combine(::testing::Bool(), ::testing::Bool()));

TEST_F(CardOnLanTest, DownloadNeedsNoInternetWhereAnotherTillKnows) {
  open_with_terminal(true);
  meet_other();
  const std::string attempt = charged_and_never_heard();
  wan = false;
  pass(1min);
  const std::string order = handle(Sales())->unpaid.at(0).order;
  ask(Download{order});
  pass_with_other(6s);
  EXPECT_EQ(code(answer), base::Code::needs_connection) << "it does not know yet";
  known = approved(attempt);
  ask(Download{order});
  pass_with_other(6s);
  EXPECT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(sales(), 1U);
}

// The result of one order never lands on another one (odoo/odoo#75246).
TEST_F(CardOnLanTest, AResultOfAnotherOrderChangesNothing) {
  open_with_terminal(true);
  meet_other();
  const std::string attempt = charged_and_never_heard();
  for (const std::string& id : {std::string("till-1-1-999"), std::string("till-2-1-2")}) {
    other->member().tell_attempt(attempt, "till-1", wire::write_json(approved(id)));
    other->kick();
    pass(1s);
  }
  EXPECT_EQ(sales(), 0U);
  wire::AttemptKnown more = approved(attempt);
  more.amount = Money{999};
  other->member().tell_attempt(attempt, "till-1", wire::write_json(more));
  other->member().tell_attempt(attempt, "till-1", "{rubbish");
  other->kick();
  pass(1s);
  EXPECT_EQ(sales(), 0U) << "another amount than was asked for";
}

// Each record says who knows of it.
TEST_F(CardOnLanTest, ASaleIsLocalThenOnTheLanThenInTheCloud) {
  open_with_terminal(true);
  wan = false;
  pass(1min);
  static_cast<void>(handle(Press{"no_internet", "Continue"}));
  ASSERT_TRUE(sell({"milk"}));
  EXPECT_EQ(handle(Sales())->sales->at(0).at, "local");
  meet_other();
  EXPECT_EQ(handle(Sales())->sales->at(0).at, "lan");
  wan = true;
  pass(1min);
  EXPECT_EQ(handle(Sales())->sales->at(0).at, "oms");
}

}  // namespace
}  // namespace tillrig::till

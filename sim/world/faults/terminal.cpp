// What can happen to the line between a till and its card terminal, once.
#include "devices/terminal/device.hpp"
#include "sim/world/device_post.hpp"

namespace tillrig::world::terminal_faults {
namespace {

terminal::TerminalDevice& device_of(DevicePost& post) {
  return static_cast<terminal::TerminalDevice&>(post.device());
}

words::Row<words::Fault> cut_row() {
  words::Fault fault;
  fault.name = "terminal.cut";
  fault.doc =
      "The line to the card terminal is cut once, at a point of the next payment: the connection "
      "breaks (reset, close), falls silent until it is made anew (silent), or one message is lost, "
      "comes twice or late.";
  fault.params = {
      {"at", words::Kind::text, "where", true,
       "before_taken after_taken card_in approved outcome outcome_ack printing before_end end "
       "end_ack"},
      {"how", words::Kind::text, "how", false, "reset close silent lose twice late", "reset"}};
  fault.example = R"({ fault = "terminal.cut", till = "till-1", at = "outcome", how = "silent" })";
  fault.domain = "terminal";
  fault.heals = "It is not cut any more; nothing was held.";
  fault.start = [](words::Target& target, words::FaultId, const words::Args& args) {
    auto& post = static_cast<DevicePost&>(target);
    static_cast<void>(post.handle("cut", args.text("at") + " " + args.text("how", "reset")));
  };
  fault.heal = [](words::Target& target, words::FaultId id) {
    auto& post = static_cast<DevicePost&>(target);
    auto& protocol = device_of(post).protocol();
    if (!protocol.armed()) post.fired(id);
    protocol.disarm();
  };
  return words::Row<words::Fault>(std::move(fault));
}
const auto kCut = cut_row();

words::Row<words::Fault> message_row() {
  words::Fault fault;
  fault.name = "terminal.message";
  fault.doc =
      "Something happens to the n-th message on the line to the card terminal, in either "
      "direction, counted from the moment the till takes a card.";
  fault.params = {
      {"n", words::Kind::count, "which message, from 1", true},
      {"how", words::Kind::text, "what happens to it", true, "lost reset reset_after twice late"},
      {"by", words::Kind::lasting, "so late; 10 s if left out"}};
  fault.example = R"({ fault = "terminal.message", till = "till-1", n = 5, how = "lost" })";
  fault.domain = "terminal";
  fault.heals = "No message is met any more; one that comes late comes when it comes.";
  fault.start = [](words::Target& target, words::FaultId id, const words::Args& args) {
    const auto how = base::by_name<CutMessage>(args.text("how")).value_or(CutMessage::lost);
    static_cast<DevicePost&>(target).cut().arm(id, static_cast<std::uint64_t>(args.number("n")),
                                               how, args.duration("by", std::chrono::seconds(10)));
  };
  fault.heal = [](words::Target& target, words::FaultId id) {
    static_cast<DevicePost&>(target).cut().disarm(id);
  };
  return words::Row<words::Fault>(std::move(fault));
}
const auto kMessage = message_row();

}  // namespace
}  // namespace tillrig::world::terminal_faults

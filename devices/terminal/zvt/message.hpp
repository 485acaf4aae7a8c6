#pragma once

#include "devices/terminal/zvt/apdu.hpp"
#include "devices/terminal/zvt/body.hpp"

namespace tillrig::terminal::zvt {

// An APDU taken apart: what some messages have in front of their fields, and the fields.
struct Message {
  Command command;
  Body::Text password;    // six digits
  Body::Number config;    // registration: the bits kTillPrints... below
  Body::Number currency;  // registration, ISO 4217 numeric
  Body::Text version;     // completion of a status enquiry
  Body::Number code;      // 04 FF what it does; 06 1E why; 06 0F, after an enquiry, its state
  Body::Number minutes;   // 04 FF: the time-out T4 from now on
  Body body;
  base::Bytes text;  // 06 D1: one line; 06 D3: its lines, each ended by a line feed

  bool operator==(const Message&) const = default;
};

// The configuration byte of a registration.
inline constexpr unsigned kTillPrintsPayments = 0x02;
inline constexpr unsigned kTillPrintsAdmin = 0x04;
inline constexpr unsigned kWantsIntermediate = 0x08;
inline constexpr unsigned kTillControlsAmount = 0x10;
inline constexpr unsigned kTillControlsAdmin = 0x20;
inline constexpr unsigned kPrintsByLines = 0x80;

// The service byte of a repeat receipt.
inline constexpr unsigned kWithStatusInfo = 0x01;
inline constexpr unsigned kDoNotPrint = 0x02;

Apdu write(const Message& message);
// Errors: protocol, naming the message and what of it cannot be read.
base::Result<Message> read(const Apdu& apdu);

}  // namespace tillrig::terminal::zvt

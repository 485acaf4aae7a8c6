#include "devices/printer/command_parser.hpp"

#include "devices/printer/protocol.hpp"

#include <string_view>
#include <utility>

namespace tillrig::printer {
namespace {

constexpr char kFs = '\x1c';

// How far a command reaches, as far as its first bytes tell.
struct Shape {
  enum class End { at_length, at_nul, unknown };
  End end = End::at_length;
  std::size_t length = 0;  // the whole command, or as much as must be seen to know more
};

constexpr Shape kUnknown = {Shape::End::unknown, 0};

Shape bytes(std::size_t length) {
  return {Shape::End::at_length, length};
}

std::size_t at(base::ByteView command, std::size_t index) {
  return static_cast<unsigned char>(command[index]);
}

std::size_t word(base::ByteView command, std::size_t index) {
  return at(command, index) + (at(command, index + 1) << 8U);
}

bool any_of(char byte, std::string_view set) {
  return set.find(byte) != std::string_view::npos;
}

Shape shape_of_esc(base::ByteView command) {
  const char second = command[1];
  if (any_of(second, "@2imLSv")) return bytes(2);
  if (any_of(second, "!-3EGJKMRTUV{adtreu= ")) return bytes(3);
  if (any_of(second, "$\\c")) return bytes(4);
  if (second == 'p') return bytes(5);
  if (second == 'W') return bytes(10);
  if (second == 'D') return {Shape::End::at_nul, 3};
  if (second == '*') {
    if (command.size() < 5) return bytes(5);
    const std::size_t per_column = at(command, 2) < 32 ? 1 : 3;
    return bytes(5 + word(command, 3) * per_column);
  }
  return kUnknown;
}

Shape shape_of_bar_code(base::ByteView command) {
  if (command.size() < 3) return bytes(3);
  if (at(command, 2) <= 6) return {Shape::End::at_nul, 4};
  if (command.size() < 4) return bytes(4);
  return bytes(4 + at(command, 3));
}

Shape shape_of_gs(base::ByteView command) {
  const char second = command[1];
  if (second == ':') return bytes(2);
  if (any_of(second, "!BHfhwrIab/T")) return bytes(3);
  if (any_of(second, "LWP$\\")) return bytes(4);
  if (second == '^') return bytes(5);
  if (second == 'k') return shape_of_bar_code(command);
  if (second == 'V') {
    if (command.size() < 3) return bytes(3);
    return bytes(any_of(command[2], "ABabgh") ? 4 : 3);
  }
  if (second == '(') return bytes(command.size() < 5 ? 5 : 5 + word(command, 3));
  if (second == '8') {
    return bytes(command.size() < 7 ? 7 : 7 + word(command, 3) + (word(command, 5) << 16U));
  }
  if (second == 'v') {
    return bytes(command.size() < 8 ? 8 : 8 + word(command, 4) * word(command, 6));
  }
  if (second == '*') return bytes(command.size() < 4 ? 4 : 4 + at(command, 2) * at(command, 3) * 8);
  return kUnknown;
}

Shape shape_of_fs(base::ByteView command) {
  const char second = command[1];
  if (any_of(second, "&.")) return bytes(2);
  if (any_of(second, "!-CW")) return bytes(3);
  if (any_of(second, "Sp")) return bytes(4);
  if (second == '(') return bytes(command.size() < 5 ? 5 : 5 + word(command, 3));
  return kUnknown;
}

Shape shape_of_dle(base::ByteView command) {
  const char second = command[1];
  if (second == kEot || second == kEnq) return bytes(3);
  if (second == kDc4) {
    if (command.size() < 3) return bytes(3);
    return bytes(command[2] == '\x08' ? 10 : 5);
  }
  return kUnknown;
}

Shape shape_of(base::ByteView command) {
  if (command.size() < 2) return bytes(2);
  switch (command[0]) {
    case kEsc:
      return shape_of_esc(command);
    case kGs:
      return shape_of_gs(command);
    case kFs:
      return shape_of_fs(command);
    default:
      return shape_of_dle(command);
  }
}

bool leads_a_command(char byte) {
  return byte == kEsc || byte == kGs || byte == kFs || byte == kDle;
}

}  // namespace

std::optional<Unit> CommandParser::take(unsigned char value) {
  const char byte = static_cast<char>(value);
  if (command_.empty() && !leads_a_command(byte)) {
    Unit unit;
    unit.bytes = byte;
    if (any_of(byte, "\n\r\t\f")) {
      unit.kind = Unit::Kind::command;
    } else if (value < 0x20 || value == 0x7f) {
      unit.kind = Unit::Kind::unknown;
    }
    return unit;
  }
  ++taken_;
  if (command_.size() < kKeep) command_ += byte;
  const Shape shape = shape_of(command_);
  switch (shape.end) {
    case Shape::End::unknown:
      return done(Unit::Kind::unknown);
    case Shape::End::at_nul:
      if (taken_ >= shape.length && byte == '\0') return done(Unit::Kind::command);
      return std::nullopt;
    case Shape::End::at_length:
      if (taken_ >= shape.length) return done(Unit::Kind::command);
      return std::nullopt;
  }
  return std::nullopt;
}

void CommandParser::reset() {
  command_.clear();
  taken_ = 0;
}

Unit CommandParser::done(Unit::Kind kind) {
  Unit unit{kind, std::exchange(command_, {})};
  taken_ = 0;
  return unit;
}

}  // namespace tillrig::printer

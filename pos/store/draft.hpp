#pragma once

#include "pos/ports/recorder.hpp"
#include "pos/store/entry.hpp"
#include "pos/wire/event.hpp"

#include <span>
#include <string_view>

namespace tillrig::store {

// An event on its way into both copies, with the bytes that all of them are made of.
struct Draft {
  wire::Event event;
  Entry entry;
};

Draft draft_of(wire::Event event);

// One mark for each event, with its kind, total and receipt number.
void note(ports::Recorder& recorder, std::string_view mark, std::span<const Draft> drafts);

}  // namespace tillrig::store

#pragma once

#include "pos/base/time.hpp"
#include "sim/trace/event.hpp"
#include "sim/trace/reader.hpp"

#include <string>

namespace tillrig::trace {

// "12.345000000s": seconds since the start of the run, all nine digits, so that texts of equal
// times are equal.
void append_time(std::string& out, base::Instant time);

// Events and records as one JSON object each, without a line end. Every field of an event is there
// (no sale is "", no cause 0, no line 0), but for the duration of one that has none; ids are
// resolved, so two runs compare as text. A blob shows its hash and length; an argument of a kind
// that this tillrig does not know shows as null.
//
//   {"n":7,"t":"1.500000000s","lane":"till-1/outbox","name":"ack","sale":"S-000417","cause":5,
//    "severity":"info","line":12,"args":{"try":2,"reason":"timeout"}}
//   {"fault":"wan.down","edge":"began","after":7,"t":...,"target":"till-1","line":9}
//   {"violation":"INV-06","after":9,"t":...,"sale":...,"line":...,"text":...,"chain":[5,7]}
//   {"snapshot":"till-1","after":9,"t":...,"state":{...}}
void append_json(std::string& out, const Reader& reader, const Event& event);
void append_json(std::string& out, const Reader& reader, const Record& record);

// The same for people: columns for time, number, lane and name, then what there is.
void append_plain(std::string& out, const Reader& reader, const Event& event);
void append_plain(std::string& out, const Reader& reader, const Record& record);

}  // namespace tillrig::trace

#include "pos/store/draft.hpp"

#include <utility>

namespace tillrig::store {

Draft draft_of(wire::Event event) {
  Draft draft;
  draft.entry.body = wire::encode(event);
  Head& head = draft.entry.head;
  head.key = key_of(event.id);
  head.kind = static_cast<std::uint8_t>(event.kind);
  head.wall = event.wall;
  head.hash = base::blake2b(draft.entry.body);
  if (const auto* document = std::get_if<wire::Document>(&event.body)) {
    head.number = document->number;
    head.total = document->total;
  }
  draft.event = std::move(event);
  return draft;
}

void note(ports::Recorder& recorder, std::string_view mark, std::span<const Draft> drafts) {
  for (const Draft& draft : drafts) {
    const std::string sale = draft.event.id.text();
    const std::string kind = wire::kind_text(draft.event.kind);
    recorder.note({mark, sale}, {{"kind", std::string_view(kind)},
                                 {"total", draft.entry.head.total.minor},
                                 {"number", static_cast<std::int64_t>(draft.entry.head.number)}});
  }
}

}  // namespace tillrig::store

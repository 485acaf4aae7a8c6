#include "sim/trace/selection.hpp"

#include "pos/base/nearest.hpp"

namespace tillrig::trace {

base::Result<Selection> Selection::of(const Reader& reader, const Asked& asked) {
  Selection selection(reader, asked);
  if (!asked.sale.empty()) {
    selection.find_other_names();
    std::set<std::string_view> sales;
    auto cursor = reader.from();
    Event event;
    while (cursor.next(event)) {
      if (event.sale.id != 0) sales.insert(reader.text(event.sale));
    }
    if (!sales.contains(asked.sale)) {
      const std::vector<std::string_view> all(sales.begin(), sales.end());
      const std::string_view nearest = base::nearest(asked.sale, all);
      const std::string_view known = !nearest.empty() ? nearest
                                     : all.empty()    ? "none"
                                                      : all.front();
      return base::fail(base::Code::not_found,
                        "{} has {} sales and none of them is \"{}\"; {} \"{}\"?", reader.called(),
                        all.size(), asked.sale, nearest.empty() ? "perhaps" : "did you mean",
                        known);
    }
  }
  if (!asked.lane.empty()) {
    const std::vector<std::string_view> lanes(reader.lanes().begin(), reader.lanes().end());
    bool found = false;
    for (const std::string_view lane : lanes) found = found || selection.on_lane(lane);
    if (!found) return base::unknown_word("lane in " + reader.called(), asked.lane, lanes);
  }
  return selection;
}

// A cart has a name of its own until it is a sale; the mark of that change knows both.
void Selection::find_other_names() {
  sales_.insert(asked_.sale);
  auto cursor = reader_.from();
  Event event;
  while (cursor.next(event)) {
    if (reader_.text(event.name) != "sale.numbered") continue;
    for (const Arg& arg : event.args) {
      if (reader_.text(arg.key) != "was" || arg.kind != ArgKind::name) continue;
      const std::string_view was = reader_.text(Name{static_cast<std::uint32_t>(arg.number)});
      const std::string_view is = reader_.text(event.sale);
      if (was != asked_.sale && is != asked_.sale) continue;
      sales_.emplace(was);
      sales_.emplace(is);
    }
  }
}

bool Selection::on_lane(std::string_view lane) const {
  if (asked_.lane.empty() || lane == asked_.lane) return true;
  return lane.starts_with(asked_.lane) && lane[asked_.lane.size()] == '/';
}

bool Selection::of_sale(Name sale) const {
  return sales_.empty() || sales_.contains(reader_.text(sale));
}

bool Selection::has(const Event& event) const {
  return event.time >= asked_.since && of_sale(event.sale) && on_lane(reader_.text(event.lane));
}

// A fault stands beside whatever was asked for: it may be why.
bool Selection::has(const Record& record) const {
  if (const auto* const fault = std::get_if<Fault>(&record)) return fault->time >= asked_.since;
  if (const auto* const violation = std::get_if<Violation>(&record)) {
    return violation->time >= asked_.since && of_sale(violation->sale);
  }
  const auto& snapshot = std::get<Snapshot>(record);
  return snapshot.time >= asked_.since && sales_.empty() && on_lane(reader_.text(snapshot.lane));
}

}  // namespace tillrig::trace

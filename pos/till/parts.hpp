#pragma once

#include "pos/pay/loyalty.hpp"
#include "pos/ports/ports.hpp"
#include "pos/store/store.hpp"
#include "pos/sync/service.hpp"
#include "pos/till/business_day.hpp"
#include "pos/till/config.hpp"
#include "pos/till/devices/device_line.hpp"
#include "pos/till/outage.hpp"
#include "pos/till/prompts.hpp"
#include "pos/till/screen.hpp"

#include <memory>
#include <vector>

namespace tillrig::till {

// What the objects of an opened till share. The Till owns all of it.
struct Parts {
  const ports::Ports& ports;
  const Config& config;
  Screen& screen;
  Prompts& prompts;
  store::Store& store;
  BusinessDay& day;
  Outage& outage;
  sync::Service& service;
  pay::Loyalty& loyalty;
  const std::vector<std::unique_ptr<DeviceLine>>& devices;

  // Shows what waits to be sent.
  void show_counters() const;
  // Tells the cashier why something was not done.
  void refuse(const base::Error& error) const;
};

}  // namespace tillrig::till

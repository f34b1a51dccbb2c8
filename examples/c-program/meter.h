// Readings of meters go over the System V queue of ftok(PATH, 'm'); orders to meterd come back over the same one.
#ifndef METER_H
#define METER_H

#include <stdint.h>
#include <time.h>

enum meter_kind { METER_POWER = 1, METER_FAULT = 2 };

struct meter_power {
  float volts, amps;
  uint32_t watt_hours;
};

struct meter_fault {
  uint16_t code;
  char text[26];
};

struct meter_message {
  long mtype;  // the meter's number, 1 to 99
  enum meter_kind kind;
  struct timespec at;
  unsigned phase : 2, estimated : 1;
  union {
    struct meter_power power;
    struct meter_fault fault;
  } u;
};

// An order has this type and is text.
enum { METER_ORDER = 100 };

#endif

/** The structs of meter.h: what hostmq/codegen makes of it, with the words for `kind` and the union's `by` put in by hand. */
import { c, struct } from "hostmq";

const timespec = struct({ tv_sec: c.number(c.long), tv_nsec: c.number(c.long) }, { name: "timespec" });
const power = struct({ volts: c.f32, amps: c.f32, watt_hours: c.u32 }, { name: "meter_power" });
const fault = struct({ code: c.u16, text: c.text(26, { full: true }) }, { name: "meter_fault" });

/** `struct meter_message` behind its `mtype`, which System V carries apart. */
export const MeterBody = struct(
  {
    kind: c.enum({ power: 1, fault: 2 }),
    at: timespec,
    phase: c.bits(c.unsignedInt, 2),
    estimated: c.bits(c.unsignedInt, 1),
    u: c.union({ power, fault }, { by: "kind" }),
  },
  { name: "meter_body" },
);

/** METER_ORDER: the type of the messages that are for meterd. */
export const orderType = 100;

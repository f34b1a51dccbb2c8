/** Collects the readings of a C program that is there already, and stops it after some of them. */
import { ftok, SysVQueue, text } from "hostmq";
import { MeterBody, orderType } from "./meter.js";

const [path = "/tmp"] = process.argv.slice(2);
const key = ftok(path, "m".charCodeAt(0));
const amount = 5;

using readings = SysVQueue.open(key, { codec: MeterBody });
// The same queue again: orders are text and have a type of their own.
using orders = SysVQueue.open(key, { codec: text, type: orderType });

let collected = 0;
// Whatever is not for meterd, in the order in which it was sent.
for await (const { type: meter, body } of readings.messages({ except: orderType })) {
  if (body.u.fault) console.log(`meter ${meter}: fault ${body.u.fault.code}, ${body.u.fault.text}`);
  else {
    const { volts, amps, watt_hours } = body.u.power;
    const about = body.estimated ? "about " : "";
    console.log(`meter ${meter}: ${about}${watt_hours} Wh, ${(volts * amps).toFixed(0)} W on phase ${body.phase}`);
  }
  collected += 1;
  if (collected === amount) break;
}
await orders.send("stop");

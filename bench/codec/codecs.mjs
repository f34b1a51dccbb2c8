// What typed messages cost beside doing it by hand, part of scripts/bench: ratios, round by round; below 1.00 is faster.
import { c, json, struct } from "../../dist/index.js";
import { median, quartiles } from "../lib/statistics.mjs";

const ROUNDS = 31;
const CALLS = 50_000;
const BODIES = 64;

const Tick = struct({
  id: c.u32,
  account: c.i32,
  qty: c.u16,
  side: c.u8,
  flags: c.u8,
  price: c.f64,
  stop: c.f64,
  seq: c.u32,
  venue: c.i16,
  delta: c.f32,
});
const ticks = Array.from({ length: BODIES }, (_, n) => ({
  id: 4_000_000_000 + n,
  account: -n,
  qty: 300 + n,
  side: n & 1,
  flags: n,
  price: 101.25 + n,
  stop: 99.5,
  seq: n,
  venue: -3,
  delta: 0.5,
}));

function encodeTickByHand(value) {
  const body = Buffer.allocUnsafe(48);
  const view = new DataView(body.buffer, body.byteOffset, 48);
  view.setUint32(0, value.id, true);
  view.setInt32(4, value.account, true);
  view.setUint16(8, value.qty, true);
  view.setUint8(10, value.side);
  view.setUint8(11, value.flags);
  view.setUint32(12, 0, true);
  view.setFloat64(16, value.price, true);
  view.setFloat64(24, value.stop, true);
  view.setUint32(32, value.seq, true);
  view.setInt16(36, value.venue, true);
  view.setUint16(38, 0, true);
  view.setFloat32(40, value.delta, true);
  view.setUint32(44, 0, true);
  return body;
}

function decodeTickByHand(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  return {
    id: view.getUint32(0, true),
    account: view.getInt32(4, true),
    qty: view.getUint16(8, true),
    side: view.getUint8(10),
    flags: view.getUint8(11),
    price: view.getFloat64(16, true),
    stop: view.getFloat64(24, true),
    seq: view.getUint32(32, true),
    venue: view.getInt16(36, true),
    delta: view.getFloat32(40, true),
  };
}

const Order = struct({
  id: c.u64,
  account: c.i32,
  side: c.enum({ BUY: 0, SELL: 1 }),
  qty: c.u16,
  live: c.bool,
  symbol: c.text(13),
  price: c.f64,
  at: c.i64,
  venue: c.i16,
  hops: c.u8,
});
const orders = Array.from({ length: BODIES }, (_, n) => ({
  id: 2n ** 60n + BigInt(n),
  account: -n,
  side: n & 1 ? "SELL" : "BUY",
  qty: n,
  live: (n & 2) === 0,
  symbol: `SYM${n}`,
  price: n + 0.25,
  at: 1_700_000_000_000_000_000n,
  venue: -2,
  hops: 3,
}));
const SIDES = ["BUY", "SELL"];

function encodeOrderByHand(value) {
  const body = Buffer.allocUnsafe(56);
  const view = new DataView(body.buffer, body.byteOffset, 56);
  view.setBigUint64(0, value.id, true);
  view.setInt32(8, value.account, true);
  view.setUint32(12, value.side === "BUY" ? 0 : 1, true);
  view.setUint16(16, value.qty, true);
  view.setUint8(18, value.live ? 1 : 0);
  body.fill(0, 19, 32);
  body.write(value.symbol, 19);
  view.setFloat64(32, value.price, true);
  view.setBigInt64(40, value.at, true);
  view.setInt16(48, value.venue, true);
  view.setUint8(50, value.hops);
  view.setUint8(51, 0);
  view.setUint32(52, 0, true);
  return body;
}

function decodeOrderByHand(body) {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const end = body.indexOf(0, 19);
  return {
    id: view.getBigUint64(0, true),
    account: view.getInt32(8, true),
    side: SIDES[view.getUint32(12, true)],
    qty: view.getUint16(16, true),
    live: view.getUint8(18) !== 0,
    symbol: body.toString("utf8", 19, end === -1 || end > 32 ? 32 : end),
    price: view.getFloat64(32, true),
    at: view.getBigInt64(40, true),
    venue: view.getInt16(48, true),
    hops: view.getUint8(50),
  };
}

const jobs = Array.from({ length: BODIES }, (_, n) => ({
  id: n,
  path: `/srv/in/${n}.png`,
  tags: ["a", "b"],
  at: { x: n, y: 1.5 },
}));
const Job = json();

function spent(work, inputs) {
  const start = process.hrtime.bigint();
  let kept;
  for (let n = 0; n < CALLS; n++) kept = work(inputs[n % BODIES]);
  const nanoseconds = Number(process.hrtime.bigint() - start);
  if (kept === undefined) throw new Error("nothing was done");
  return nanoseconds / CALLS;
}

function compare(name, limit, ours, byHand, inputs) {
  const [mine, theirs] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    // Whoever goes second finds a warmer machine.
    if (round % 2 === 0) mine.push(spent(ours, inputs));
    theirs.push(spent(byHand, inputs));
    if (round % 2 === 1) mine.push(spent(ours, inputs));
  }
  return { name, limit, ns: median(mine), ratio: quartiles(mine.map((time, round) => time / theirs[round])) };
}

const bodiesOf = (encode, values) => values.map((value) => Buffer.from(encode(value)));

function checkSame(mine, hand, values) {
  if (!bodiesOf((value) => mine.encode(value), values).every((body, n) => body.equals(hand(values[n]))))
    throw new Error("unlike bytes");
}

/** Each codec's ratio to doing it by hand, with quartiles, and the most that it should be. */
export function codecRatios() {
  checkSame(Tick, encodeTickByHand, ticks);
  checkSame(Order, encodeOrderByHand, orders);
  const texts = bodiesOf((value) => JSON.stringify(value), jobs);
  const tickBodies = bodiesOf(encodeTickByHand, ticks);
  const orderBodies = bodiesOf(encodeOrderByHand, orders);
  return [
    compare("struct, 10 numbers, encode", 2, (value) => Tick.encode(value), encodeTickByHand, ticks),
    compare("struct, 10 numbers, decode", 2, (body) => Tick.decode(body), decodeTickByHand, tickBodies),
    compare("struct, 10 mixed fields, encode", 2, (value) => Order.encode(value), encodeOrderByHand, orders),
    compare("struct, 10 mixed fields, decode", 2, (body) => Order.decode(body), decodeOrderByHand, orderBodies),
    compare("json, encode and copy", 1.1, encodeJob, (value) => Buffer.from(JSON.stringify(value)), jobs),
    compare(
      "json, decode",
      1.1,
      (body) => Job.decode(body),
      (body) => JSON.parse(body.toString()),
      texts,
    ),
  ];
}

const encodeJob = (value) => Buffer.from(Job.encode(value));

/** Reads the structs of a C program, and stops it after some of them. */
import { endianness } from "node:os";
import { type Codec, PosixQueue, text } from "hostmq";

interface Reading {
  sensor: number;
  sequence: number;
  celsius: number;
}

/** `struct reading` of sensor.c: two uint32_t and a double, in the byte order of this host. */
const reading: Codec<Reading> = {
  contentType: "application/octet-stream",
  encode(value) {
    const bytes = Buffer.alloc(16);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    view.setUint32(0, value.sensor, littleEndian);
    view.setUint32(4, value.sequence, littleEndian);
    view.setFloat64(8, value.celsius, littleEndian);
    return bytes;
  },
  decode(bytes) {
    if (bytes.length !== 16) throw new Error(`a reading has 16 bytes, not ${bytes.length}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return {
      sensor: view.getUint32(0, littleEndian),
      sequence: view.getUint32(4, littleEndian),
      celsius: view.getFloat64(8, littleEndian),
    };
  },
};
const littleEndian = endianness() === "LE";

const [readingsName = "/hostmq-example-readings", commandsName = "/hostmq-example-commands"] = process.argv.slice(2);
const amount = 5;

try {
  using readings = PosixQueue.openOrCreate(readingsName, { codec: reading, maxMessages: 4, maxMessageSize: 16 });
  using commands = PosixQueue.openOrCreate(commandsName, { codec: text, maxMessages: 1, maxMessageSize: 64 });
  console.log("waiting for the sensor");
  let shown = 0;
  for await (const { body } of readings) {
    console.log(`sensor ${body.sensor}, reading ${body.sequence}: ${body.celsius.toFixed(1)} °C`);
    shown += 1;
    if (shown === amount) break;
  }
  await commands.send("stop");
} finally {
  // The sensor has both queues open and can still take its command.
  PosixQueue.unlink(readingsName);
  PosixQueue.unlink(commandsName);
}

import { unlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { eventModes } from "../lib/event-modes.mjs";

const path = ({ name }) => `${tmpdir()}/${name}.sock`;

/** Frames of a length of 32 bits and a body, both ways. */
function framed(socket) {
  let rest = Buffer.alloc(0);
  let handler = () => undefined;
  socket.on("data", (chunk) => {
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    while (data.length - start >= 4) {
      const end = start + 4 + data.readUInt32LE(start);
      if (end > data.length) break;
      handler(data.subarray(start + 4, end));
      start = end;
    }
    rest = data.subarray(start);
  });
  socket.on("error", () => undefined);
  return {
    onMessage: (listener) => (handler = listener),
    send(body) {
      const frame = Buffer.allocUnsafe(4 + body.length);
      frame.writeUInt32LE(body.length);
      frame.set(body, 4);
      return socket.write(frame);
    },
    drained: () => new Promise((resolve) => socket.once("drain", resolve)),
    end: () => socket.end(),
  };
}

export default {
  modes: {
    framed: {
      label: "Unix socket",
      family: "posix",
      ...eventModes({
        listen(context, ready) {
          return new Promise((resolve) => {
            const server = createServer((socket) => {
              server.close();
              resolve(framed(socket));
            });
            server.listen(path(context), ready);
          });
        },
        connect(context) {
          return new Promise((resolve) => {
            const socket = connect(path(context), () => resolve(framed(socket)));
          });
        },
      }),
      abandon: (context) => unlinkSync(path(context)),
    },
  },
};

import { tmpdir } from "node:os";
import { IPCModule } from "node-ipc";
import { eventModes } from "../lib/event-modes.mjs";

function configured({ name }) {
  const ipc = new IPCModule();
  Object.assign(ipc.config, { id: name, silent: true, socketRoot: `${tmpdir()}/`, appspace: "", maxRetries: 0 });
  return ipc;
}

export default {
  modes: {
    fast: {
      label: "node-ipc",
      family: "posix",
      ...eventModes({
        listen(context, ready) {
          const ipc = configured(context);
          return new Promise((resolve) => {
            ipc.serve(() => {
              ready();
              ipc.server.once("connect", (socket) => {
                resolve({
                  onMessage: (listener) => ipc.server.on("message", listener),
                  send: (text) => ipc.server.emit(socket, "message", text),
                  end: () => ipc.server.stop(),
                });
              });
            });
            ipc.server.start();
          });
        },
        connect(context) {
          const ipc = configured(context);
          const text = context.body.toString("latin1");
          return new Promise((resolve) => {
            ipc.connectTo(context.name, () => {
              const peer = ipc.of[context.name];
              peer.on("connect", () => {
                resolve({
                  onMessage: (listener) => peer.on("message", listener),
                  send() {
                    peer.emit("message", text);
                    return !peer.socket.writableNeedDrain;
                  },
                  drained: () => new Promise((drained) => peer.socket.once("drain", drained)),
                  end: () => ipc.disconnect(context.name),
                });
              });
            });
          });
        },
      }),
    },
  },
};

import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Pair, Pull, Push } from "zeromq";

const path = ({ name }) => `${tmpdir()}/${name}.zmq`;
const address = (context) => `ipc://${path(context)}`;

export default {
  modes: {
    ipc: {
      label: "zeromq",
      family: "posix",
      works: ["oneway", "pingpong"],
      async receiver(context, ready, warm, finished) {
        const socket = new Pull();
        await socket.bind(address(context));
        ready();
        for (let i = 0; i < context.count; i++) {
          if (i === context.warmUp) warm();
          await socket.receive();
        }
        finished();
        socket.close();
      },
      sender(context) {
        const socket = new Push();
        socket.connect(address(context));
        return {
          async all() {
            for (let i = 0; i < context.count; i++) await socket.send(context.body);
          },
          // What is on its way when the process exits is lost.
          end: () => new Promise((resolve) => setTimeout(resolve, 1000)),
        };
      },
      async echo(context, ready, finished) {
        const socket = new Pair();
        await socket.bind(address(context));
        ready();
        for (let i = 0; i < context.count; i++) await socket.send((await socket.receive())[0]);
        finished();
      },
      pinger(context) {
        const socket = new Pair();
        socket.connect(address(context));
        return {
          async trip() {
            await socket.send(context.body);
            await socket.receive();
          },
          end: () => socket.close(),
        };
      },
      abandon: (context) => rmSync(path(context), { force: true }),
    },
  },
};

import { eventModes } from "../lib/event-modes.mjs";

/** The channel of `fork`: the sender or pinger starts the other process. */
function channelTo(end, encode, decode) {
  let drained = () => undefined;
  let waiting = 0;
  return {
    onMessage: (listener) => end.on("message", (message) => listener(decode(message))),
    send(body) {
      waiting++;
      // `send` says false early; the callback tells when the message is written.
      end.send(encode(body), () => {
        if (--waiting < 32) drained();
      });
      return waiting < 64;
    },
    drained: () => new Promise((resolve) => (drained = resolve)),
    end: () => end.disconnect?.(),
  };
}

const mode = (serialization, label, encode, decode) => ({
  label,
  family: "posix",
  starts: true,
  ...eventModes({
    listen(_context, ready) {
      const channel = channelTo(process, encode, decode);
      ready();
      process.send(encode(Buffer.from("ready")));
      return channel;
    },
    connect(context) {
      const child = context.forkPeer(process.argv[4] === "send" ? "receive" : "echo", { serialization });
      return new Promise((resolve) => {
        child.once("message", () => resolve(channelTo(child, encode, decode)));
      });
    },
  }),
});

export default {
  modes: {
    json: mode(
      "json",
      "child_process, json",
      (body) => body.toString("latin1"),
      (text) => Buffer.from(text, "latin1"),
    ),
    advanced: mode(
      "advanced",
      "child_process, advanced",
      (body) => body,
      (body) => body,
    ),
  },
};

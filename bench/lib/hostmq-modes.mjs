// The ways to use a hostmq queue, for both families: `open(context, index)` gives the queue, `remove(queue)` removes it.

/** A frame of 8 KiB has no room for a message of 8 KiB. */
const largestCoalesced = 4096;
/** More bytes than a message takes up in a frame beside its body. */
const frameOverhead = 64;

export function hostmqModes(family, label, { open, openCoalesced, remove }) {
  const mode = (how, works, functions) => ({
    label: `hostmq ${label}, ${how}`,
    family,
    works,
    abandon: (context) => remove(open(context, 0)),
    ...functions,
  });

  const local = (send, receive) => (context) => {
    const queue = open(context, 0);
    return { send: send(queue, context), receive: receive(queue, context), end: () => remove(queue) };
  };

  const trySend =
    (queue, { body }) =>
    (messages) => {
      for (let i = 0; i < messages; i++) queue.trySend(body);
    };

  const receiver =
    (receiveAll, openFor = open) =>
    async (context, ready, warm, finished) => {
      const queue = openFor(context, 0);
      ready();
      await receiveAll(queue, context.warmUp);
      warm();
      await receiveAll(queue, context.count - context.warmUp);
      finished();
      remove(queue);
    };

  const sender =
    (sendAll, openFor = open) =>
    (context) => {
      const queue = openFor(context, 0);
      return { all: () => sendAll(queue, context), end: () => queue.close() };
    };

  const sendPromised = async (queue, { body, count }) => {
    for (let i = 0; i < count; i++) await queue.send(body);
  };

  const iterate = async (queue, count) => {
    let left = count;
    for await (const { body } of queue) if (body.length === 0 || --left === 0) break;
  };

  // As with a socket, which is not awaited for each message either.
  const sentAhead = 1024;
  const sendAhead = async (queue, { body, count }) => {
    for (let i = 1; i <= count; i++) {
      const sent = queue.send(body);
      if (i % sentAhead === 0 || i === count) await sent;
    }
  };

  const conversation = (answerAll, trip, openFor = open) => ({
    async echo(context, ready, finished) {
      const [incoming, outgoing] = [openFor(context, 0), openFor(context, 1)];
      ready();
      await answerAll(incoming, outgoing, context.count);
      finished();
      incoming.close();
      outgoing.close();
    },
    pinger(context) {
      const [outgoing, incoming] = [openFor(context, 0), openFor(context, 1)];
      // Only the pinger knows when the last answer was received.
      return { trip: trip(outgoing, incoming, context.body), end: () => (remove(outgoing), remove(incoming)) };
    },
  });

  const promised = conversation(
    async (incoming, outgoing, count) => {
      for (let i = 0; i < count; i++) await outgoing.send((await incoming.receive()).body);
    },
    (outgoing, incoming, body) => async () => {
      await outgoing.send(body);
      await incoming.receive();
    },
  );

  return {
    try: mode("tryReceive", ["pair", "drain"], {
      local: local(trySend, (queue) => (messages) => {
        for (let i = 0; i < messages; i++) queue.tryReceive();
      }),
    }),
    into: mode("receiveInto", ["pair", "drain"], {
      local: local(trySend, (queue) => {
        const into = Buffer.alloc(8192);
        return (messages) => {
          for (let i = 0; i < messages; i++) queue.receiveInto(into);
        };
      }),
    }),
    batch: mode("batches", ["batch", "oneway"], {
      local: local(
        (queue, { body }) => {
          let bodies = [];
          return (messages) => {
            if (bodies.length !== messages) bodies = Array(messages).fill(body);
            queue.trySendMany(bodies);
          };
        },
        (queue) => (messages) => {
          queue.tryReceiveMany(messages);
        },
      ),
      receiver: receiver(async (queue, count) => {
        for (let left = count; left > 0;) {
          const taken = queue.tryReceiveMany(Math.min(left, 64)).length;
          if (taken === 0) await queue.receive();
          left -= taken === 0 ? 1 : taken;
        }
      }),
      sender: sender(async (queue, { body, count }) => {
        const bodies = Array(64).fill(body);
        for (let left = count; left > 0;) {
          const sent = queue.trySendMany(left < bodies.length ? bodies.slice(0, left) : bodies);
          if (sent === 0) await queue.send(body);
          left -= sent === 0 ? 1 : sent;
        }
      }),
    }),
    promise: mode("receive()", ["drain", "oneway", "pingpong"], {
      local: local(trySend, (queue) => async (messages) => {
        for (let i = 0; i < messages; i++) await queue.receive();
      }),
      receiver: receiver(async (queue, count) => {
        for (let i = 0; i < count; i++) await queue.receive();
      }),
      sender: sender(sendPromised),
      ...promised,
    }),
    iterate: mode("for await", ["drain", "oneway"], {
      local: local(trySend, (queue) => {
        const messages = queue.messages();
        return async (count) => {
          for (let i = 0; i < count; i++) await messages.next();
        };
      }),
      receiver: receiver(iterate),
      sender: sender(sendPromised),
    }),
    coalesce: mode("coalesce, for await", ["drain", "oneway", "pingpong"], {
      share: 5,
      largest: largestCoalesced,
      overhead: frameOverhead,
      local(context) {
        const queue = openCoalesced(context, 0);
        const messages = queue.messages();
        return {
          send: (count) => void queue.trySendMany(Array(count).fill(context.body)),
          async receive(count) {
            for (let i = 0; i < count; i++) await messages.next();
          },
          end: () => remove(queue),
        };
      },
      receiver: receiver(iterate, openCoalesced),
      sender: sender(sendAhead, openCoalesced),
      ...conversation(
        async (incoming, outgoing, count) => {
          for (let i = 0; i < count; i++) await outgoing.send((await incoming.receive()).body);
        },
        (outgoing, incoming, body) => async () => {
          await outgoing.send(body);
          await incoming.receive();
        },
        openCoalesced,
      ),
    }),
    coalesceBatch: mode("coalesce, batches", ["oneway"], {
      share: 5,
      largest: largestCoalesced,
      receiver: receiver(async (queue, count) => {
        for (let left = count; left > 0;) {
          const taken = queue.tryReceiveMany(Math.min(left, 256)).length;
          if (taken === 0) await queue.receive();
          left -= taken === 0 ? 1 : taken;
        }
      }, openCoalesced),
      sender: sender(sendAhead, openCoalesced),
    }),
    sync: mode("Sync", ["oneway", "pingpong"], {
      receiver: receiver((queue, count) => {
        for (let i = 0; i < count; i++) queue.receiveSync();
      }),
      sender: sender((queue, { body, count }) => {
        for (let i = 0; i < count; i++) queue.sendSync(body);
      }),
      ...conversation(
        (incoming, outgoing, count) => {
          for (let i = 0; i < count; i++) outgoing.sendSync(incoming.receiveSync().body);
        },
        (outgoing, incoming, body) => () => {
          outgoing.sendSync(body);
          incoming.receiveSync();
        },
      ),
    }),
    // The other side is C: what one end in JavaScript costs an existing program.
    withC: mode("receive(), C at the other end", ["pingpong"], {
      otherEnd: { adapter: "c", mode: family },
      ...promised,
    }),
  };
}

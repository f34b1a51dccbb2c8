// The works for those who are told of messages by callback. `listen(context, ready)` and `connect(context)` give
// { onMessage(listener), send(body): false when the sender should wait, drained(): Promise, end() }.

export function eventModes({ listen, connect }) {
  return {
    works: ["oneway", "pingpong"],

    async receiver(context, ready, warm, finished) {
      const channel = await listen(context, ready);
      let left = context.count;
      await new Promise((resolve) => {
        channel.onMessage(() => {
          if (left === context.count - context.warmUp) warm();
          if (--left === 0) resolve();
        });
      });
      finished();
      channel.end();
    },

    async sender(context) {
      const channel = await connect(context);
      return {
        async all() {
          for (let i = 0; i < context.count; i++) {
            if (channel.send(context.body) === false) await channel.drained();
          }
        },
        end: () => channel.end(),
      };
    },

    async echo(context, ready, finished) {
      const channel = await listen(context, ready);
      let left = context.count;
      await new Promise((resolve) => {
        channel.onMessage((body) => {
          channel.send(body);
          if (--left === 0) resolve();
        });
      });
      finished();
      channel.end();
    },

    async pinger(context) {
      const channel = await connect(context);
      return {
        onAnswer: (listener) => channel.onMessage(listener),
        ask: () => channel.send(context.body),
        end: () => channel.end(),
      };
    },
  };
}

/** What each example of the commands is to do in the scene that examples.slow.test.ts sets. */
import assert from "node:assert/strict";
import { PosixQueue } from "hostmq";

/** Before each example `/jobs` has "one" (priority 5) and "two", and key 0x1234 "hundred" (type 100) and "seven" (type 7). */
export interface Scene {
  /** Messages in `/jobs`. */
  readonly posix: () => number;
  /** Messages in key 0x1234. */
  readonly sysv: () => number;
  /** Text of a file, empty when there is none. */
  readonly file: (name: string) => string;
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** How an example is run, and what is seen then. */
export interface Example {
  readonly needs?: "jq" | "gcc" | "terminal" | "root" | "an installed package";
  /** Shell to run before. */
  readonly before?: string;
  /** Shell that goes on beside it. */
  readonly beside?: string;
  readonly status?: number;
  readonly prints?: RegExp;
  readonly tells?: RegExp;
  /** For one that does not end by itself: what it has done when it may be ended. */
  readonly until?: (scene: Scene, stdout: string) => boolean;
  /** For one that wants a terminal: what it shows, and what is typed then. */
  readonly types?: readonly [seen: string, type: string];
  readonly leaves?: (scene: Scene) => void;
}

function messagesOf(name: string): string[] {
  using queue = PosixQueue.open(name);
  const taken = queue.tryReceiveMany(100);
  return taken.map(({ body }) => body.toString());
}

const dumped = "hostmq dump --take /jobs jobs.jsonl";

export const outcomes: Readonly<Record<string, Example>> = {
  "hostmq ls": { prints: /^posix +\/jobs .*\n(?:.*\n)*sysv +key:0x0*1234 /mu },
  "hostmq build": { needs: "an installed package" },
  "hostmq ls --sort messages": { before: "hostmq send /jobs three", prints: /0x0*1234 [^]*\/jobs /u },
  "hostmq ls --stale --output queue --no-header": {
    before: "hostmq create /test-1",
    prints: /^\/test-1$/mu,
  },
  "hostmq ls --json | jq '.[] | select(.messages > 100)'": { needs: "jq", prints: /^$/u },
  "hostmq stat /jobs key:0x1234": { prints: /\/jobs[^]*0x0*1234/u },
  "hostmq stat --json /jobs | jq '.[0].messages'": { needs: "jq", prints: /^2\n$/u },
  "hostmq create /jobs --max-messages 10 --max-size 1k": {
    before: "hostmq rm /jobs",
    leaves: () => {
      using queue = PosixQueue.open("/jobs");
      assert.deepEqual(queue.attributes(), { maxMessages: 10, maxMessageSize: 1024, currentMessages: 0 });
    },
  },
  "hostmq create key:0x1234 --mode 660": { before: "hostmq rm key:0x1234" },
  "queue=$(hostmq create --private)": {},
  "hostmq rm /jobs key:0x1234": {
    leaves: () => {
      assert.throws(() => PosixQueue.open("/jobs"), { code: "ENOENT" });
    },
  },
  "hostmq rm --dry-run '/test-*'": {
    before: "hostmq create /test-1",
    prints: /\/test-1/u,
    leaves: () => {
      PosixQueue.open("/test-1").close();
    },
  },
  "hostmq ls --not-empty --null | xargs -0r -n1 hostmq stat": { prints: /\/jobs[^]*0x0*1234/u },
  "hostmq ls --stale --null | xargs -0r hostmq rm": {
    before: "hostmq create /test-1",
    leaves: () => {
      assert.throws(() => PosixQueue.open("/test-1"), { code: "ENOENT" });
      PosixQueue.open("/jobs").close();
    },
  },
  "hostmq set /jobs --mode 660 --group staff": { needs: "root" },
  "hostmq set key:0x1234 --max-bytes 64k": { before: "echo 100000 > /proc/sys/kernel/msgmnb" },
  "hostmq send /jobs 'resize 17.png' --priority 5": {
    leaves: () => {
      assert.deepEqual(messagesOf("/jobs"), ["one", "resize 17.png", "two"]);
    },
  },
  "ls *.png | hostmq send key:0x1234 --lines --type 7": {
    leaves: ({ sysv }) => {
      assert.equal(sysv(), 4);
    },
  },
  "hostmq send /jobs -- -5": {
    leaves: () => {
      assert.deepEqual(messagesOf("/jobs"), ["one", "two", "-5"]);
    },
  },
  "hostmq send /pipe --size 8k --end < file": {
    before: "hostmq create /pipe --max-size 8k",
    leaves: () => {
      assert.deepEqual(
        messagesOf("/pipe").map(({ length }) => length),
        [8192, 8192, 3616, 0],
      );
    },
  },
  "hostmq send /jobs ping --count 1000 --rate 100": { until: ({ posix }) => posix() === 10 },
  "hostmq receive /jobs": { prints: /^one$/u },
  "hostmq receive /jobs --all --jsonl": { prints: /^\{.*"priority":5,"body":"one"\}\n\{.*"body":"two"\}\n$/u },
  "hostmq receive key:0x1234 --type 7 --timeout 2s": { prints: /^seven$/u },
  "hostmq receive /jobs --follow -- ./resize": { until: ({ file }) => file("resized") === "onetwo" },
  "hostmq receive /jobs --follow --on-failure put-back --exec 'xargs curl -fsS'": {
    until: ({ file }) => file("fetched") === "-fsS one\n-fsS two\n",
  },
  "hostmq peek key:0x1234 --jsonl": { prints: /^\{"type":100,"body":"hundred".*\n$/u },
  "hostmq peek key:0x1234 --all --type 7 --jsonl | wc -l": { prints: /^1\n$/u },
  "hostmq request key:0x1234 --expand '{pid} uptime'": {
    beside:
      'hostmq purge -q key:0x1234; { read -r pid what; hostmq send key:0x1234 "$what of $pid" --type "$pid"; } < <(hostmq receive key:0x1234 --lines) &',
    prints: /^uptime of \d+$/u,
  },
  "hostmq request /server --expand '{reply} uptime' --timeout 2s": {
    before: "hostmq create /server",
    beside: '{ read -r reply what; hostmq send "$reply" "$what by $reply"; } < <(hostmq receive /server --lines) &',
    prints: /^uptime by \/hostmq-reply-\d+$/u,
  },
  "hostmq purge /jobs": {
    leaves: ({ posix }) => {
      assert.equal(posix(), 0);
    },
  },
  "hostmq purge key:0x1234 --type 7": {
    leaves: ({ sysv }) => {
      assert.equal(sysv(), 1);
    },
  },
  "hostmq copy key:0x1234 /mirror --as-priority 0": {
    before: "hostmq create /mirror --max-size 8k",
    leaves: ({ sysv }) => {
      assert.deepEqual(messagesOf("/mirror"), ["hundred", "seven"]);
      assert.equal(sysv(), 2);
    },
  },
  "hostmq move /jobs /jobs-later": {
    before: "hostmq create /jobs-later",
    leaves: ({ posix }) => {
      assert.equal(posix(), 0);
      assert.deepEqual(messagesOf("/jobs-later"), ["one", "two"]);
    },
  },
  "hostmq move key:0x1234 /sevens --type 7 --as-priority 0": {
    before: "hostmq create /sevens",
    leaves: ({ sysv }) => {
      assert.equal(sysv(), 1);
      assert.deepEqual(messagesOf("/sevens"), ["seven"]);
    },
  },
  "hostmq dump key:0x1234 queue.jsonl": {
    leaves: ({ file, sysv }) => {
      assert.match(file("queue.jsonl"), /"end":2/u);
      assert.equal(sysv(), 2);
    },
  },
  "hostmq dump --take /jobs jobs.jsonl && hostmq restore jobs.jsonl /jobs": {
    leaves: () => {
      assert.deepEqual(messagesOf("/jobs"), ["one", "two"]);
    },
  },
  "hostmq restore jobs.jsonl": {
    before: dumped,
    leaves: ({ posix }) => {
      assert.equal(posix(), 2);
    },
  },
  "scp host:jobs.jsonl . && hostmq restore --create jobs.jsonl /jobs": {
    before: `${dumped}; mv jobs.jsonl remote.jsonl; hostmq rm /jobs`,
    leaves: () => {
      assert.deepEqual(messagesOf("/jobs"), ["one", "two"]);
    },
  },
  "hostmq trigger /jobs --messages 10 -- ./worker": {
    before: "seq 8 | hostmq send /jobs --lines",
    until: ({ file }) => file("worked").includes('"messages":10'),
  },
  "hostmq trigger /jobs --unread 5m --exec 'mail -s \"$HOSTMQ_REASON\" ops'": {
    // It is what it would do after five minutes that --unread 200ms shows.
    before: "hostmq trigger /jobs --unread 200ms --once --exec 'mail -s \"$HOSTMQ_REASON\" ops'",
    until: ({ file }) => /^-s .* ops$/mu.test(file("mailed")),
  },
  "hostmq trigger /jobs --messages 100 --once && ./batch": {
    // The queue of the scene cannot hold so many.
    before:
      "echo 100 > /proc/sys/fs/mqueue/msg_max; hostmq rm /jobs; hostmq create /jobs --max-messages 100 --max-size 64; seq 100 | hostmq send /jobs --lines",
    prints: /batch\n$/u,
  },
  "hostmq trigger key:0x1234 --messages 5 --types 100-199 -- ./alert": {
    before: "seq 4 | hostmq send key:0x1234 --lines --type 150",
    until: ({ file }) => file("alerted").includes('"messages"'),
  },
  "hostmq watch /jobs key:0x1234 --interval 10s >> queues.log": {
    until: ({ file }) => file("queues.log").includes("/jobs"),
  },
  "hostmq watch /jobs --json | jq .messages": { needs: "jq", until: (_, stdout) => stdout.startsWith("2\n") },
  "hostmq top": { needs: "terminal", types: ["/jobs", "q"] },
  "hostmq top '/job*' --interval 250ms": { needs: "terminal", types: ["/jobs", "q"] },
  "hostmq doctor": { prints: /msg_max/u },
  "hostmq doctor --queues 20 --messages 100 --size 4k": {
    before: "echo 10 > /proc/sys/fs/mqueue/msg_max",
    status: 1,
    prints: /msg_max/u,
  },
  "hostmq run --private -- npm test": { prints: /^tested$/mu },
  "hostmq run --private --msg-max 1000 -- ./server": { prints: /^1000\n$/u },
  "hostmq codegen ./protocol.h --type 'struct job' --output job.ts": {
    needs: "gcc",
    leaves: ({ file }) => {
      assert.match(file("job.ts"), /c\.text\(12/u);
    },
  },
  "hostmq codegen '<sys/msg.h>' --type 'struct msqid_ds'": { needs: "gcc", prints: /export const MsqidDs|msqid_ds/u },
  "hostmq completion bash > ~/.local/share/bash-completion/completions/hostmq": {
    leaves: ({ file }) => {
      assert.match(file(".local/share/bash-completion/completions/hostmq"), /complete /u);
    },
  },
  "hostmq completion zsh > ~/.zfunc/_hostmq": {
    leaves: ({ file }) => {
      assert.match(file(".zfunc/_hostmq"), /#compdef/u);
    },
  },
  "hostmq completion fish > ~/.config/fish/completions/hostmq.fish": {
    leaves: ({ file }) => {
      assert.match(file(".config/fish/completions/hostmq.fish"), /complete -c hostmq/u);
    },
  },
};

/** What shows every POSIX queue; the folder is missing where nothing was ever mounted there. */
export const mountCommand = "mkdir -p /dev/mqueue && mount -t mqueue none /dev/mqueue";

/** What errors of the library advise, and the same for somebody at a command line. */
export const hintsOfLibrary: readonly (readonly [said: string | RegExp, typed: string])[] = [
  [/(?:PosixQueue|SysVQueue)\.openOrCreate creates it/, "hostmq create makes it"],
  [
    /Use (?:PosixQueue|SysVQueue)\.open or openOrCreate, or (?:unlink|remove) the old one first \([^)]*\)/,
    "Use it as it is (hostmq create --existing), or remove it first (hostmq rm)",
  ],
  ["(SysVQueue.open, msgget)", "(hostmq stat key:KEY)"],
  ["ipcs -q lists them", "hostmq ls lists them"],
  [/queue\.configure\(\{ mode: 0o(\d+) \}\)/, "hostmq set --mode $1"],
  [/queue\.configure\(\{ maxBytes: (\d+) \}\)/, "hostmq set --max-bytes $1"],
  ["(configure({ maxBytes }))", "(hostmq set --max-bytes)"],
  ["a larger maxMessageSize", "a larger --max-size"],
  [/\bmaxMessages(?= -?\d| is)/g, "--max-messages"],
  [/\bmaxMessageSize(?= -?\d| is)/g, "--max-size"],
];

/** The text of an error of the library, with commands and options in place of methods and theirs. */
export function inCommandWords(text: string): string {
  return hintsOfLibrary.reduce((said, [pattern, typed]) => said.replace(pattern, typed), text);
}

import { defineCommand } from "./command.js";
import type { Command } from "./command.js";
import { exitStatus, UsageError } from "./exit.js";
import { commands } from "./manifest.js";
import { didYouMean } from "./values.js";

const shells = ["bash", "zsh", "fish"] as const;

export const completion = defineCommand({
  name: "completion",
  summary: "write the completions of a shell",
  description: ["Writes a script that lets the shell complete commands, options, their words and the names of queues."],
  arguments: [{ name: "<shell>", description: shells.join(", ") }],
  options: [],
  examples: [
    { does: "bash", line: "hostmq completion bash > ~/.local/share/bash-completion/completions/hostmq" },
    { does: "zsh, in a folder of $fpath", line: "hostmq completion zsh > ~/.zfunc/_hostmq" },
    { does: "fish", line: "hostmq completion fish > ~/.config/fish/completions/hostmq.fish" },
  ],
  async run([shell = ""], _options, { output }) {
    const scripts = { bash, zsh, fish };
    if (!Object.hasOwn(scripts, shell))
      throw new UsageError(`no completions for "${shell}", only for ${shells.join(", ")}${didYouMean(shell, shells)}`);
    const all = await Promise.all(Object.values(commands).map((entry) => entry.load()));
    await output.data(scripts[shell as (typeof shells)[number]](all));
    return exitStatus.done;
  },
});

interface Flag {
  readonly short: string | undefined;
  readonly long: string;
  readonly takesValue: boolean;
  readonly description: string;
  readonly choices: readonly string[];
}

function flagsOf(command: Command): Flag[] {
  return command.options.map(({ flags, description, choices = [] }) => ({
    short: /(?:^|\s)-(\w)\b/.exec(flags)?.[1],
    long: /--([\w-]+)/.exec(flags)?.[1] ?? "",
    takesValue: flags.includes("<"),
    description: description.replace(/['"`$\\[\]:]/g, " "),
    choices,
  }));
}

/** What prints the queues that there are, one a line, for every shell. */
const queues = "hostmq ls --output queue --no-header 2>/dev/null";

// Anybody may name a queue `/$(reboot)`. `compgen -W` would expand it, and a word that is not quoted anew would be run with the
// next Enter; zsh's compadd and fish quote by themselves.

function takesQueue(command: Command): boolean {
  return command.arguments.some(({ name }) => /queue|from|to/.test(name));
}

function bash(all: readonly Command[]): string {
  const cases = all.map((command) => {
    const flags = flagsOf(command);
    const words = flags.map(({ long }) => `--${long}`).join(" ");
    const values = flags
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ short, long, choices }) =>
          `${short === undefined ? "" : `-${short}|`}--${long}) words='${choices.join(" ")}' ;;`,
      );
    return `    ${command.name})
      case $previous in
        ${[...values, `*) words='${words} --help'; ${takesQueue(command) ? "case $current in -*) ;; *) _hostmq_queues; return ;; esac" : ":"} ;;`].join("\n        ")}
      esac ;;`;
  });
  return `# bash completion for hostmq
_hostmq_queues() {
  local queue
  while IFS= read -r queue; do
    case $queue in "$current"*) COMPREPLY+=("$(printf '%q' "$queue")") ;; esac
  done < <(${queues})
}
_hostmq() {
  COMPREPLY=()
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words= IFS=$' \\t\\n'
  # A queue such as key:0x12 is one word to us and three to bash.
  local COMP_WORDBREAKS=\${COMP_WORDBREAKS//:/}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${all.map(({ name }) => name).join(" ")} help --help --version' -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("\n")}
    help) words='${all.map(({ name }) => name).join(" ")}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _hostmq hostmq
`;
}

function zsh(all: readonly Command[]): string {
  const cases = all.map((command) => {
    const flags = flagsOf(command).flatMap(({ short, long, takesValue, description, choices }) => {
      const value = !takesValue ? "" : choices.length > 0 ? `:${long}:(${choices.join(" ")})` : `:${long}: `;
      return [
        `'--${long}[${description}]${value}'`,
        ...(short === undefined ? [] : [`'-${short}[${description}]${value}'`]),
      ];
    });
    const rest = takesQueue(command) ? "'*:queue:_hostmq_queues'" : "'*:file:_files'";
    return `    ${command.name}) _arguments ${[...flags, rest].join(" ")} ;;`;
  });
  return `#compdef hostmq
_hostmq_queues() {
  local -a queues
  queues=(\${(f)"$(${queues})"})
  compadd -a queues
  _files
}
_hostmq() {
  if (( CURRENT == 2 )); then
    local -a names
    names=(${all.map(({ name, summary }) => `'${name}:${summary.replaceAll("'", "")}'`).join(" ")})
    _describe command names
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = _hostmq ]; then _hostmq "$@"; else compdef _hostmq hostmq; fi
`;
}

function fish(all: readonly Command[]): string {
  const names = all.map(({ name }) => name).join(" ");
  const lines = all.flatMap((command) => {
    const here = `complete -c hostmq -n '__fish_seen_subcommand_from ${command.name}'`;
    return [
      `complete -c hostmq -n 'not __fish_seen_subcommand_from ${names}' -f -a ${command.name} -d '${command.summary.replaceAll("'", "")}'`,
      ...(takesQueue(command) ? [`${here} -a '(${queues})'`] : []),
      ...flagsOf(command).map(({ short, long, takesValue, description, choices }) => {
        const value = !takesValue ? "" : choices.length > 0 ? ` -x -a '${choices.join(" ")}'` : " -r";
        return `${here} -l ${long}${short === undefined ? "" : ` -s ${short}`}${value} -d '${description}'`;
      }),
    ];
  });
  return `# fish completion for hostmq\n${lines.join("\n")}\n`;
}

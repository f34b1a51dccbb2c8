import { largestLong, largestLongText } from "../c-long.js";
import { nearest } from "../nearest.js";
import { UsageError } from "./exit.js";

// What people type as the value of an option. Each reads one kind and throws UsageError, naming what it takes.

const unitsOfTime: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `500ms`, `2s`, `1.5m`, `1h`, `1d`; a bare number is seconds, as for sleep(1). Gives milliseconds. */
export function duration(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`a time such as 500ms, 2s, 1.5m or 1h is needed, not "${text}"`);
  return Number(number) * (unitsOfTime[unit] ?? 1000);
}

const unitsOfSize: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `8192`, `8k`, `8KiB`, `1M`. Gives bytes. */
export function size(text: string): number {
  const [, number, unit = ""] = /^(\d+)([kmg]?)(?:i?b)?$/i.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`a size such as 8192, 8k or 1M is needed, not "${text}"`);
  return Number(number) * (unitsOfSize[unit.toLowerCase()] ?? 1);
}

/** A whole number of at least 0. */
export function count(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`a whole number is needed, not "${text}"`);
  return Number(text);
}

/** A whole number of at least 1. */
export function positive(text: string): number {
  const number = count(text);
  if (number === 0) throw new UsageError("a number of at least 1 is needed, not 0");
  return number;
}

/** A number above 0, whole or not. */
export function rate(text: string): number {
  const number = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || number <= 0) throw new UsageError(`a number above 0 is needed, not "${text}"`);
  return number;
}

/** Permission bits in octal. */
export function mode(text: string): number {
  if (!/^0?o?[0-7]{3}$/.test(text))
    throw new UsageError(`permission bits in octal such as 660 are needed, not "${text}"`);
  return parseInt(text.replace("o", ""), 8);
}

export const highestPriority = 32767;

/** A priority of POSIX. */
export function priority(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number <= highestPriority) return number;
  throw new UsageError(`a priority from 0 to ${highestPriority} is needed, not "${text}"`);
}

/** A System V type, a C `long` of at least 1. */
export function messageType(text: string): number | bigint {
  const type = /^(\d+|0x[\da-f]+)$/i.test(text) ? BigInt(text) : 0n;
  if (type < 1n || type > largestLong)
    throw new UsageError(`a message type from 1 to ${largestLongText} is needed, not "${text}"`);
  return type <= Number.MAX_SAFE_INTEGER ? Number(type) : type;
}

/** A reader of one of a few words, which names the nearest one when it gets another. */
export function oneOf<const Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    throw new UsageError(`one of ${words.join(", ")} is needed, not "${text}"${didYouMean(text, words)}`);
  };
}

/** A reader of words with commas between them. */
export function listOf<const Word extends string>(words: readonly Word[]): (text: string) => Word[] {
  const one = oneOf(words);
  return (text) => text.split(",").map((word) => one(word.trim()));
}

/** ` (did you mean "x"?)`, where something is near. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const meant = nearest(word, words);
  return meant === undefined ? "" : ` (did you mean "${meant}"?)`;
}

/** `--a` and `--b` contradict each other. */
export function refuseTogether(options: object, ...names: string[]): void {
  const given = names.filter((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (given.length < 2) return;
  const flags = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  throw new UsageError(`${flags.join(" and ")} cannot be used together`);
}

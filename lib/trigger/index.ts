/**
 * Runs a function when a queue needs somebody, and takes no message: {@link Trigger}.
 *
 * @module hostmq/trigger
 */
export { QueueObserver } from "./observer.js";
export type { Observation } from "./observer.js";
export { Trigger } from "./trigger.js";
export type { ObservableQueue } from "./observer.js";
export type { TriggerCondition, TypeRange } from "./condition.js";
export type { TriggerEvent, TriggerOptions } from "./trigger.js";

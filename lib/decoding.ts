import { bytes } from "./codec/bytes.js";
import type { Codec } from "./codec/codec.js";
import { decodeError } from "./errors/failure.js";
import type { Message } from "./message-queue.js";

/** What a received message carries beside its body. */
interface Origin {
  priority?: number;
  type?: number | bigint;
}

/** A codec that is not there, or changes nothing, costs nothing. */
export function effectiveCodec<Out, In>(codec: Codec<Out, In> | undefined): Codec<Out, In> | undefined {
  return (codec as unknown) === bytes ? undefined : codec;
}

/**
 * Makes the body of a message what the codec says, in place; the codec's failure is a `MessageDecodeError`.
 *
 * @param taken - Whether the message has left the queue, or is a copy of one that has not.
 */
export function decoderOf<M extends Message<unknown>>(
  label: string,
  codec: Codec<M["body"], never>,
  taken: boolean,
): (message: Message<Buffer> & Origin) => M {
  return (message) => {
    const decoded = message as Message<unknown> as M;
    const received = message.body;
    try {
      decoded.body = codec.decode(received);
    } catch (error) {
      throw decodeError(label, received, message, error, taken);
    }
    return decoded;
  };
}

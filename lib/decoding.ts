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

/** Makes the body of a message just received what the codec says, in place; the codec's failure is a `MessageDecodeError`. */
export function decoderOf<M extends Message<unknown>>(
  label: string,
  codec: Codec<M["body"], never>,
): (message: Message<Buffer> & Origin) => M {
  return (message) => {
    const decoded = message as Message<unknown> as M;
    const received = message.body;
    try {
      decoded.body = codec.decode(received);
    } catch (error) {
      throw decodeError(label, received, message, error);
    }
    return decoded;
  };
}

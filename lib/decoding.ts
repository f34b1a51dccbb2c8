import { bytes } from "./codec/bytes.js";
import type { Codec } from "./codec/codec.js";
import { decodeError } from "./errors/failure.js";

/** Makes the value of a body that arrived with this priority or type. */
export type Decode<Out> = (body: Buffer, origin: { priority?: number; type?: number | bigint }) => Out;

/** A codec that is not there, or changes nothing, costs nothing. */
export function effectiveCodec<Out, In>(codec: Codec<Out, In> | undefined): Codec<Out, In> | undefined {
  return (codec as unknown) === bytes ? undefined : codec;
}

/** Decoding with the codec's failures as `MessageDecodeError`. */
export function decoderOf<Out, In>(label: string, codec: Codec<Out, In> | undefined): Decode<Out> {
  if (codec === undefined) return (body) => body as Out;
  return (body, origin) => {
    try {
      return codec.decode(body);
    } catch (error) {
      throw decodeError(label, body, origin, error);
    }
  };
}

import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** Compressions by their names in HTTP's registry of content codings. */
export type Encoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** The most that one payload may grow to, bytes. A larger one stays compressed and says so. */
export const maxPayloadBytes = 64 * 1024 * 1024;

const options = { maxOutputLength: maxPayloadBytes };

const decompressors: Readonly<Record<Encoding, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gunzipSync(bytes, options),
  deflate: inflateEither,
  br: (bytes) => brotliDecompressSync(bytes, options),
  zstd: (bytes) => zstdDecompressSync(bytes, options),
};

export function isEncoding(name: string): name is Encoding {
  return Object.hasOwn(decompressors, name);
}

/** The compression whose magic bytes these are. Brotli has none. */
export function sniff(bytes: Uint8Array): Encoding | undefined {
  if (bytes.length < 4) return undefined;
  const [a, b, c, d] = bytes;
  if (a === 0x1f && b === 0x8b && c === 0x08) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  // zlib's header: method 8, window of 32 KB, and a check that makes 16 bits a multiple of 31.
  if (a === 0x78 && b !== undefined && (a * 256 + b) % 31 === 0) return 'deflate';
  return undefined;
}

/** Decompresses, or says in plain words why not. */
export function unwrap(encoding: Encoding, bytes: Uint8Array): { bytes: Uint8Array } | { problem: string } {
  try {
    return { bytes: decompressors[encoding](bytes) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const limit = maxPayloadBytes / 1024 / 1024;
      return {
        problem: `The payload was left compressed: unpacked (${encoding}) it is larger than ${limit} MB.`,
      };
    }
    return { problem: `The content encoding says ${encoding}, but the payload does not unpack as that.` };
  }
}

/** "deflate" means zlib's format, yet some senders leave its header out. */
function inflateEither(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x78 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
}

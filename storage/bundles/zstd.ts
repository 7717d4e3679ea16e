import { Decompress } from 'fzstd';

const frameBytes = 1 << 20;
/** A block of four bytes may stand for 128 KiB, so that this many may become 128 MiB. */
const sliceBytes = 1 << 12;
const level = 3;

let compressor: Promise<(bytes: Uint8Array, level: number) => Uint8Array> | undefined;

/** Once in a process: a second initialisation spoils the first, and what is compressed is zeros. */
async function loadCompressor(): Promise<(bytes: Uint8Array, level: number) => Uint8Array> {
  const { compress, init } = await import('@bokuweb/zstd-wasm');
  await init();
  return compress;
}

/** The bytes as Zstandard: a frame for each MiB, so that no more than that is in memory. */
export async function* compressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compress = await (compressor ??= loadCompressor());
  let waiting: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length;) {
      const part = chunk.subarray(start, start + frameBytes - size);
      // The caller may use its memory again.
      waiting.push(Uint8Array.from(part));
      size += part.length;
      start += part.length;
      if (size < frameBytes) continue;
      yield compress(Buffer.concat(waiting), level);
      [waiting, size] = [[], 0];
    }
  }
  if (size > 0) yield compress(Buffer.concat(waiting), level);
}

/**
 * The bytes that Zstandard frames stand for. `onBytes` is told how many each block adds, before they are handed on, and
 * may throw. Throws if the frames are damaged or cut off.
 */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const stream = new Decompress((block) => {
    onBytes(block.length);
    ready.push(Uint8Array.from(block));
  });
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += sliceBytes) {
      stream.push(chunk.subarray(start, start + sliceBytes));
      yield* ready;
      ready = [];
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}

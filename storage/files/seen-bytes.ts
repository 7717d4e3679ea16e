import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The bytes of a file as it is stored, from its first byte on, as a reader gets to see them. */
export class SeenBytes {
  private readonly hash = createHash('sha256');
  private count = 0;
  private whole: Promise<string> | undefined;

  constructor(readonly path: string) {}

  add(bytes: Uint8Array): void {
    this.hash.update(bytes);
    this.count += bytes.length;
  }

  /** The SHA-256 of the file: of the bytes that were seen, and of those behind them that no reader needed. */
  digest(): Promise<string> {
    return (this.whole ??= this.hashRest());
  }

  private async hashRest(): Promise<string> {
    for await (const rest of createReadStream(this.path, { start: this.count })) this.add(rest as Uint8Array);
    return this.hash.digest('hex');
  }
}

/**
 * What was read of several files. A digest that is taken before or after reading may be that of other bytes: a file can
 * change in between.
 */
export class SeenFiles {
  private readonly passes: SeenBytes[] = [];

  /** Begins to read a file once more. */
  begin(path: string): SeenBytes {
    const pass = new SeenBytes(path);
    this.passes.push(pass);
    return pass;
  }

  /** Whether the file has this SHA-256, by all bytes that were read of it; read now if that was none. */
  async haveDigest(path: string, digest: string): Promise<boolean> {
    const own = this.passes.filter((pass) => pass.path === path);
    for (const pass of own.length > 0 ? own : [new SeenBytes(path)]) {
      if ((await pass.digest()) !== digest) return false;
    }
    return true;
  }
}

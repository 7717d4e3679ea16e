import type { ServerResponse } from 'node:http';

const secondsBetweenSigns = 15;
/** More than a page and its reloads need. */
const mostStreams = 8;
/** A reader that takes nothing any more is let go: it connects again. */
const mostUnreadBytes = 8 << 20;
const retryMilliseconds = 2000;

/** Server-sent events for any number of readers: whoever comes gets the last one of each name, then each that is another. */
export class EventStreams {
  private readonly last = new Map<string, string>();
  private readonly readers = new Set<ServerResponse>();
  private isOver = false;
  private readonly signs = setInterval(() => {
    for (const reader of this.readers) this.write(reader, ': \n\n');
  }, secondsBetweenSigns * 1000).unref();

  hasRoom(): boolean {
    return this.readers.size < mostStreams;
  }

  /** Begins a stream; after the end, it has the last events and ends, too. */
  add(reader: ServerResponse): void {
    reader.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    reader.write(`retry: ${retryMilliseconds}\n\n`);
    for (const text of this.last.values()) reader.write(text);
    if (this.isOver) {
      reader.end();
      return;
    }
    this.readers.add(reader);
    reader.once('close', () => this.readers.delete(reader));
  }

  send(name: string, value: unknown): void {
    const text = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
    if (this.isOver || this.last.get(name) === text) return;
    this.last.set(name, text);
    for (const reader of this.readers) this.write(reader, text);
  }

  /** Sends the event `done`, and ends all streams. */
  end(): void {
    this.send('done', {});
    this.isOver = true;
    clearInterval(this.signs);
    for (const reader of this.readers) reader.end();
  }

  private write(reader: ServerResponse, text: string): void {
    if (reader.writableLength > mostUnreadBytes) reader.destroy();
    else reader.write(text);
  }
}

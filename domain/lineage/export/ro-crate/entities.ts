/** An entity of a crate's graph: a JSON-LD node. */
export interface Entity {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [property: string]: unknown;
}

export interface Reference {
  readonly '@id': string;
}

export function reference(id: string): Reference {
  return { '@id': id };
}

/** References to each, without repeats. */
export function references(ids: Iterable<string>): Reference[] {
  return [...new Set(ids)].map(reference);
}

/** A fragment of the crate's metadata, whose parts may have any characters. */
export function fragment(...parts: readonly string[]): string {
  return `#${parts.map(encodeURIComponent).join('/')}`;
}

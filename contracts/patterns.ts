/** What names of work look like wherever they come in: from the engine, from a data folder, from a command line. */

/** A SHA-256 in hexadecimal: the digest of bytes, or the key of work. */
export const digestPattern = /^[0-9a-f]{64}$/;

/** A sweep: its config's name and the first ten digits of its content's digest. */
export const sweepIdPattern = /^[a-z0-9][a-z0-9-]{0,62}-[0-9a-f]{10}$/;

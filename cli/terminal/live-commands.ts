import { commandFor, type PlaceFlags } from './command-for.js';
import type { LiveCommands } from './live-view.js';

/** The commands that the view of a sweep offers. */
export function liveCommands(sweep: string, place: PlaceFlags): LiveCommands {
  const { dataDir, store } = place;
  // A report asks no server.
  return { resume: commandFor(`resume ${sweep}`, place), report: commandFor(`report ${sweep}`, { dataDir, store }) };
}

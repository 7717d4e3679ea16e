/**
 * With fewer participants, the 95 % percentile interval covers less than 90 % even for normal data (simulated), so no test
 * decides anything: there are no marks.
 */
export const enoughParticipants = 10;

/** A warning before anything runs; undefined for enough participants. */
export function fewParticipantsWarning(participants: number): string | undefined {
  if (participants >= enoughParticipants) return undefined;
  return (
    `${participants} participant${participants === 1 ? ' is' : 's are'} too few for tests (at least ${enoughParticipants}): ` +
    'the report will have means, but mark none of them'
  );
}

/**
 * With fewer participants, the 95 % percentile interval covers less than 90 % even for normal data (simulated), so no test
 * decides anything: there are no marks.
 */
export const enoughParticipants = 10;

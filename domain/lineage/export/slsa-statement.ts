import { canonicalJson } from '../../plan/key.js';
import type { ExportedSweep } from './exported-sweep.js';
import { contentUri, nameOf, nameOfSource, softwareUri, versionOf } from './identifiers.js';
import { isPseudonym } from './pseudonyms.js';

/**
 * An in-toto statement (version 1) with SLSA provenance (version 1) of a report: its files are what was built, the sweep's
 * config the external parameters, the files of the data sets the dependencies, and the results of all units byproducts.
 */
export function slsaStatement(sweep: ExportedSweep): string {
  const { id, config, units, report, specification, startedAt, endedAt, software, logHead } = sweep;
  const sources = new Map(units.flatMap((unit) => unit.sources).map((source) => [nameOfSource(source), source.sha256]));
  return canonicalJson({
    _type: 'https://in-toto.io/Statement/v1',
    subject: report.recorded.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:volbias:sweep:v1',
        externalParameters: { sweep: id, config },
        resolvedDependencies: [
          { name: 'specification', ...bytes(specification) },
          ...[...sources].map(([name, sha256]) => ({ name, ...bytes(sha256) })),
        ],
      },
      runDetails: {
        builder: { id: softwareUri(sweep), version: software ?? { version: versionOf(sweep) } },
        metadata: {
          invocationId: id,
          ...(startedAt !== null && { startedOn: startedAt }),
          ...(endedAt !== null && { finishedOn: endedAt }),
        },
        byproducts: [
          // The log's line of the report, which names the line before it.
          { name: 'lineage log up to the report', digest: { sha256: logHead } },
          ...units.map((unit) => ({
            name: nameOf(unit),
            ...bytes(unit.sha256),
            annotations: { step: unit.step, stepVersion: unit.version, key: unit.key },
          })),
        ],
      },
    },
  });
}

function bytes(sha256: string): { readonly uri: string; readonly digest?: { readonly sha256: string } } {
  return { uri: contentUri(sha256), ...(!isPseudonym(sha256) && { digest: { sha256 } }) };
}

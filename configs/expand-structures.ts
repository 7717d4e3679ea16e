import type { Config, DataSetConfig } from './config-schema.js';

/** The name of a structure's own data set. */
export function structureDataSetName(dataSet: string, structure: string): string {
  return `${dataSet}-${structure}`;
}

/** The structure that a data set is of, `ofDataSet` being that of the file; undefined if the file lists no structures. */
export function structureNameOf(dataSet: string, ofDataSet: string | undefined): string | undefined {
  return ofDataSet === undefined ? undefined : dataSet.slice(structureDataSetName(ofDataSet, '').length);
}

export interface ExpandedConfig {
  readonly config: Config;
  /** The data set of the file, by the name of each structure's own; absent if no data set lists structures. */
  readonly structuresOf?: Readonly<Record<string, string>>;
}

/**
 * Replaces each data set that lists structures by one for each of them, which is split, trained on and reported like any
 * other.
 */
export function expandStructures(config: Config): ExpandedConfig {
  const structuresOf: Record<string, string> = {};
  const dataSets = config.dataSets.flatMap(({ structures, ...dataSet }): DataSetConfig[] => {
    if (structures === undefined) return [dataSet];
    return Object.entries(structures).map(([structure, rule]) => {
      const name = structureDataSetName(dataSet.name, structure);
      structuresOf[name] = dataSet.name;
      return { ...dataSet, name, label: { ...dataSet.label, ...rule } };
    });
  });
  const isAny = Object.keys(structuresOf).length > 0;
  return isAny ? { config: { ...config, dataSets }, structuresOf } : { config };
}

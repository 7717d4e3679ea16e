import { join, parse } from 'node:path';
import { z } from 'zod';
import type { Outline } from '../../../domain/image/fill-outlines.js';
import { faultOf } from '../../files/parsed.js';
import { CaseCollection } from '../case-collection.js';
import { dataSetInvalid, type FindCases } from '../case-files.js';
import { DataSetFolder, type Entry } from '../data-set-folder.js';

/** The part of teeth_polygon.json (an export of Labelbox) that is used. */
const outlinesSchema = z.array(
  z.object({
    'External ID': z.string(),
    Label: z.object({
      objects: z.array(
        z.object({ title: z.string(), polygons: z.array(z.array(z.tuple([z.number(), z.number()]).readonly())) }),
      ),
    }),
  }),
);

/**
 * The Tufts Dental Database: `Radiographs/1.JPG`, one modality. The structure is all teeth, from the pictures of the
 * same name in `Segmentation/teeth_mask/`, or, with a title, one tooth, from its outlines in
 * `Segmentation/teeth_polygon.json`; radiographs without this tooth are then not cases. Titles are numbers of the
 * Universal Numbering System: the lower left third molar, FDI 38, is 17. The stem of the name is the id.
 */
export const findTuftsCases: FindCases = async (root, options) => {
  const [modality, ...more] = options.modalities;
  if (modality === undefined || more.length > 0) {
    throw dataSetInvalid(root, `radiographs have one modality, not ${options.modalities.length}`);
  }
  const folder = await DataSetFolder.open(root);
  const radiographs = pictures(await folder.required('Radiographs'));
  const { labelTitle: title } = options;
  const outlines = title === undefined ? undefined : await outlinesOf(folder, title);
  const masks = title === undefined ? pictures(await folder.required('Segmentation', 'teeth_mask')) : undefined;
  const collection = new CaseCollection(folder, options);
  for (const [id, { path }] of radiographs) {
    const image = { modality, path, lookedFor: `Radiographs/${id}.JPG` };
    const own = outlines?.get(id);
    if (outlines === undefined) {
      const label = { path: masks?.get(id)?.path, lookedFor: `Segmentation/teeth_mask/${id}.jpg` };
      await collection.offer({ id, images: [image], label });
    } else if (own !== undefined) {
      const name = join('Segmentation', 'teeth_polygon.json');
      await collection.offer({
        id,
        images: [image],
        label: { path: join(root, name), lookedFor: name },
        labelOutlines: own,
      });
    }
  }
  return collection.finish(
    title === undefined ? 'Radiographs/*.JPG' : `Radiographs/*.JPG with a tooth with the title "${title}"`,
  );
};

function pictures(entries: readonly Entry[]): Map<string, Entry> {
  const found = entries.filter(({ name, isFolder }) => !isFolder && /\.(png|jpe?g)$/i.test(name));
  return new Map(found.map((entry) => [parse(entry.name).name, entry]));
}

/** The outlines of the tooth by id, for each radiograph that shows it. */
async function outlinesOf(folder: DataSetFolder, title: string): Promise<Map<string, Outline[]>> {
  const parsed = outlinesSchema.safeParse(await folder.json('Segmentation', 'teeth_polygon.json'));
  if (!parsed.success) {
    throw dataSetInvalid(
      folder.root,
      `its Segmentation/teeth_polygon.json is missing or has an unexpected form: ${faultOf(parsed.error)}`,
    );
  }
  const found = new Map<string, Outline[]>();
  for (const { 'External ID': file, Label } of parsed.data) {
    const outlines = Label.objects.filter((object) => object.title === title).flatMap(({ polygons }) => polygons);
    if (outlines.length > 0) found.set(parse(file).name, outlines);
  }
  return found;
}

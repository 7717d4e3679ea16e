import { join, parse, relative } from 'node:path';
import { z } from 'zod';
import type { Outline } from '../../../domain/image/fill-outlines.js';
import { faultOf } from '../../files/parsed.js';
import { anyImageEnding } from '../../images/unsupported-file.js';
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
  const radiographs = await pictures(folder, 'Radiographs');
  const { labelTitle: title } = options;
  const outlines = title === undefined ? undefined : await outlinesOf(folder, title);
  const masks = title === undefined ? await pictures(folder, 'Segmentation', 'teeth_mask') : undefined;
  const collection = new CaseCollection(folder, options);
  collection.leaveUnread(radiographs.others);
  collection.leaveUnread(masks?.others ?? []);
  const alone = [...(masks?.byId ?? [])].filter(([id]) => !radiographs.byId.has(id)).map(([, { path }]) => path);
  collection.leaveUnread(alone.map((path) => relative(root, path)));
  for (const [id, { path }] of radiographs.byId) {
    const twice = [radiographs, masks].flatMap((found) => found?.twice.get(id) ?? []);
    if (twice.length > 0) {
      collection.reject(id, `several pictures have its name: ${twice.join(', ')}`);
      continue;
    }
    const image = { modality, path, lookedFor: `Radiographs/${id}.JPG` };
    const own = outlines?.get(id);
    if (outlines === undefined) {
      const label = { path: masks?.byId.get(id)?.path, lookedFor: `Segmentation/teeth_mask/${id}.jpg` };
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

interface Pictures {
  readonly byId: ReadonlyMap<string, Entry>;
  /** The names of pictures with the same id, by it. */
  readonly twice: ReadonlyMap<string, readonly string[]>;
  /** Images in formats that are not read, from the root. */
  readonly others: readonly string[];
}

async function pictures(folder: DataSetFolder, ...place: readonly string[]): Promise<Pictures> {
  const files = (await folder.required(...place)).filter(({ isFolder }) => !isFolder);
  const isRead = ({ name }: Entry): boolean => /\.(png|jpe?g)$/i.test(name);
  const byId = new Map<string, Entry>();
  const names = new Map<string, string[]>();
  for (const entry of files.filter(isRead)) {
    const { name: id } = parse(entry.name);
    byId.set(id, entry);
    names.set(id, [...(names.get(id) ?? []), entry.name]);
  }
  const others = files.filter((entry) => !isRead(entry) && anyImageEnding.test(entry.name));
  return {
    byId,
    twice: new Map([...names].filter(([, own]) => own.length > 1)),
    others: others.map(({ name }) => [...place, name].join('/')),
  };
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

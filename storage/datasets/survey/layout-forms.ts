import type { DataSetKind } from '../layouts/index.js';

/** What each layout looks like, for a user whose folder has none. */
export const layoutForms: Readonly<Record<DataSetKind, string>> = {
  decathlon: 'dataset.json, which lists the images and masks under "training"',
  nnunet:
    'imagesTr/CASE_0000.nii.gz (or .nrrd, .mha, .png, …), one file for each channel, or CASE.nii.gz if there is one, ' +
    'and labelsTr/CASE.nii.gz; imagesTr/ may also be images/ or image/, and labelsTr/ labels/, label/, masks/ or mask/',
  bids: 'sub-01/anat/sub-01_T1w.nii.gz, and derivatives/PIPELINE/sub-01/anat/sub-01_mask.nii.gz (or _dseg, _msk, _roi)',
  brats:
    'CASE/CASE_flair.nii.gz, CASE_t1, … and CASE_seg, perhaps below HGG/ and LGG/; or CASE-t2f, CASE-t1n, … and CASE-seg',
  isles2017: 'training_1/VSD.Brain.XX.O.MR_ADC.1/*.nii and VSD.Brain.XX.O.OT.2/*.nii',
  isles2018: 'case_1/SMIR.Brain.XX.O.CT.1/*.nii and SMIR.Brain.XX.O.OT.2/*.nii',
  tufts: 'Radiographs/1.JPG and Segmentation/teeth_mask/1.jpg',
  folder2d:
    'images/CASE.png and masks/CASE.png (or .jpg, .tif); images/ may also be image/, and masks/ mask/, labels/ or label/',
  manifest:
    'manifest.csv with the columns case, label, one for each modality, and perhaps participant: for any other folder',
};

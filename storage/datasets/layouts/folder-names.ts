/** Names that folders of images and of masks have; a layout prefers its own. */
export const imageFolderNames = ['images', 'image', 'imagesTr'] as const;
export const maskFolderNames = ['masks', 'mask', 'labels', 'label', 'labelsTr'] as const;

/** Copies the samples of a checkout or of an installed extension, without the scans that were made of them there. */
export function copySamples(root: string, folder: string): void;

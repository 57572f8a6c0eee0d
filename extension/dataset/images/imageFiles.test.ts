import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listImages } from './imageFiles';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'walk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function touch(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), 'x');
  }
}

const names = async (): Promise<string[]> => (await listImages(folder)).images.map(({ file }) => file);

describe('the images of a folder', () => {
  it('are found in folders inside, numbers in order of their value', async () => {
    touch('b/img10.JPG', 'b/img9.jpg', 'a.tiff', 'notes.txt', 'c/d/e.webp');
    expect(await names()).toEqual(['a.tiff', 'b/img9.jpg', 'b/img10.JPG', 'c/d/e.webp']);
  });

  it('may have names in any script', async () => {
    const files = [
      'фото/кошка.jpg',
      '写真.png',
      'صورة.jpg',
      'nai\u0308ve café.gif',
      'a b #1%.bmp',
      '😀.jpeg',
    ];
    touch(...files);
    expect(new Set(await names())).toEqual(new Set(files));
  });

  it('are not looked for in state, hidden and package folders', async () => {
    touch('.uni-ood/cache/x.jpg', '.git/y.png', 'node_modules/z.jpg', 'kept.jpg');
    expect(await names()).toEqual(['kept.jpg']);
  });

  it('are found once where links loop or lead to the same folder', async () => {
    touch('photos/one.jpg');
    symlinkSync(folder, join(folder, 'photos/up'));
    symlinkSync(join(folder, 'photos'), join(folder, 'zlink'));
    expect(await names()).toEqual(['photos/one.jpg']);
  });

  it('are told by their links where they lie outside of the folder', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'walk-elsewhere-'));
    try {
      mkdirSync(join(elsewhere, 'deep'));
      for (const file of ['a.jpg', 'deep/b.jpg', 'c.png']) writeFileSync(join(elsewhere, file), 'x');
      touch('photos/own.jpg');
      symlinkSync(elsewhere, join(folder, 'set'));
      symlinkSync(join(elsewhere, 'c.png'), join(folder, 'one.png'));
      symlinkSync(join(folder, 'photos/own.jpg'), join(folder, 'within.jpg'));
      symlinkSync(join(folder, 'photos'), join(elsewhere, 'back'));
      const { images, outside } = await listImages(folder);
      expect(images).toHaveLength(6);
      expect(outside).toEqual([
        { link: 'one.png', images: 1 },
        { link: 'set', images: 3 },
      ]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('lie inside where the folder itself is reached by a link', async () => {
    touch('photos/one.jpg');
    symlinkSync(join(folder, 'photos'), join(folder, 'linked'));
    expect((await listImages(join(folder, 'linked'))).outside).toEqual([]);
  });

  it('leave broken links for the report', async () => {
    symlinkSync(join(folder, 'nowhere.jpg'), join(folder, 'broken.jpg'));
    symlinkSync(join(folder, 'self.jpg'), join(folder, 'self.jpg'));
    touch('ok.jpg');
    const { images, unreadable } = await listImages(folder);
    expect(images.map(({ file }) => file)).toEqual(['ok.jpg']);
    expect(unreadable).toEqual([
      { file: 'broken.jpg', reason: 'The file is gone, or a link that leads nowhere' },
      { file: 'self.jpg', reason: 'A link that leads to itself' },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('leave folders without permission for the report', async () => {
    touch('locked/one.jpg', 'ok.jpg');
    chmodSync(join(folder, 'locked'), 0);
    const { unreadable } = await listImages(folder);
    chmodSync(join(folder, 'locked'), 0o755);
    expect(unreadable).toEqual([{ file: 'locked', reason: 'Permission denied' }]);
  });

  it('can be cancelled', async () => {
    touch('ok.jpg');
    await expect(listImages(folder, AbortSignal.abort())).rejects.toThrow();
  });
});

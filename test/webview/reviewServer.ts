import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { markedTexts } from './markedTexts';
import type { FakeHostOptions } from './page/fakeHost';
import type { Keybinding } from './page/keybindings';
import type { ServedPhoto } from './page/inventedScan';

export interface PageOptions extends Partial<Omit<FakeHostOptions, 'photos' | 'keybindings'>> {
  /** In a language that is English between marks: `markedTexts`. */
  readonly marked?: boolean;
  /** Texts in another language, by their English; the others stay English. */
  readonly translations?: Readonly<Record<string, string>>;
}
export type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { keybindings: Keybinding[] };
};
const bodyClasses: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast vscode-high-contrast-light',
};
const types: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };

/** Serves the built review screen in a page like the one the extension host makes, with a host that is invented. */
export class ReviewServer {
  readonly #server: Server;
  readonly #fakeHost: string;
  readonly #photoFolder: string;
  readonly #photos: ServedPhoto[];

  private constructor(fakeHost: string, photoFolder: string, photos: ServedPhoto[]) {
    this.#fakeHost = fakeHost;
    this.#photoFolder = photoFolder;
    this.#photos = photos;
    this.#server = createServer((request, response) => {
      this.#answer(new URL(request.url ?? '/', this.origin), response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  static async start(): Promise<ReviewServer> {
    if (!existsSync(path.join(root, 'dist/webview/review.js')))
      throw new Error('dist/webview/review.js is not there. Run `npm run build` first.');
    const bundle = await build({
      entryPoints: [path.join(root, 'test/webview/page/fakeHost.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'chrome124',
    });
    const folder = await photoFolder();
    const server = new ReviewServer(bundle.outputFiles[0].text, folder, await photosOf(folder));
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Address of a page with the given theme and invented scan. */
  address(theme: Theme, options: PageOptions = {}): string {
    return `${this.origin}/?theme=${theme}&options=${encodeURIComponent(JSON.stringify(options))}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: URL, response: ServerResponse): Promise<void> {
    if (url.pathname === '/') this.#send(response, 'text/html', this.#page(url.searchParams));
    else if (url.pathname === '/fakeHost.js') this.#send(response, 'text/javascript', this.#fakeHost);
    else if (url.pathname.startsWith('/picture/')) await this.#picture(url, response);
    else {
      const file = url.pathname.startsWith('/themes/')
        ? path.join(root, 'webview', url.pathname)
        : path.join(root, 'dist/webview', url.pathname);
      if (!existsSync(file)) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' });
      createReadStream(file).pipe(response);
    }
  }

  /** The page as the extension host writes it: the same content security policy, the same order of style sheets. */
  #page(query: URLSearchParams): string {
    const theme = (query.get('theme') ?? 'dark') as Theme;
    const { marked, translations = {}, ...given } = JSON.parse(query.get('options') ?? '{}') as PageOptions;
    const options: FakeHostOptions = {
      objects: 9615,
      calibration: 2000,
      unreadable: 0,
      reviewed: 142,
      crowd: 0,
      labelled: true,
      place: 'editor',
      screen: 'review',
      state: null,
      compared: false,
      preferences: { autoAdvance: 'unreviewed' },
      ...given,
      photos: this.#photos,
      keybindings: manifest.contributes.keybindings,
    };
    const policy = `default-src 'none'; img-src ${this.origin}; style-src ${this.origin}; script-src 'nonce-review'; font-src ${this.origin}`;
    return `<!doctype html>
<html lang="en" data-options="${escape(JSON.stringify(options))}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>Review</title>
<link rel="stylesheet" href="/themes/${theme}.css"><link rel="stylesheet" href="/codicon.css"><link rel="stylesheet" href="/review.css"></head>
<body class="${bodyClasses[theme]}"><div id="app" data-place="${options.place}" data-translations="${escape(JSON.stringify(marked ? markedTexts() : translations))}"></div>
<script nonce="review" src="/fakeHost.js"></script><script nonce="review" src="/review.js"></script></body></html>`;
  }

  async #picture(url: URL, response: ServerResponse): Promise<void> {
    const name = path.basename(decodeURIComponent(url.pathname));
    const [left, top, width, height] = (url.searchParams.get('box') ?? '').split(',').map(Number);
    const side = Number(url.searchParams.get('side'));
    const upright = await sharp(path.join(this.#photoFolder, name)).rotate().toBuffer();
    const picture = await sharp(upright)
      .extract({ left, top, width: Math.max(1, width), height: Math.max(1, height) })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .flatten()
      .jpeg({ quality: 85 })
      .toBuffer();
    this.#send(response, 'image/jpeg', picture);
  }

  #send(response: ServerResponse, type: string, body: string | Buffer): void {
    response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=60' }).end(body);
  }
}

/** The sample photos where they are, else the drawn pictures of the fixtures. */
async function photoFolder(): Promise<string> {
  const samples = path.join(root, 'media/samples');
  const hasSamples = existsSync(samples) && (await readdir(samples)).some((name) => /\.jpe?g$/i.test(name));
  return hasSamples ? samples : path.join(root, 'test/fixtures/images');
}

async function photosOf(folder: string): Promise<ServedPhoto[]> {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  const photos = await Promise.all(
    names.map(async (name) => {
      const {
        width,
        height,
        orientation = 1,
      } = await sharp(await readFile(path.join(folder, name))).metadata();
      return orientation > 4 ? { name, width: height, height: width } : { name, width, height };
    }),
  );
  // Pictures one pixel wide cannot be cut into boxes.
  return photos.filter(({ width, height }) => Math.min(width, height) >= 60);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

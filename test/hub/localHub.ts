import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative, sep } from 'node:path';

/** What a request for a file meets, the first time it is made. */
export type Fault = (request: IncomingMessage, response: ServerResponse, contents: Buffer) => void;

/**
 * A server on this computer that speaks the hub's protocol, with the tiny models of the fixtures under the names of the
 * real ones. Large files are said to be LFS objects, as there, and are sent from another port, as by the hub's CDN.
 */
export class LocalHub {
  /** Requests that were answered: "GET /api/…", with the range that was asked for. */
  readonly requests: {
    path: string;
    range: string | undefined;
    authorization: string | undefined;
    port: number;
  }[] = [];
  commit = 'c0ffee0000000000000000000000000000000001';
  private readonly faults = new Map<string, Fault[]>();
  private readonly replaced = new Map<string, Buffer>();
  private readonly repositories: Record<string, string>;
  private readonly front = createServer((request, response) => this.answer(request, response));
  private readonly store = createServer((request, response) => this.answer(request, response));

  /** @param fixtures the folder of the tiny models. */
  constructor(fixtures: string) {
    this.repositories = {
      'Xenova/clip-vit-base-patch16': join(fixtures, 'clip-tiny'),
      'Xenova/owlv2-base-patch16-ensemble': join(fixtures, 'owlv2-tiny'),
    };
  }

  async start(): Promise<void> {
    await Promise.all([this.front, this.store].map(listen));
  }

  async stop(): Promise<void> {
    for (const server of [this.front, this.store]) server.closeAllConnections();
    await Promise.all([this.front, this.store].map((server) => new Promise((done) => server.close(done))));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${portOf(this.front)}`;
  }

  /** The next requests for a file meet these faults, one each; those for what there is, 'api'. */
  fail(path: string, ...faults: Fault[]): void {
    this.faults.set(path, faults);
  }

  /** From now on a file has other contents, at another commit. */
  replace(path: string, contents: Buffer): void {
    this.replaced.set(path, contents);
    this.commit = 'c0ffee0000000000000000000000000000000002';
  }

  /** How often a file's contents were asked for. */
  asked(path: string): number {
    return this.requests.filter((request) => request.path.endsWith(`/${path}`) && request.port === 0).length;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.endpoint);
    const isStore = request.socket.localPort === portOf(this.store);
    this.requests.push({
      path: pathname,
      range: request.headers.range,
      authorization: request.headers.authorization,
      port: isStore ? 1 : 0,
    });
    const [, repository] = /^\/(?:api\/models\/)?([^/]+\/[^/]+)\//.exec(pathname) ?? [];
    const folder = this.repositories[repository];
    if (!folder) return end(response, 404);
    if (pathname.startsWith('/api/')) {
      const fault = this.faults.get('api')?.shift();
      return fault
        ? fault(request, response, Buffer.alloc(0))
        : this.answerQuestion(pathname, folder, response);
    }
    const path = pathname.split('/').slice(5).join('/');
    const contents = this.contentsOf(folder, path);
    if (!contents) return end(response, 404);
    const fault = isStore || !isLarge(contents) ? this.faults.get(path)?.shift() : undefined;
    if (fault) return fault(request, response, contents);
    if (!isStore && isLarge(contents)) {
      response.writeHead(302, { location: `http://127.0.0.1:${portOf(this.store)}${pathname}` });
      response.end();
      return;
    }
    sendRange(request, response, contents);
  }

  private answerQuestion(pathname: string, folder: string, response: ServerResponse): void {
    const [, revision] = /\/revision\/(.*)$/.exec(pathname) ?? [];
    // A branch, or a commit; the fixtures have one of each at a time, and the catalogue's pins stand for it.
    if (revision !== undefined && !/^(main|[0-9a-f]{40})$/.test(revision)) return end(response, 404);
    if (revision !== undefined) return endJson(response, { id: 'x', sha: this.commit });
    endJson(response, [
      { type: 'directory', path: 'onnx', size: 0, oid: '0' },
      ...this.paths(folder).map((path) => {
        const contents = this.contentsOf(folder, path)!;
        const blob = createHash('sha1').update(`blob ${contents.length}\0`).update(contents).digest('hex');
        const lfs = { oid: createHash('sha256').update(contents).digest('hex'), size: contents.length };
        return {
          type: 'file',
          path,
          size: contents.length,
          oid: blob,
          ...(isLarge(contents) ? { lfs } : {}),
        };
      }),
    ]);
  }

  private paths(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => relative('.', name).split(sep).join('/'));
  }

  private contentsOf(folder: string, path: string): Buffer | undefined {
    try {
      return this.replaced.get(path) ?? readFileSync(join(folder, path));
    } catch {
      return undefined;
    }
  }
}

/** Answers with a status and nothing else. */
export function status(code: number, headers: Record<string, string> = {}): Fault {
  return (_, response) => {
    response.writeHead(code, headers);
    response.end();
  };
}

/** Sends so many bytes of what was asked for and hangs up. */
export function cutAfter(bytes: number): Fault {
  return (request, response, contents) => {
    const start = startOf(request);
    response.writeHead(start > 0 ? 206 : 200, rangeHeaders(start, contents.length));
    // Later, since what a reader has not taken when the connection ends is lost.
    response.write(contents.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 100));
  };
}

/** Sends something else of the same length. */
export const tampered: Fault = (request, response, contents) => {
  const other = Buffer.from(contents);
  other[other.length >> 1] ^= 1;
  sendRange(request, response, other);
};

/** Sends a little and then nothing more. */
export const stalls: Fault = (_, response, contents) => {
  response.writeHead(200, { 'content-length': contents.length });
  response.write(contents.subarray(0, 10));
};

const isLarge = (contents: Buffer): boolean => contents.length > 50_000;

function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

function rangeHeaders(start: number, size: number): Record<string, string | number> {
  const length = { 'content-length': size - start };
  return start > 0 ? { ...length, 'content-range': `bytes ${start}-${size - 1}/${size}` } : length;
}

function sendRange(request: IncomingMessage, response: ServerResponse, contents: Buffer): void {
  const start = startOf(request);
  response.writeHead(start > 0 ? 206 : 200, rangeHeaders(start, contents.length));
  response.end(contents.subarray(start));
}

function end(response: ServerResponse, code: number): void {
  response.writeHead(code);
  response.end();
}

function endJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function listen(server: Server): Promise<void> {
  return new Promise((done) => server.listen(0, '127.0.0.1', done));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

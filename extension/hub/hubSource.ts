import { Agent, EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import * as z from 'zod/mini';
import { UserFacingError } from '../protocol/userFacingError';
import { proxyVariables } from './proxyVariables';
import { SourceBusyError, type ModelSource, type SourcePart, type SourceSnapshot } from './modelSource';

export interface NetworkSettings {
  /** "https://huggingface.co", or a mirror that speaks its protocol. */
  endpoint: string;
  /** For private repositories and higher limits; goes to the endpoint's own host alone. */
  token: string | undefined;
  /** Address of a proxy; absent: what the environment says. */
  proxy: string | undefined;
  /** Whether a certificate must be trusted. */
  strictCertificates: boolean;
  /** Milliseconds without a byte after which a connection is given up. */
  silence?: number | undefined;
}

const usualSilence = 30_000;

const revisionSchema = z.looseObject({ sha: z.string().check(z.regex(/^[0-9a-f]{7,64}$/)) });
const treeSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    size: z.number(),
    oid: z.string(),
    lfs: z.optional(z.looseObject({ oid: z.string(), size: z.number() })),
  }),
);

/** The Hugging Face hub, or a server that speaks its protocol. */
export class HubSource implements ModelSource {
  readonly name: string;
  private readonly dispatcher: Dispatcher;

  constructor(private readonly settings: NetworkSettings) {
    this.name = new URL(settings.endpoint).host;
    const silence = settings.silence ?? usualSilence;
    const options = {
      headersTimeout: silence,
      bodyTimeout: silence,
      connect: { timeout: silence, rejectUnauthorized: settings.strictCertificates },
    };
    const { proxy } = settings;
    // Through a tunnel the certificate of the far end is checked by options of its own.
    const tunnelled = { ...options, requestTls: { rejectUnauthorized: settings.strictCertificates } };
    this.dispatcher = proxy
      ? new EnvHttpProxyAgent({ ...tunnelled, httpProxy: proxy, httpsProxy: proxy })
      : proxyVariables(process.env).length > 0
        ? new EnvHttpProxyAgent(tunnelled)
        : new Agent(options);
  }

  async snapshot(repository: string, revision: string, signal: AbortSignal): Promise<SourceSnapshot> {
    const base = `${this.settings.endpoint}/api/models/${repository}`;
    const { sha } = await this.json(
      `${base}/revision/${encodeURIComponent(revision)}`,
      revisionSchema,
      signal,
    );
    const tree = await this.json(`${base}/tree/${sha}?recursive=true`, treeSchema, signal);
    return {
      commit: sha,
      files: tree
        .filter(({ type }) => type === 'file')
        .map(({ path, size, oid, lfs }) => ({
          path,
          size: lfs?.size ?? size,
          hash: lfs
            ? { kind: 'sha256', digest: lfs.oid.replace(/^sha256:/, '') }
            : { kind: 'gitBlob', digest: oid },
        })),
    };
  }

  async open(
    repository: string,
    commit: string,
    path: string,
    offset: number,
    signal: AbortSignal,
  ): Promise<SourcePart> {
    const file = path.split('/').map(encodeURIComponent).join('/');
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const response = await this.ask(
      `${this.settings.endpoint}/${repository}/resolve/${commit}/${file}`,
      signal,
      headers,
    );
    if (!response.body) throw new SourceBusyError(`${this.name} sent nothing for ${path}`, null);
    const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
    return {
      chunks: response.body,
      start: response.status === 206 ? Number(range?.[1] ?? offset) : 0,
    };
  }

  private async json<T>(url: string, schema: z.ZodMiniType<T>, signal: AbortSignal): Promise<T> {
    const response = await this.ask(url, signal);
    const parsed = z.safeParse(schema, await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new UserFacingError(
      `${this.name} gave an answer that is none of the hub's for ${url}. A proxy may stand between; check the network settings, or set HF_ENDPOINT to a mirror.`,
    );
  }

  private async ask(
    url: string,
    signal: AbortSignal,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { token } = this.settings;
    let response: Response;
    try {
      response = await fetch(url, {
        dispatcher: this.dispatcher,
        signal,
        headers: {
          'user-agent': 'uni-ood',
          ...headers,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new SourceBusyError(`${this.name} could not be reached (${causeOf(error)})`, null);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    throw this.refusal(response, url);
  }

  private refusal({ status, headers }: Response, url: string): Error {
    if (status === 429 || status >= 500)
      return new SourceBusyError(
        status === 429 ? `${this.name} asks to wait` : `${this.name} has a fault of its own (${status})`,
        waitSaid(headers.get('retry-after')),
      );
    if (status === 401 || status === 403)
      return new UserFacingError(
        `${this.name} refuses ${url} (${status}). If the model needs an account, set HF_TOKEN to a token of yours.`,
      );
    if (status === 404)
      return new UserFacingError(
        `${this.name} does not have ${url}. The model was moved or removed; look for an update, or import it from a folder.`,
      );
    return new UserFacingError(`${this.name} answered ${status} for ${url}.`);
  }
}

/** Retry-After in seconds or as a date. */
function waitSaid(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? 1000 * seconds : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } };
  return cause?.code ?? cause?.message ?? message;
}

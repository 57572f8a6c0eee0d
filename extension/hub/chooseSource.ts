import { resolve } from 'node:path';
import { proxyVariables } from './proxyVariables';
import { UserFacingError } from '../protocol/userFacingError';
import { HubSource } from './hubSource';
import { MirrorSource } from './mirrorSource';
import type { ModelSource } from './modelSource';

/** What a person set of the network; the environment has the rest. */
export interface ModelSourceSettings {
  /** Address of the hub or of a mirror, or a folder with repositories; empty: HF_ENDPOINT, else the hub itself. */
  source: string;
  /** Address of a proxy; empty: HTTPS_PROXY and its like. */
  proxy: string;
  strictCertificates: boolean;
}

export const usualSourceSettings: ModelSourceSettings = { source: '', proxy: '', strictCertificates: true };

/** The hub, a mirror that speaks its protocol, or a folder. */
export function chooseSource(
  { source, proxy, strictCertificates }: ModelSourceSettings,
  environment: NodeJS.ProcessEnv = process.env,
): ModelSource {
  const place = source || environment.UNI_OOD_MIRROR || environment.HF_ENDPOINT || 'https://huggingface.co';
  if (!/^https?:\/\//i.test(place)) {
    if (place === environment.HF_ENDPOINT)
      throw new UserFacingError(
        `HF_ENDPOINT is "${place}", which is no address of a hub. Set it to one that begins with https://, or UNI_OOD_MIRROR to a folder with repositories.`,
      );
    return new MirrorSource(resolve(place));
  }
  if (!URL.canParse(place))
    throw new UserFacingError(
      `"${place}" is no address of a hub. Write it as https://host, or name a folder.`,
    );
  const token = environment.HF_TOKEN?.trim();
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new UserFacingError(
      'HF_TOKEN holds blanks, line breaks or letters that no token has. Set it to the token alone.',
    );
  for (const [name, address] of [['The setting http.proxy', proxy], ...proxyVariables(environment)])
    if (address && !URL.canParse(address))
      throw new UserFacingError(
        `${name} is "${address}", which is no address of a proxy. Write it as http://host:port.`,
      );
  return new HubSource({
    endpoint: place.replace(/\/+$/, ''),
    token: token || undefined,
    proxy: proxy || undefined,
    strictCertificates,
  });
}

import { existsSync } from 'node:fs';

/** Where Linux distributions keep the certificates that the system trusts, in one file. */
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The environment in which a Node.js process trusts the certificates that the system trusts, as VS Code does
 * (`http.systemCertificates`): of a company's proxy, for one. `NODE_USE_SYSTEM_CA` is known from Node 22.19 and 24.6 on and
 * ignored before; there Linux's file of them serves. What the person's own environment says stands.
 */
export function systemCertificates(
  platform: NodeJS.Platform,
  own: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): Record<string, string> {
  const bundle = platform === 'linux' ? bundles.find(exists) : undefined;
  return {
    ...(own['NODE_USE_SYSTEM_CA'] === undefined ? { NODE_USE_SYSTEM_CA: '1' } : {}),
    ...(bundle !== undefined && own['NODE_EXTRA_CA_CERTS'] === undefined
      ? { NODE_EXTRA_CA_CERTS: bundle }
      : {}),
  };
}

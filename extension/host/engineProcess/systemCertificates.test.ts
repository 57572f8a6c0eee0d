import { describe, expect, it } from 'vitest';
import { systemCertificates } from './systemCertificates';

describe('certificates of the system', () => {
  const has =
    (...paths: string[]) =>
    (path: string): boolean =>
      paths.includes(path);

  it('are those of the first file that Linux has', () => {
    expect(systemCertificates('linux', {}, has('/etc/ssl/cert.pem', '/etc/ssl/ca-bundle.pem'))).toEqual({
      NODE_USE_SYSTEM_CA: '1',
      NODE_EXTRA_CA_CERTS: '/etc/ssl/ca-bundle.pem',
    });
  });

  it('are left to Node.js elsewhere', () => {
    expect(systemCertificates('darwin', {}, has('/etc/ssl/cert.pem'))).toEqual({ NODE_USE_SYSTEM_CA: '1' });
    expect(systemCertificates('linux', {}, has())).toEqual({ NODE_USE_SYSTEM_CA: '1' });
  });

  it('leave what the person set', () => {
    const own = { NODE_USE_SYSTEM_CA: '0', NODE_EXTRA_CA_CERTS: '/home/p/company.pem' };
    expect(systemCertificates('linux', own, has('/etc/ssl/cert.pem'))).toEqual({});
  });
});

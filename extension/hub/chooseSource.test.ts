import { describe, expect, it } from 'vitest';
import { chooseSource, usualSourceSettings } from './chooseSource';

const named = (source: string, environment: NodeJS.ProcessEnv = {}): string =>
  chooseSource({ ...usualSourceSettings, source }, environment).name;

describe('the place models come from', () => {
  it('is the hub, unless a mirror or a folder is named', () => {
    expect(named('')).toBe('huggingface.co');
    expect(named('', { HF_ENDPOINT: 'https://mirror.example/' })).toBe('mirror.example');
    expect(named('http://127.0.0.1:8080', { HF_ENDPOINT: 'https://mirror.example' })).toBe('127.0.0.1:8080');
    expect(named('', { UNI_OOD_MIRROR: '/models', HF_ENDPOINT: 'https://mirror.example' })).toContain(
      'models',
    );
  });

  it('is refused in words where its address is none', () => {
    expect(() => named('', { HF_ENDPOINT: 'huggingface.co' })).toThrow(
      /HF_ENDPOINT is "huggingface\.co", which is no address.*https:\/\/.*UNI_OOD_MIRROR/,
    );
    expect(named('HTTPS://Mirror.example')).toBe('mirror.example');
    expect(() => named('', { HTTPS_PROXY: 'nonsense' })).toThrow(
      /HTTPS_PROXY is "nonsense", which is no address of a proxy/,
    );
    const secret = 'abc\ndef';
    expect(() => named('', { HF_TOKEN: secret })).toThrow(/^HF_TOKEN holds .*Set it to the token alone\.$/);
    expect(() => named('https://')).toThrow(/"https:\/\/" is no address of a hub/);
  });

  it('goes through the proxy of the environment without a word', () => {
    const warnings: Error[] = [];
    const heard = (warning: Error): void => void warnings.push(warning);
    process.on('warning', heard);
    process.env.HTTPS_PROXY = 'http://127.0.0.1:1';
    try {
      expect(named('')).toBe('huggingface.co');
    } finally {
      delete process.env.HTTPS_PROXY;
    }
    return new Promise<void>((resolve) =>
      setImmediate(() => {
        process.off('warning', heard);
        expect(warnings).toEqual([]);
        resolve();
      }),
    );
  });
});

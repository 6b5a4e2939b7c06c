import { describe, expect, it } from 'vitest';
import { DownloadFailure } from './downloadFailure.js';
import { type Environment, proxyFor } from './proxy.node.js';

const HTTPS = 'https://data.example/a';
const HTTP = 'http://data.example/a';
const find = (url: string, environment: Environment) => proxyFor(new URL(url), environment);

describe('proxyFor', () => {
  it.each<[string, string, Environment, string | undefined]>([
    ['nothing', HTTPS, {}, undefined],
    ['its own variable', HTTPS, { HTTPS_PROXY: 'http://p:1' }, 'p:1'],
    ['its own variable', HTTP, { HTTP_PROXY: 'http://p:1' }, 'p:1'],
    ['not that of the other scheme', HTTPS, { HTTP_PROXY: 'http://p:1' }, undefined],
    ['not that of the other scheme', HTTP, { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['small letters first', HTTPS, { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }, 'b:2'],
    ['the one for all', HTTPS, { ALL_PROXY: 'http://p:1' }, 'p:1'],
    ['the one for all last', HTTP, { all_proxy: 'http://a:1', HTTP_PROXY: 'http://b:2' }, 'b:2'],
    ['no scheme', HTTPS, { HTTPS_PROXY: ' p:1 ' }, 'p:1'],
    ['no port', HTTPS, { HTTPS_PROXY: 'p' }, 'p:80'],
    ['a proxy by https', HTTPS, { HTTPS_PROXY: 'https://p' }, 'p:443'],
    ['IPv6', HTTPS, { HTTPS_PROXY: 'http://[::1]:8080' }, '::1:8080'],
    ['an empty value', HTTPS, { HTTPS_PROXY: ' ', ALL_PROXY: '' }, undefined],
  ])('knows %s (%s, %o)', (_, url, environment, expected) => {
    const proxy = find(url, environment);
    expect(proxy && `${proxy.host}:${proxy.port}`).toBe(expected);
  });

  it.each([
    ['*', true],
    ['data.example', true],
    ['DATA.example', true],
    ['example', true],
    ['.example', true],
    ['*.example', true],
    ['ta.example', false],
    ['data.example.org', false],
    ['other.example, data.example', true],
    ['other.example data.example', true],
    ['data.example:443', true],
    ['data.example:80', false],
    ['.example:443', true],
    [',', false],
    ['.', false],
  ])('passes the proxy by for NO_PROXY=%s: %s', (list, exempt) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      expect(find(HTTPS, { HTTPS_PROXY: 'p:1', [name]: list }) === undefined).toBe(exempt);
    }
  });

  it.each([
    ['http://127.0.0.1:8080/', '127.0.0.1', true],
    ['http://127.0.0.1:8080/', '127.0.0.1:8080', true],
    ['http://127.0.0.1:8080/', '0.0.1', true],
    ['http://[::1]:8080/', '::1', true],
    ['http://[::1]:8080/', '[::1]', true],
    ['http://[::1]:8080/', '[::1]:8080', true],
    ['http://[::1]:8080/', '[::1]:80', false],
    ['http://[::1]:8080/', '::2', false],
  ])('knows addresses in NO_PROXY: %s, %s: %s', (url, list, exempt) => {
    expect(find(url, { HTTP_PROXY: 'p:1', NO_PROXY: list }) === undefined).toBe(exempt);
  });

  it('takes user and password, and does not say the password', () => {
    const proxy = find(HTTPS, { HTTPS_PROXY: 'http://an%40na:se%3Acret@p:1' })!;
    expect(proxy.authorization).toBe(`Basic ${Buffer.from('an@na:se:cret').toString('base64')}`);
    expect(proxy.title).toBe('the proxy p:1 (HTTPS_PROXY)');
    expect(find(HTTPS, { HTTPS_PROXY: 'http://a%zz:b@p:1' })!.authorization).toBe(
      `Basic ${Buffer.from('a%zz:b').toString('base64')}`,
    );
    expect(find(HTTPS, { HTTPS_PROXY: 'http://p:1' })!.authorization).toBeUndefined();
  });

  it.each([
    ['socks5://anna:secret@p:1', 'HTTPS_PROXY names a proxy of the kind socks5:, which is not supported'],
    ['http://anna:secret@p:port', 'HTTPS_PROXY does not hold the address of a proxy'],
    ['http://', 'HTTPS_PROXY does not hold the address of a proxy'],
  ])('refuses %s', (value, why) => {
    let error: unknown;
    try {
      find(HTTPS, { HTTPS_PROXY: value });
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof DownloadFailure)) throw error;
    expect(error.message).toBe(`${HTTPS}: the environment's ${why}.`);
    expect([error.again, error.hint]).toEqual([
      false,
      'Set HTTPS_PROXY to an address such as http://proxy.example:3128, or take it away.',
    ]);
    expect(error.message).not.toContain('secret');
  });
});
